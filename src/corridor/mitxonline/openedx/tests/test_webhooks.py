"""What the courseware tells is taken once, from the courseware alone."""

import json
import threading
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from pydantic import SecretStr

from corridor.accounts.models import User
from corridor.accounts.provider import WEBHOOKS, register_client, register_machine
from corridor.kit import clock
from corridor.kit.outbox.models import OutboxEvent
from corridor.kit.outbox.relay import drain
from corridor.mitxonline.catalog.models import CourseRun
from corridor.mitxonline.certificates.models import CourseRunGrade
from corridor.mitxonline.enrollments.models import RunEnrollment
from corridor.mitxonline.openedx import client as courseware
from corridor.mitxonline.openedx import signatures
from corridor.mitxonline.openedx.grades import TOPIC
from corridor.mitxonline.openedx.models import CoursewareEvent, OpenEdxUser
from tests.fixtures.standins import PlayedCourseware

from .cast import a_learner, a_run_of_its_own, enrolled

pytestmark = pytest.mark.django_db
SECRET = "a secret for webhooks"
Told = dict[str, Any]


@pytest.fixture(autouse=True)
def knows_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "CONFIG", settings.CONFIG.model_copy(update={"openedx_webhook_secret": SecretStr(SECRET)}))


@pytest.fixture
def told() -> Told:
    """Somebody has joined a run in the courseware."""
    return {"email": a_learner().email, "course_id": a_run_of_its_own().courseware_id, "role": "student", "event_id": str(uuid4())}


def send(told: Any, kind: str = "enrollment", *, secret: str = SECRET, age: int = 0, **headers: str) -> HttpResponse:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    signature = signatures.sign(body, secret=secret, at=int(time.time()) - age)
    return post(body, kind, **({"X-Corridor-Signature": signature} | headers))


def post(body: bytes, kind: str = "enrollment", **headers: str) -> HttpResponse:
    return Client().post(f"/mitxonline/api/openedx_webhook/{kind}/", body, "application/json", headers=headers)


def test_who_joined_there_audits_here(told: Told) -> None:
    answer = send(told)
    row = RunEnrollment.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {"message": "Enrolled.", "enrollment_id": row.pk, "active": True, "edx_enrolled": False}
    assert (row.mode, row.user.email, row.changes.get().cause) == ("audit", told["email"], "courseware")


def test_a_closed_window_is_the_coursewares_to_keep(told: Told) -> None:
    with clock.fixed(clock.now() - timedelta(seconds=1)):
        assert send(told).status_code == 201


def test_who_has_paid_is_not_lowered(told: Told) -> None:
    row = enrolled(User.objects.get(email=told["email"]), CourseRun.objects.get(courseware_id=told["course_id"]), "verified")
    answer = send(told)
    row.refresh_from_db()
    assert (answer.status_code, row.mode, row.changes.count()) == (200, "verified", 1)


def test_the_name_in_the_courseware_is_enough(told: Told) -> None:
    learner = a_learner()
    OpenEdxUser.objects.create(user=learner, edx_username="Hypatia", desired_edx_username="Hypatia", has_been_synced=True)
    del told["email"]
    assert send(told | {"username": "hypatia"}).status_code == 201
    assert RunEnrollment.objects.get().user == learner


def test_what_is_told_twice_is_taken_once(told: Told) -> None:
    first, again = send(told), send(told)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert RunEnrollment.objects.get().changes.count() == 1
    assert CoursewareEvent.objects.count() == 1


