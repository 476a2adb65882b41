"""What a course holds can be seen before it is taken."""

from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from corridor.mitxonline.openedx import client as courseware
from tests.fixtures.standins import PlayedCourseware

from .cast import a_run_of_its_own

pytestmark = pytest.mark.django_db


def ask(key: str) -> HttpResponse:
    return Client().get(f"/mitxonline/api/v3/courses/{quote(key, safe='')}/ol_openedx_outline/")


def test_it_comes_from_the_courseware_and_is_kept_a_while(played_courseware: PlayedCourseware) -> None:
    run = a_run_of_its_own()
    first = ask(run.courseware_id).json()
    assert first["course_id"] == run.courseware_id
    assert [module["counts"]["readings"] for module in first["modules"]] == [1, 1]
    played_courseware.set_mood("down")
    assert ask(run.courseware_id).json() == first


def test_courseware_that_is_away_is_said_to_be(played_courseware: PlayedCourseware) -> None:
    run = a_run_of_its_own()
    cache.clear()
    played_courseware.set_mood("down")
    answer = ask(run.courseware_id)
    assert (answer.status_code, answer.json()["code"]) == (502, "courseware_away")


@pytest.mark.parametrize("key", ["no-key", "course-v1:a+b", "program-v1:a+b+c", "course-v1:a+b+c/../x"])
def test_what_is_no_key_is_refused_or_leads_nowhere(key: str) -> None:
    assert ask(key).status_code in (400, 404)


def test_runs_that_are_not_public_are_not_told_of(played_courseware: PlayedCourseware) -> None:
    run = a_run_of_its_own()
    type(run).objects.update(live=False)
    assert ask(run.courseware_id).status_code == 404


def test_without_courseware_there_is_none_to_tell() -> None:
    courseware._known.cache_clear()
    assert ask(a_run_of_its_own().courseware_id).status_code == 503
