"""Tasks, the queues that they go to, and when they run, as values."""

import pytest

from c4gen.model.facts import Facts
from c4gen.tests.code import facts_of, service

TASKS = """
    from celery import shared_task
    @shared_task
    def rates(): ...
    @shared_task(queue="slow")
    def export(): ...
    @shared_task(name="mail.digest")
    def digest(): ...
"""
HEAD = "from celery.schedules import crontab, schedule\nfrom datetime import timedelta\n"


def scheduled(entry: str, settings: str = "") -> Facts:
    text = f'{HEAD}{settings}\nCELERY_BEAT_SCHEDULE = {{"one": {entry}}}\n'
    return facts_of(one=service("def run(): ...", text, **{"app/tasks.py": TASKS}))


CADENCES = {
    "seconds": ('{"task": "app.tasks.rates", "schedule": 90}', "every 90 s"),
    "a product": ('{"task": "app.tasks.rates", "schedule": 60 * 60}', "every 3600 s"),
    "a timedelta": ('{"task": "app.tasks.rates", "schedule": timedelta(hours=1, minutes=30)}', "every 5400 s"),
    "a schedule": ('{"task": "app.tasks.rates", "schedule": schedule(run_every=30)}', "every 30 s"),
    "crontab": ('{"task": "app.tasks.rates", "schedule": crontab(minute=5, hour="*/4")}', "cron: 5 */4 * * *"),
    "crontab by place": ('{"task": "app.tasks.rates", "schedule": crontab(0, 3, day_of_week="mon,thu")}', "cron: 0 3 * * mon,thu"),
    "a variable with a default": ('{"task": "app.tasks.rates", "schedule": SECONDS}', "every 600 s"),
    "a variable without": ('{"task": "app.tasks.rates", "schedule": OPEN}', "every {OPEN} s"),
    "a dict of the calls": ('dict(task="app.tasks.rates", schedule=45.0)', "every 45 s"),
}


@pytest.mark.parametrize(("entry", "cadence"), CADENCES.values(), ids=CADENCES.keys())
def test_a_cadence_is_a_value(entry: str, cadence: str):
    settings = 'SECONDS = int(os.environ.get("SECONDS", 600))\nOPEN = os.environ["OPEN"]'
    (found,) = scheduled(entry, settings).schedules
    assert (found.name, found.task, found.cadence) == ("one", "app.tasks.rates", cadence)


def test_a_schedule_names_the_variable_that_moves_it_and_the_line():
    (found,) = scheduled('{"task": "app.tasks.rates", "schedule": SECONDS}', 'SECONDS = int(os.environ.get("SECONDS", 600))').schedules
    assert found.env == ("SECONDS",)
    assert found.settings == ("SECONDS",)
    assert (found.evidence.path, found.evidence.line) == ("app/settings.py", 6)


def test_a_schedule_goes_to_the_queue_of_its_options_before_that_of_its_task():
    assert scheduled('{"task": "app.tasks.export", "schedule": 9}').schedules[0].queue == "slow"
    assert scheduled('{"task": "app.tasks.export", "schedule": 9, "options": {"queue": "night"}}').schedules[0].queue == "night"


def test_a_schedule_is_found_on_the_application_too():
    files = service(
        "def run(): ...",
        **{
            "app/tasks.py": TASKS,
            "app/celery.py": """
            from celery import Celery
            from app.tasks import rates
            app = Celery("app")
            app.conf.beat_schedule = {"two": {"task": "mail.digest", "schedule": 20.0}}

            @app.on_after_configure.connect
            def periodic(sender, **given):
                sender.add_periodic_task(10.0, rates.s(), name="three")
            """,
        },
    )
    assert [(one.name, one.task, one.cadence) for one in facts_of(one=files).schedules] == [
        ("three", "app.tasks.rates", "every 10 s"),
        ("two", "mail.digest", "every 20 s"),
    ]


def test_entries_made_by_a_function_are_one_each():
    settings = f"""{HEAD}
def nightly(task, hour):
    return {{"task": task, "schedule": crontab(minute=0, hour=hour)}}
CELERY_BEAT_SCHEDULE = {{"a": nightly("app.tasks.rates", 2), "b": nightly("mail.digest", 3)}}
"""
    found = facts_of(one=service("def run(): ...", settings, **{"app/tasks.py": TASKS})).schedules
    assert {(one.task, one.cadence) for one in found} == {("app.tasks.rates", "cron: 0 2 * * *"), ("mail.digest", "cron: 0 3 * * *")}


ROUTES = {
    "by name": ('CELERY_TASK_ROUTES = {"app.tasks.rates": {"queue": "money"}}', "money"),
    "by pattern": ('CELERY_TASK_ROUTES = {"app.*": "all", "other.*": "none"}', "all"),
    "name before pattern": ('CELERY_TASK_ROUTES = {"app.*": "all", "app.tasks.rates": {"queue": "money"}}', "money"),
    "in a list": ('CELERY_TASK_ROUTES = ({"app.tasks.rates": {"queue": "money"}},)', "money"),
    "the default": ('CELERY_TASK_DEFAULT_QUEUE = "default"', "default"),
    "none": ("", ""),
}


@pytest.mark.parametrize(("settings", "queue"), ROUTES.values(), ids=ROUTES.keys())
def test_a_task_goes_to_the_queue_of_its_route(settings: str, queue: str):
    facts = facts_of(one=service("def run(): ...", settings, **{"app/tasks.py": TASKS}))
    queues = {task.name: task.queue for task in facts.tasks}
    assert queues["app.tasks.rates"] == queue
    assert queues["app.tasks.export"] == "slow"


def test_queues_lead_to_the_worker_that_listens():
    files = service(
        "from app.tasks import export\ndef run():\n    export.delay()\n",
        **{
            "app/tasks.py": TASKS,
            "docker-compose.yml": """
            services:
              web: {build: ., command: gunicorn app.wsgi}
              worker: {build: ., command: celery -A app worker -Q default}
              heavy: {build: ., command: celery -A app worker -Q slow}
            """,
        },
    )
    (edge,) = (edge for edge in facts_of(one=files).edges if edge.kind == "queue")
    assert (edge.source, edge.target, edge.sync, edge.queue) == ("one-web", "one-heavy", "async", "slow")
    assert [f"{one.path}:{one.line}" for one in edge.evidence if one.side == "consumer"] == ["app/client.py:3"]
    assert [f"{one.path}:{one.line}" for one in edge.evidence if one.side == "provider"] == ["app/tasks.py:5"]
