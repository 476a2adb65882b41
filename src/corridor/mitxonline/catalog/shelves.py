"""What the pages of the catalogue show: public and live courses and programs by department, topic and state. Constant query counts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet

from .asked import COURSES, OPEN, PAGE_SIZE, PROGRAMS, SELF_PACED, STATES, UPCOMING, Asked
from .errors import CatalogNotFound, CourseNotFound, NotInCatalogue
from .loading import public_programs, public_runs
from .models import CatalogDocument, Course, CourseRun, Department, Program, ProgramRequirement, Topic
from .queries import bodies, enrollable_runs
from .vocabulary import PRIMARY_LANGUAGES, DocumentKind

KIND_OF_DOCUMENT = {COURSES: DocumentKind.COURSE, PROGRAMS: DocumentKind.PROGRAM}


def shown_courses() -> QuerySet[Course]:
    """Those that have a page."""
    return Course.objects.filter(live=True, prospectus__live=True)


def shown_programs() -> QuerySet[Program]:
    return public_programs().filter(live=True, prospectus__live=True)


def shown(kind: str) -> QuerySet[Any]:
    return shown_courses() if kind == COURSES else shown_programs()


# --- runs that make a state


def open_runs(now: datetime) -> QuerySet[CourseRun]:
    """rules.next_run's choice as a condition of the database: a course has one of these exactly where that rule finds a run."""
    goes_on = Q(end_date=None) | Q(end_date__gt=now)
    main_language = Q(is_primary_language=True) | Q(language__in=PRIMARY_LANGUAGES)
    return enrollable_runs(now).filter(goes_on, main_language)


def has_run(state: str, now: datetime) -> Exists:
    runs = {
        OPEN: open_runs(now),
        UPCOMING: public_runs().filter(live=True, start_date__gt=now),
        SELF_PACED: open_runs(now).filter(is_self_paced=True),
    }[state]
    return Exists(runs.filter(course=OuterRef("pk")))


# --- a page of the catalogue


