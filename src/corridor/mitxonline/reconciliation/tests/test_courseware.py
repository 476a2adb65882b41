"""What is so here and what the courseware has, compared over HTTP."""

from datetime import timedelta

import pytest

from corridor.kit import clock
from corridor.kit.outbox.relay import drain
from corridor.mitxonline.catalog.tests.cast import NOW
from corridor.mitxonline.enrollments.models import RunEnrollment
from corridor.mitxonline.openedx import client
from corridor.mitxonline.openedx.models import OpenEdxUser
from corridor.mitxonline.openedx.tests.cast import a_learner, a_run_of_its_own, enrolled
from corridor.mitxonline.reconciliation import outside
from corridor.mitxonline.reconciliation.actions import compare
from corridor.mitxonline.reconciliation.models import Comparison, Finding
from corridor.mitxonline.reconciliation.repairs import repair
from corridor.mitxonline.reconciliation.vocabulary import FindingKind
from tests.fixtures.standins import PlayedCourseware

pytestmark = pytest.mark.django_db
KIND = FindingKind.NOT_IN_COURSEWARE


def open_keys() -> list[str]:
    return list(Finding.objects.filter(resolved_on=None).order_by("id").values_list("key", flat=True))


def lost_there(enrollment: RunEnrollment) -> None:
    """Somebody takes it away in the courseware itself."""
    name = OpenEdxUser.objects.get(user=enrollment.user).edx_username
    client.courseware().enroll(name, enrollment.course_run.courseware_id, mode=enrollment.mode, active=False)


def test_what_the_courseware_lost_is_found_sent_again_and_gone(played_courseware: PlayedCourseware) -> None:
    enrollment = enrolled(a_learner(), a_run_of_its_own())
    drain()
    assert compare(KIND).open == 0
    lost_there(enrollment)
    assert compare(KIND).open == 1
    assert open_keys() == [f"enrollment:{enrollment.pk}"]
    repair(Finding.objects.get().pk, actor=enrollment.user, reason="x")
    drain()
    assert compare(KIND).resolved == 1


def test_the_courseware_is_asked_about_so_many_at_a_time(played_courseware: PlayedCourseware, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "ASKED", 1)
    first, second = (enrolled(a_learner(), a_run_of_its_own()) for _ in range(2))
    drain()
    lost_there(first)
    lost_there(second)
    assert compare(KIND).open == 1
    assert Comparison.objects.get(pk=KIND).reached == first.pk
    assert compare(KIND).open == 2
    compare(KIND)
    assert Comparison.objects.get(pk=KIND).reached == 0


def test_a_seat_that_is_late_is_found_without_asking(played_courseware: PlayedCourseware) -> None:
    played_courseware.set_mood("down")
    enrollment = enrolled(a_learner(), a_run_of_its_own())
    assert compare(KIND).open == 0
    with clock.fixed(NOW + timedelta(hours=7)):
        assert compare(KIND).open == 1
    assert "has not confirmed" in Finding.objects.get().said
    played_courseware.set_mood("up")
    client._known.cache_clear()
    RunEnrollment.objects.filter(pk=enrollment.pk).update(updated_on=NOW)
    drain()
    assert compare(KIND).resolved == 1


def test_a_dead_courseware_resolves_nothing(played_courseware: PlayedCourseware) -> None:
    enrollment = enrolled(a_learner(), a_run_of_its_own())
    drain()
    lost_there(enrollment)
    compare(KIND)
    played_courseware.set_mood("down")
    client._known.cache_clear()
    assert compare(KIND).failed
    assert len(open_keys()) == 1
    played_courseware.set_mood("up")
