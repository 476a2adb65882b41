"""Who may come into a run: the window, the contract and the country, whose check is kept as evidence."""

from collections.abc import Iterable

from corridor.accounts.models import LegalAddress
from corridor.kit import audit, clock
from corridor.kit.errors import Problem
from corridor.mitxonline.catalog.facts import RunFacts
from corridor.mitxonline.catalog.models import BlockedCountry
from corridor.mitxonline.catalog.vocabulary import Mode

from . import rules
from .errors import ContractRun, CountryBlocked, EnrollmentClosed, NothingFree
from .models import Entitlement


def refusal(*, user_id: int, run: RunFacts, mode: str, actor: int | None, cause: str) -> Problem | None:
    """Why somebody who is not enrolled may not come in. Given, not raised: the evidence is to be committed."""
    bought = Entitlement.objects.filter(user=user_id, course_run=run.id, ended_on=None, line__isnull=False).exists()
    if not run.is_public:
        return ContractRun()
    if not rules.takes_in(run, clock.now(), bought=bought):
        return EnrollmentClosed(run.title)
    if mode == Mode.AUDIT and not bought and not rules.is_free(run):
        return NothingFree(run.title)
    blocked = blocked_courses(user_id=user_id, courses=[run.course_id], actor=actor, cause=cause)
    return CountryBlocked(run.title) if blocked else None


def blocked_courses(*, user_id: int, courses: Iterable[int], actor: int | None, cause: str) -> set[int]:
    """Which of these are kept from the country that a learner's legal address names. What was looked at is kept, whatever came of it."""
    asked = set(courses)
    country = LegalAddress.objects.filter(user=user_id).values_list("country", flat=True).first() or ""
    blocked = set(BlockedCountry.objects.filter(course__in=asked, country=country).values_list("course", flat=True)) if country else set()
    for code, found in {"country.refused": blocked, "country.passed": asked - blocked}.items():
        objects = [("course", course) for course in sorted(found)]
        audit.record_each(objects, about=user_id, actor=actor, code=code, cause=cause, after={"country": country})
    return blocked