@dataclass(frozen=True)
class Counted:
    """A value that one can choose, and how many things the choice shows."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Shelf:
    """A page of the catalogue and the ways on from it; each count is that of the click."""

    bodies: list[bytes]
    kinds: Mapping[str, int]
    states: list[Counted]
    departments: list[Counted]
    topics: list[Counted]

    def count(self, asked: Asked) -> int:
        return self.kinds[asked.kind]


def shelf(asked: Asked, now: datetime) -> Shelf:
    """Seven queries for courses, six for programs. Raises NotInCatalogue."""
    rows = chosen(asked, now)
    kinds = {kind: chosen(asked.but(kind=kind), now).count() for kind in KIND_OF_DOCUMENT}
    if asked.offset and asked.offset >= kinds[asked.kind]:
        raise NotInCatalogue("page", asked.page)
    ids = list(_in_order(rows, asked, now).values_list("pk", flat=True)[asked.offset : asked.offset + PAGE_SIZE])
    return Shelf(
        bodies=bodies(KIND_OF_DOCUMENT[asked.kind], "v2", ids),
        kinds=kinds,
        states=_states(asked, now) if asked.kind == COURSES else [],
        departments=_departments(asked, now),
        topics=_topics(asked, now),
    )


def chosen(asked: Asked, now: datetime) -> QuerySet[Any]:
    rows = shown(asked.kind)
    if asked.department:
        rows = rows.filter(departments__slug=asked.department)
    if asked.topic:
        rows = rows.filter(pk__in=_of_topic(asked.kind, asked.topic))
    return rows.filter(has_run(asked.state, now)) if asked.state else rows


def _of_topic(kind: str, name: str) -> QuerySet[Any, Any]:
    """Of a topic or of one below it; a program has the topics of the courses that it names."""
    of_topic = Q(topics__name=name) | Q(topics__parent__name=name)
    courses: QuerySet[Any, Any] = Course.objects.filter(of_topic).values("pk")
    programs: QuerySet[Any, Any] = ProgramRequirement.objects.filter(course__in=courses).values("program")
    return courses if kind == COURSES else programs


def _in_order(rows: QuerySet[Any], asked: Asked, now: datetime) -> QuerySet[Any]:
    """What takes learners in comes first, what is to come second."""
    if asked.kind == PROGRAMS:
        return rows.order_by("title", "pk")
    with_state: QuerySet[Any] = rows.annotate(is_open=has_run(OPEN, now), is_coming=has_run(UPCOMING, now))
    return with_state.order_by("-is_open", "-is_coming", "title", "pk")


def _states(asked: Asked, now: datetime) -> list[Counted]:
    rows = chosen(asked.but(state=""), now)
    counts = rows.aggregate(**{state.replace("-", "_"): Count("pk", filter=has_run(state, now)) for state in STATES})
    return [Counted(state, label, counts[state.replace("-", "_")]) for state, label in STATES.items()]


def _departments(asked: Asked, now: datetime) -> list[Counted]:
    rows = chosen(asked.but(department=""), now).filter(departments__isnull=False)
    counts = rows.values_list("departments__slug", "departments__name").annotate(number=Count("pk", distinct=True))
    return [Counted(*row) for row in counts.order_by("departments__name")]


def _topics(asked: Asked, now: datetime) -> list[Counted]:
    """The fullest first; what is of a topic is of the one above it too."""
    rows = chosen(asked.but(topic=""), now)
    through: type[Model] = Course.topics.through if asked.kind == COURSES else ProgramRequirement
    owner, prefix = ("course", "topic") if asked.kind == COURSES else ("program", "course__topics")
    links = through._default_manager.filter(**{f"{owner}__in": rows, f"{prefix}__isnull": False})
    return _counted(links.values_list(owner, f"{prefix}__name", f"{prefix}__parent__name"))


def _counted(links: Iterable[tuple[int, str, str | None]]) -> list[Counted]:
    owners: defaultdict[str, set[int]] = defaultdict(set)
    for owner, *names in links:
        for name in filter(None, names):
            owners[name].add(owner)
    found = [Counted(name, name, len(ids)) for name, ids in owners.items()]
    return sorted(found, key=lambda topic: (-topic.count, topic.label))


def names(asked: Asked) -> dict[str, str]:
    """What the department and the topic asked for are called, in at most two queries. Raises NotInCatalogue."""
    told = {}
    if asked.department:
        told["department"] = Department.objects.filter(slug=asked.department).values_list("name", flat=True).first()
    if asked.topic:
        told["topic"] = Topic.objects.filter(name=asked.topic).values_list("name", flat=True).first()
    found = {what: name for what, name in told.items() if name is not None}
    for what in told.keys() - found.keys():
        raise NotInCatalogue(what, getattr(asked, what))
    return found


# --- one course, one program


@dataclass(frozen=True)
class CourseToShow:
    """Version 2 of a course, version 1 of its live runs, and what its prospectus tells besides."""

    course: Course
    body: bytes
    runs: list[bytes]


def course(readable_id: str) -> CourseToShow:
    """Four queries. Raises CourseNotFound."""
    found = shown_courses().select_related("prospectus").filter(readable_id=readable_id).first()
    told = bodies(DocumentKind.COURSE, "v2", [found.pk]) if found else []
    if not found or not told:
        raise CourseNotFound(readable_id)
    ids = public_runs().filter(course=found, live=True).order_by("start_date", "pk").values_list("pk", flat=True)
    return CourseToShow(found, told[0], bodies(DocumentKind.RUN, "v1", list(ids)))


@dataclass(frozen=True)
class ProgramToShow:
    """Version 2 of a program; of those that it requires and of their and its own courses likewise, and which of all have pages."""

    program: Program
    body: bytes
    courses: list[bytes]
    programs: list[bytes]
    shown_courses: set[int]
    shown_programs: set[int]


def program(readable_id: str) -> ProgramToShow:
    """At most seven queries. Raises CatalogNotFound."""
    found = shown_programs().select_related("prospectus").filter(readable_id=readable_id).first()
    told = bodies(DocumentKind.PROGRAM, "v2", [found.pk]) if found else []
    if not found or not told:
        raise CatalogNotFound("program", readable_id)
    links = ProgramRequirement.objects.filter(program=found).values_list("course", "required_program")
    course_ids, program_ids = ({id for id in ids if id} for ids in list(zip(*links, strict=True)) or [(), ()])
    return ProgramToShow(
        program=found,
        body=told[0],
        courses=bodies(DocumentKind.COURSE, "v2", sorted(course_ids)),
        programs=bodies(DocumentKind.PROGRAM, "v2", sorted(program_ids)),
        shown_courses=set(shown_courses().filter(pk__in=course_ids).values_list("pk", flat=True)),
        shown_programs=set(shown_programs().filter(pk__in=program_ids).values_list("pk", flat=True)),
    )


def addresses() -> list[tuple[str, str, datetime]]:
    """Kind, readable id and last change of everything that has a page. Two queries."""
    rows = [
        (kind, CatalogDocument.objects.filter(kind=of, gone=False, object_id__in=shown(kind).values("pk")).order_by("object_id"))
        for kind, of in KIND_OF_DOCUMENT.items()
    ]
    return [(kind, *row) for kind, documents in rows for row in documents.values_list("readable_id", "changed_at")]
