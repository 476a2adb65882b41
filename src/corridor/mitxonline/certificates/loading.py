"""What rules and snapshots need of many people, runs and programs at once, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db.models import QuerySet

from corridor.accounts.models import LegalAddress, User
from corridor.mitxonline.catalog import requirements
from corridor.mitxonline.catalog.cards import course_path, program_path
from corridor.mitxonline.catalog.loading import grouped, requirement_trees
from corridor.mitxonline.catalog.models import CourseRun, Program, ProgramRequirement
from corridor.mitxonline.catalog.pages import absolute
from corridor.mitxonline.catalog.vocabulary import Mode
from corridor.mitxonline.enrollments.models import ProgramEnrollment, RunEnrollment

from . import snapshots
from .models import Certificate, CertificateTemplate, CourseRunGrade, TemplateSignatory
from .rules import Asked, Attempt, Earned, RunTerms, Standing
from .snapshots import Signature, Snapshot, Template

Pair = tuple[int, int]  # a person and a run or program
NAMELESS = "A learner"
SIGNATURE = ("name", "title_1", "title_2", "title_3", "organization", "signature_image")


def standing_enrollments() -> QuerySet[RunEnrollment]:
    return RunEnrollment.objects.filter(active=True, change_status=None)


def verified_in_programs() -> QuerySet[ProgramEnrollment]:
    return ProgramEnrollment.objects.filter(active=True, mode=Mode.VERIFIED)


def terms(run: CourseRun) -> RunTerms:
    """Without a date of its own a run gives certificates when it is over."""
    return RunTerms(run.is_self_paced, run.certificate_available_date or run.end_date, bool(run.variant_length or run.variant_industry))


def standings(pairs: Collection[Pair]) -> dict[Pair, Standing]:
    """Of people in runs. Three queries."""
    people, runs = {user for user, _ in pairs}, {run for _, run in pairs}
    of_both = {"user__in": people, "course_run__in": runs}
    passed = {(user, run): it for user, run, it in CourseRunGrade.objects.filter(**of_both).values_list("user", "course_run", "passed")}
    paid = set(standing_enrollments().filter(**of_both, mode=Mode.VERIFIED).values_list("user", "course_run"))
    certificates = grouped(
        ((user, run), revoked)
        for user, run, revoked in Certificate.objects.filter(**of_both).values_list("user", "course_run", "is_revoked")
    )
    return {
        pair: Standing(passed.get(pair), pair in paid, holds=False in certificates[pair], was_revoked=True in certificates[pair])
        for pair in pairs
    }


# --- what programs ask for, and who has it


def asked(program_ids: Iterable[int]) -> dict[int, Asked]:
    """Of these programs and those within. Two queries for each level."""
    found: dict[int, Asked] = {}
    wanted = set(program_ids)
    while wanted:
        trees, paid = requirement_trees(wanted), _paid(wanted)
        found |= {id: Asked(tree, id in paid) for id, tree in trees.items()}
        wanted = {id for tree in trees.values() for id in requirements.programs(tree)} - found.keys()
    return found


def _paid(program_ids: Collection[int]) -> set[int]:
    rows = Program.objects.filter(id__in=program_ids, enrollment_modes__requires_payment=True)
    return set(rows.values_list("id", flat=True))


def programs_above(course_ids: Collection[int], program_ids: Collection[int] = ()) -> set[int]:
    """The programs that require these courses or programs, and those that require them, and so on. A query for each level."""
    rows = ProgramRequirement.objects.all()
    found = set(rows.filter(course__in=course_ids).values_list("program", flat=True))
    found |= set(rows.filter(required_program__in=program_ids).values_list("program", flat=True))
    wanted = found
    while wanted:
        wanted = set(rows.filter(required_program__in=wanted).values_list("program", flat=True)) - found
        found = found | wanted
    return found


def earned(people: Collection[int], trees: Mapping[int, Asked]) -> dict[int, Earned]:
    """What these people have of what the trees name. Five queries."""
    courses = {leaf.course for each in trees.values() for leaf in _leaves(each) if leaf.course is not None}
    of_both = {"user__in": people, "course_run__course__in": courses}
    runs = {
        id: (course, key) for id, course, key in CourseRun.objects.filter(course__in=courses).values_list("id", "course", "courseware_id")
    }
    verified = set(CourseRun.objects.filter(id__in=runs, enrollment_modes__requires_payment=True).values_list("id", flat=True))
    grades = {(user, run): it for user, run, it in CourseRunGrade.objects.filter(**of_both).values_list("user", "course_run", "passed")}
    standing = set(standing_enrollments().filter(**of_both).values_list("user", "course_run"))
    rows = Certificate.objects.filter(user__in=people).values_list("user", "course_run", "program", "is_revoked")
    held, revoked, programs = _sorted_out(rows)
    attempts: defaultdict[int, defaultdict[int, list[Attempt]]] = defaultdict(lambda: defaultdict(list))
    for user, run in sorted(grades.keys() | standing | held | revoked):
        if run in runs:
            pair = (user, run)
            course, key = runs[run]
            attempts[user][course].append(
                Attempt(key, grades.get(pair), pair in held and pair in standing, pair in revoked, run in verified)
            )
    return {user: Earned(attempts[user], frozenset(programs[user])) for user in people}


def _leaves(each: Asked) -> Iterable[requirements.Node]:
    return requirements.walk(each.tree)


def _sorted_out(rows: Iterable[tuple[int, int | None, int | None, bool]]) -> tuple[set[Pair], set[Pair], defaultdict[int, set[int]]]:
    """Certificates of runs that stand, those that were revoked, and the programs of those that stand."""
    held: set[Pair] = set()
    revoked: set[Pair] = set()
    programs: defaultdict[int, set[int]] = defaultdict(set)
    for user, run, program, is_revoked in rows:
        if run is not None:
            (revoked if is_revoked else held).add((user, run))
        elif program is not None and not is_revoked:
            programs[user].add(program)
    return held, revoked, programs


# --- what certificates will say


def names(people: Collection[int]) -> dict[int, str]:
    """As people want to be called. Who has told no name stays without one: neither address nor username is for strangers. Two queries."""
    legal = {row.user_id: str(row) for row in LegalAddress.objects.filter(user__in=people)}
    rows = User.objects.filter(id__in=people).values_list("id", "name")
    return {id: name or legal.get(id) or NAMELESS for id, name in rows}


def run_snapshots(pairs: Collection[Pair]) -> dict[Pair, Snapshot]:
    """What certificates of these people in these runs say if they are issued now. Seven queries."""
    runs = {run.pk: run for run in CourseRun.objects.filter(id__in={run for _, run in pairs}).select_related("course")}
    courses = {run.course_id for run in runs.values()}
    people, templates = names({user for user, _ in pairs}), _templates("course", courses)
    types = grouped(ProgramRequirement.objects.filter(course__in=courses).values_list("course", "program__program_type"))
    grades = CourseRunGrade.objects.filter(user__in=people, course_run__in=runs)
    marks = {(row.user_id, row.course_run_id): {"grade": str(row.grade), "letter": row.letter_grade} for row in grades}
    return {
        (user, id): snapshots.of_course(
            learner=people[user],
            title=runs[id].course.title,
            readable_id=runs[id].course.readable_id,
            courseware_id=runs[id].courseware_id,
            dates=(_day(runs[id].start_date), _day(runs[id].end_date)),
            program_types=types[runs[id].course_id],
            address=absolute(course_path(runs[id].course.readable_id)),
            template=_template(templates.get(runs[id].course_id), runs[id].courseware_id),
            grade=marks.get((user, id), {}),
        )
        for user, id in pairs
    }


def program_snapshots(pairs: Collection[Pair]) -> dict[Pair, Snapshot]:
    """Five queries."""
    programs = Program.objects.in_bulk({program for _, program in pairs})
    people, templates = names({user for user, _ in pairs}), _templates("program", programs)
    return {
        (user, id): snapshots.of_program(
            learner=people[user],
            title=programs[id].title,
            readable_id=programs[id].readable_id,
            program_type=programs[id].program_type,
            address=absolute(program_path(programs[id].readable_id)),
            template=_template(templates.get(id)),
        )
        for user, id in pairs
    }


def without_credential(kind: str, ids: Collection[int]) -> set[int]:
    """Courses or programs whose certificates staff want unsigned."""
    rows = CertificateTemplate.objects.filter(**{f"{kind}__in": ids}, provisions_credential=False)
    return set(rows.values_list(kind, flat=True))


def _templates(kind: str, ids: Collection[int]) -> dict[int, tuple[CertificateTemplate, list[Signature]]]:
    rows = list(CertificateTemplate.objects.filter(**{f"{kind}__in": ids}))
    signed = TemplateSignatory.objects.filter(template__in=rows).values_list("template", *(f"signatory__{each}" for each in SIGNATURE))
    signatures = grouped((template, Signature(*told)) for template, *told in signed)
    return {getattr(row, f"{kind}_id"): (row, signatures[row.pk]) for row in rows}


def _template(found: tuple[CertificateTemplate, list[Signature]] | None, courseware_id: str = "") -> Template:
    if found is None:
        return Template()
    row, signatures = found
    return Template(row.product_name, row.ceus_of_runs.get(courseware_id, row.ceus), row.criteria, signatures)


def _day(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
