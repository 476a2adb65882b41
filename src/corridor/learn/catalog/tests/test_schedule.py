from datetime import datetime

import pytest

from corridor.celery import app
from corridor.kit import clock
from corridor.learn.catalog import tasks
from corridor.learn.catalog.schedule import schedule

from .cast import days, make_resource, make_run, publish_now


def test_everything_scheduled_is_a_task() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in schedule().values()} <= app.tasks.keys()


@pytest.mark.django_db
def test_what_runs_by_itself_goes_by_the_clock(frozen_clock: datetime) -> None:
    course = make_resource()
    make_run(course, start_date=days(1))
    publish_now(course)
    assert tasks.refresh_derived() == 0
    with clock.fixed(days(2)):
        assert tasks.refresh_derived() == 1
    assert tasks.count_views() == 0
