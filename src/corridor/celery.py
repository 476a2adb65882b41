"""Background work: tasks of every domain's tasks.py, the schedule of every domain's schedule.py, on Valkey or Redis."""

import os
from typing import Any

from celery import Celery, Task, signals
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corridor.settings")

# Work of one kind does not wait behind another: what runs long has a queue, and in larger deployments a worker, of its own.
QUEUES = ("default", "ingest", "embeddings")

app = Celery("corridor")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(settings.REDBEAT)


@signals.import_modules.connect
def find_tasks(sender: Celery, **kwargs: Any) -> None:
    """Import every domain's tasks, once Django is set up."""
    from corridor.kit.domains import modules_named

    list(modules_named("tasks"))


@app.on_after_finalize.connect
def collect_schedule(sender: Celery, **kwargs: Any) -> None:
    """`schedule()` of each domain's schedule.py gives entries as Celery's `beat_schedule` takes them."""
    from corridor.kit.domains import modules_named

    for module in modules_named("schedule"):
        sender.conf.beat_schedule.update(module.schedule())


@signals.setup_logging.connect
def keep_logging(**kwargs: Any) -> None:
    """Logging is set up by Django's settings; Celery leaves it alone when somebody listens here."""


@signals.before_task_publish.connect
def hand_request_on(headers: dict[str, Any], **kwargs: Any) -> None:
    from corridor.kit import request_ids

    headers.setdefault("request_id", request_ids.current())


@signals.task_prerun.connect
def begin(task_id: str, task: Task, **kwargs: Any) -> None:
    from structlog import contextvars

    contextvars.bind_contextvars(request_id=task.request.get("request_id") or task_id, task=task.name)


@signals.task_postrun.connect
def finish(task: Task, state: str, **kwargs: Any) -> None:
    import structlog

    structlog.get_logger("corridor.task").info("task", state=state)
    structlog.contextvars.unbind_contextvars("request_id", "task")