def test_a_replay_without_a_name_is_known_by_its_signature(told: Told) -> None:
    del told["event_id"]
    body = json.dumps(told).encode()
    signature = signatures.sign(body, secret=SECRET, at=int(time.time()))
    answers = [post(body, **{"X-Corridor-Signature": signature}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert CoursewareEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_told_twice_at_once_is_taken_once(told: Told) -> None:
    start, answers = threading.Barrier(4), []

    def tell() -> None:
        start.wait()
        answers.append(send(told).status_code)
        connection.close()

    threads = [threading.Thread(target=tell) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [201] * 4
    assert RunEnrollment.objects.get().changes.count() == 1


@pytest.mark.parametrize("age", [-301, 301, 86_400])
def test_old_signatures_and_those_of_the_future_are_refused(told: Told, age: int) -> None:
    assert send(told, age=age).status_code == 401
    assert not RunEnrollment.objects.exists()


def test_another_secret_another_body_and_no_signature_are_refused(told: Told) -> None:
    signature = signatures.sign(json.dumps(told).encode(), secret=SECRET, at=int(time.time()))
    other = json.dumps(told | {"email": a_learner().email}).encode()
    answers = [
        send(told, secret="a guess"),
        post(other, **{"X-Corridor-Signature": signature}),
        post(other, **{"X-Corridor-Signature": "t=1,v1=" + "0" * 64}),
        post(other, **{"X-Corridor-Signature": "nonsense"}),
        post(other),
        post(other, Authorization="Bearer nonsense"),
    ]
    assert [answer.status_code for answer in answers] == [401] * 6
    assert not RunEnrollment.objects.exists()


def test_a_machines_token_is_as_good_as_a_signature(told: Told) -> None:
    body = json.dumps(told).encode()
    assert post(body, Authorization=f"Bearer {token_of(*register_machine(name='Open edX', scopes=[WEBHOOKS]))}").status_code == 201
    other = token_of(*register_machine(name="Another", scopes=["read"]), scope="read")
    assert post(body, Authorization=f"Bearer {other}").status_code == 401


def test_people_get_no_such_token() -> None:
    id, secret = register_client(name="Site", redirect_uris=["https://example.org/"])
    asked = {"grant_type": "client_credentials", "client_id": id, "client_secret": secret, "scope": WEBHOOKS}
    assert Client().post(token_address(), asked).status_code == 400


def token_address() -> str:
    told = Client().get("/realms/corridor/.well-known/openid-configuration").json()
    return str(told["token_endpoint"]).removeprefix(settings.CONFIG.base_url)


def token_of(id: str, secret: str, scope: str = WEBHOOKS) -> str:
    asked = {"grant_type": "client_credentials", "client_id": id, "client_secret": secret, "scope": scope}
    answer = Client().post(token_address(), asked)
    assert answer.status_code == 200, answer.content
    return str(answer.json()["access_token"])


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"email": "nobody@example.org"}, 404), ({"course_id": "course-v1:X+Y+Z"}, 404), ({"email": None}, 400), ({"course_id": None}, 400),
        ({"course_id": 7}, 400), ({"email": ["x"]}, 400), ({"event_id": "x" * 300}, 400),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_and_may_be_told_again(told: Told, changes: Told, status: int) -> None:
    answer = send(told | changes)
    assert answer.status_code == status
    assert "detail" in answer.json()
    assert not CoursewareEvent.objects.exists()


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b"\xff"])
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    assert send(body).status_code == 400


def test_only_a_post_is_taken() -> None:
    assert Client().get("/mitxonline/api/openedx_webhook/enrollment/").status_code == 405


def test_a_certificate_there_has_its_grade_fetched_later(played_courseware: PlayedCourseware) -> None:
    learner, run = a_learner(), a_run_of_its_own()
    enrolled(learner, run, "verified")
    drain()
    name = OpenEdxUser.objects.get().edx_username
    browser = played_courseware.enter(name)
    for number, choice in enumerate(["1", "0"]):
        played_courseware.press(f"/courses/{run.courseware_id}/units/{number}", browser, choice=choice)
    answer = send({"username": name, "course_id": run.courseware_id, "event_id": "finished"}, "certificate")
    assert answer.status_code == 200
    assert not CourseRunGrade.objects.exists(), "nothing is asked for while the courseware waits"
    played_courseware.set_mood("down")
    drain()
    assert OutboxEvent.objects.get(topic=TOPIC).attempts == 1
    played_courseware.set_mood("up")
    courseware._known.cache_clear()
    OutboxEvent.objects.update(due_at=clock.now() - timedelta(seconds=1))
    drain()
    grade = CourseRunGrade.objects.get()
    assert (grade.user, grade.grade, grade.passed) == (learner, 1, True)
