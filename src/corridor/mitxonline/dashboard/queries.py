"""Everything on the dashboard, in a constant number of queries."""

from dataclasses import dataclass

import orjson

from corridor.kit import clock
from corridor.mitxonline.catalog import loading, rendering
from corridor.mitxonline.catalog.documents import site
from corridor.mitxonline.catalog.facts import Json
from corridor.mitxonline.catalog.models import CourseRun
from corridor.mitxonline.certificates.queries import why_programs
from corridor.mitxonline.enrollments import queries as enrollments
from corridor.mitxonline.openedx.queries import where_it_stands

from .cards import Card, ProgramCard, card, program_card


@dataclass(frozen=True)
class Dashboard:
    """What is held or to come, what is over, and programs."""

    current: list[Card]
    past: list[Card]
    programs: list[ProgramCard]


def dashboard(user_id: int) -> Dashboard:
    now, taken = clock.now(), enrollments.taken(user_id)
    runs = told_runs([each.enrollment.course_run_id for each in taken])
    where = where_it_stands([each.enrollment.pk for each in taken])
    paid_for = enrollments.courses_paid_for(user_id)
    cards = [
        card(each, run, where[each.enrollment.pk], paid_for=run["course_id"] in paid_for, now=now)
        for each in taken
        for run in [runs[each.enrollment.course_run_id]]
    ]
    programs = enrollments.taken_programs(user_id)
    why = why_programs(user_id, [each.enrollment.program_id for each in programs])
    return Dashboard(
        current=[each for each in cards if not each.is_over],
        past=[each for each in cards if each.is_over],
        programs=[program_card(each, why[each.enrollment.program_id]) for each in programs],
    )


def told_runs(ids: list[int]) -> dict[int, Json]:
    """As version 1 tells them, made now: also of runs that are public no more, which have no documents. Three queries."""
    now, place = clock.now(), site()
    found = loading.runs(CourseRun.objects.filter(pk__in=ids))
    return {run.id: orjson.loads(orjson.dumps(rendering.run_v1(run, place, now), option=orjson.OPT_UTC_Z)) for run in found}
