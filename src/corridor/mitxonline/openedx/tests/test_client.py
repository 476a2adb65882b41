"""What the client promises, against courseware that answers as Open edX does."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.conf import settings

from corridor.mitxonline.openedx.client import Courseware
from corridor.mitxonline.openedx.errors import CoursewareAway, CoursewareNotConfigured, CoursewareRefused
from tests.fixtures.standins import PlayedCourseware

Person = dict[str, str]


@pytest.fixture
def client(played_courseware: PlayedCourseware) -> Courseware:
    return Courseware(settings.CONFIG)


@pytest.fixture
def key() -> str:
    """A run that no other test has."""
    return f"course-v1:NorthmereX+LN.{uuid4().hex[:8]}x+1T2026"


@pytest.fixture
def person(client: Courseware) -> Person:
    """Somebody with an account there."""
    name = f"ada{uuid4().hex[:8]}"
    told = {"username": name, "email": f"{name}@example.org", "name": "Ada", "honor_code": "true", "password": uuid4().hex}
    client.register(told)
    return told


def test_an_account_can_be_made_once(client: Courseware, person: Person) -> None:
    assert client.account_of(person["email"].upper()).username == person["username"]
    with pytest.raises(CoursewareRefused) as caught:
        client.register(person)
    assert (caught.value.answered, caught.value.told["error_code"]) == (409, "duplicate-email-username")


@pytest.mark.parametrize("taken", ["username", "email"])
def test_a_refusal_says_what_is_taken(client: Courseware, person: Person, taken: str) -> None:
    other = {"username": f"eva{uuid4().hex[:8]}", "email": f"{uuid4().hex[:8]}@example.org"} | {taken: person[taken].upper()}
    with pytest.raises(CoursewareRefused) as caught:
        client.register({**person, **other})
    assert caught.value.told["error_code"] == f"duplicate-{taken}"
    assert len(caught.value.told.get("username_suggestions", ())) == (3 if taken == "username" else 0)


def test_nobody_is_told_as_nobody(client: Courseware, key: str) -> None:
    assert client.account_of("nobody@example.org") is None
    assert client.enrollment("nobody", key) is None
    assert client.grade("nobody", key) is None
    assert client.certificate("nobody", key) is None


def test_an_enrollment_is_made_changed_and_ended(client: Courseware, person: Person, key: str) -> None:
    name = person["username"]
    for mode, active in [("audit", True), ("verified", True), ("verified", True), ("verified", False), ("audit", True)]:
        told = client.enroll(name, key, mode=mode, active=active)
        assert (told.mode, told.is_active, told.course_details.course_id) == (mode, active, key)
        assert client.enrollment(name, key) == told


def test_an_enrollment_is_not_ended_in_another_mode(client: Courseware, person: Person, key: str) -> None:
    client.enroll(person["username"], key, mode="verified", active=True)
    with pytest.raises(CoursewareRefused, match="mode mismatch"):
        client.enroll(person["username"], key, mode="audit", active=False)


def test_somebody_unknown_cannot_be_enrolled(client: Courseware, key: str) -> None:
    with pytest.raises(CoursewareRefused, match="does not exist") as caught:
        client.enroll("nobody", key, mode="audit", active=True)
    assert caught.value.answered == 406


def test_letters_of_a_course_are_for_the_learner_to_refuse(
    client: Courseware, person: Person, key: str, played_courseware: PlayedCourseware
) -> None:
    client.enroll(person["username"], key, mode="audit", active=True)
    played_courseware.realm.people["proof"] = {"sub": "1", "email": person["email"]}
    client.set_emails(key, subscribed=False, proof="proof")
    assert emails(played_courseware, person) == "no"
    client.set_emails(key, subscribed=True, proof="proof")
    assert emails(played_courseware, person) == "yes"
    with pytest.raises(CoursewareRefused):
        client.set_emails(key, subscribed=False, proof="forged")


def emails(courseware: PlayedCourseware, person: Person) -> str:
    """What the staff's page says of somebody's letters."""
    page = courseware.enter(person["username"]).get(f"{courseware.base}/staff/", timeout=10).text
    return page.partition(f"<td>{person['username']}</td>")[2].split("<td>")[3].partition("</td>")[0]


def test_runs_are_told_with_their_dates_and_unknown_ones_left_out(client: Courseware, person: Person, key: str) -> None:
    keys = [key.replace("1T2026", f"{number}T2026") for number in range(60)]
    for each in keys[:3]:
        client.enroll(person["username"], each, mode="audit", active=True)
    told = {run.key: run for run in client.runs(keys)}
    assert set(told) == set(keys[:3])
    assert told[key.replace("1T2026", "0T2026")].pacing == "self"
    assert all(run.start_date is not None and run.start_date.tzinfo for run in told.values())


def test_a_grade_follows_what_was_answered(client: Courseware, person: Person, key: str, played_courseware: PlayedCourseware) -> None:
    name = person["username"]
    client.enroll(name, key, mode="verified", active=True)
    assert client.grade(name, key).percent == 0
    browser = played_courseware.enter(name)
    played_courseware.press(f"/courses/{key}/units/0", browser, choice="1")
    told = client.grade(name, key)
    assert told is not None
    assert (told.percent, told.passed, told.letter_grade) == (Decimal("0.5"), True, "Pass")
    assert [each.username for each in client.grades(key)] == [name]
    assert client.certificate(name, key) is None
    played_courseware.press(f"/courses/{key}/finish", browser)
    assert client.certificate(name, key).is_passing


def test_what_a_course_holds_and_how_it_can_be_taken(client: Courseware, key: str) -> None:
    assert [mode.mode_slug for mode in client.modes(key)] == ["audit", "verified"]
    told = client.outline(key)
    assert told.course_id == key
    assert [module.counts["problems"] for module in told.modules] == [1, 1]
    with pytest.raises(CoursewareRefused):
        client.outline("no-key")


def test_a_token_that_was_forgotten_there_is_fetched_anew(client: Courseware, key: str) -> None:
    client.enrollment("nobody", key)
    client._token = "JWT forgotten"
    assert client.enrollment("nobody", key) is None


@pytest.mark.parametrize(("mood", "kind"), [("down", CoursewareAway), ("rejecting", CoursewareRefused)])
def test_failures_that_pass_and_those_that_stay_are_told_apart(
    client: Courseware, person: Person, key: str, played_courseware: PlayedCourseware, mood: str, kind: type[Exception]
) -> None:
    played_courseware.set_mood(mood)
    with pytest.raises(kind):
        client.enroll(person["username"], key, mode="audit", active=True)


def test_nobody_listening_is_a_failure_that_passes(client: Courseware, key: str) -> None:
    away = Courseware(settings.CONFIG.model_copy(update={"openedx_api": "http://127.0.0.1:1/openedx"}))
    with pytest.raises(CoursewareAway, match="nothing listens"):
        away.enrollment("nobody", key)


def test_a_wrong_secret_is_told_and_may_be_mended(client: Courseware, key: str) -> None:
    wrong = Courseware(settings.CONFIG.model_copy(update={"openedx_client": "somebody else"}))
    with pytest.raises(CoursewareAway, match="401"):
        wrong.enrollment("nobody", key)


def test_without_an_address_there_is_no_courseware() -> None:
    with pytest.raises(CoursewareNotConfigured):
        Courseware(settings.CONFIG.model_copy(update={"openedx_api": None}))
