"""Tasks survive their worker, know the request they work for, and speak JSON alone."""

import uuid
from pathlib import Path
from types import SimpleNamespace

import pytest
import redis
from celery import Celery
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings

from corridor import celery
from corridor.kit import domains, request_ids
from tests.fixtures import tasks

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 90


def test_a_task_knows_the_request_that_asked_for_it(worker: None) -> None:
    with request_ids.belonging_to("req-from-a-page"):
        asked = tasks.tell_request_id.delay()
    assert asked.get(timeout=PATIENCE) == "req-from-a-page"
    assert request_ids.current() == ""


def test_a_task_that_no_request_asked_for_is_named_after_itself(worker: None) -> None:
    asked = tasks.tell_request_id.delay()
    assert asked.get(timeout=PATIENCE) == asked.id


def test_a_task_whose_process_is_killed_is_done_by_the_next(worker: None, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    assert tasks.die_once.delay(str(mark)).get(timeout=PATIENCE) == "done"
    assert mark.exists()


def test_a_task_has_no_more_than_its_time(worker: None) -> None:
    with pytest.raises(SoftTimeLimitExceeded):
        tasks.take_too_long.delay().get(timeout=PATIENCE)


def test_a_pickled_message_is_not_opened(worker: None) -> None:
    """It could run anything. The worker throws it away and goes on."""
    with celery.app.connection_for_write() as connection:
        connection.default_channel.client.lpush("default", _pickled_message())
    assert tasks.tell_request_id.delay().get(timeout=PATIENCE)


def _pickled_message() -> str:
    import base64
    import json
    import pickle

    body = base64.b64encode(pickle.dumps(([], {}, {}))).decode()
    properties = {"body_encoding": "base64", "delivery_tag": str(uuid.uuid4()), "delivery_info": {"exchange": "", "routing_key": "default"}}
    return json.dumps(
        {
            "body": body,
            "content-encoding": "binary",
            "content-type": "application/x-python-serialize",
            "headers": {"task": "tests.fixtures.tasks.tell_request_id", "id": str(uuid.uuid4())},
            "properties": properties,
        }
    )


def test_the_schedule_is_what_the_domains_say(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = {"task": "corridor.learn.ingest.tasks.run", "schedule": 3600.0}
    monkeypatch.setattr(
        domains, "modules_named", lambda name: [SimpleNamespace(schedule=lambda: {"hourly": entry})] if name == "schedule" else []
    )
    app = Celery("other", set_as_current=False)
    celery.collect_schedule(app)
    assert app.conf.beat_schedule["hourly"] == entry


def test_every_scheduled_task_exists() -> None:
    celery.app.loader.import_default_modules()
    missing = {entry["task"] for entry in celery.app.conf.beat_schedule.values()} - celery.app.tasks.keys()
    assert not missing


def test_a_killed_beat_does_not_hold_the_schedule_for_long() -> None:
    assert settings.REDBEAT["redbeat_lock_timeout"] <= 60
    assert settings.REDBEAT["redbeat_lock_timeout"] / 2 > settings.CELERY_BEAT_MAX_LOOP_INTERVAL


def test_a_lost_message_comes_back_only_after_the_longest_task() -> None:
    assert (
        settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
        > settings.CELERY_TASK_TIME_LIMIT
        > settings.CELERY_TASK_SOFT_TIME_LIMIT
    )


def test_results_do_not_pile_up(worker: None) -> None:
    done = tasks.tell_request_id.delay()
    done.get(timeout=PATIENCE)
    with redis.Redis.from_url(settings.CELERY_RESULT_BACKEND) as store:
        assert 0 < store.ttl(f"celery-task-meta-{done.id}") <= 3600
