"""Who may come into a run: the window, the contract and the country, whose check is kept as evidence."""

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
    return CountryBlocked(run.title) if is_blocked(user_id=user_id, course_id=run.course_id, actor=actor, cause=cause) else None


def is_blocked(*, user_id: int, course_id: int, actor: int | None, cause: str) -> bool:
    """Whether a course is kept from the country that a learner's legal address names. What was looked at is kept, whatever came of it."""
    country = LegalAddress.objects.filter(user=user_id).values_list("country", flat=True).first() or ""
    blocked = bool(country) and BlockedCountry.objects.filter(course=course_id, country=country).exists()
    audit.record(
        about=user_id,
        actor=actor,
        code="country.refused" if blocked else "country.passed",
        cause=cause,
        object=("course", course_id),
        after={"country": country},
    )
    return blocked
