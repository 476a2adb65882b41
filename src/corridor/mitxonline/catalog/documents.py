"""Prepared bytes of what is readable, in each published shape, and the change feed that they are."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

import orjson
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from corridor.kit import clock

from . import loading, rendering, requirements
from .facts import Json
from .models import CatalogDocument, Course, CourseRun, Department, Program, ProgramCollection, ProgramCollectionItem, ProgramRequirement
from .rendering import Rendered, Site
from .vocabulary import DocumentKind

LOCK = 0x0DCC_0FFE


@dataclass(frozen=True)
class Draft:
    """A document as it should be."""

    readable_id: str
    v1: bytes
    v2: bytes
    valid_until: datetime | None
    live: bool = True  # asked for by filters, told in no version of a course

    @property
    def digest(self) -> str:
        return blake2b(b"\n".join((self.v1, self.v2, b"live" if self.live else b"")), digest_size=16).hexdigest()


Drafts = dict[int, Draft]


def site() -> Site:
    return Site(courseware=settings.CONFIG.courseware_base)


def _draft(readable_id: str, rendered: Rendered, *, live: bool = True) -> Draft:
    return Draft(readable_id, _bytes(rendered.v1), _bytes(rendered.v2), rendered.valid_until, live)


def _bytes(told: Json) -> bytes:
    return orjson.dumps(told, option=orjson.OPT_UTC_Z)


# --- rendering, set-wise


def courses(ids: Collection[int], now: datetime) -> Drafts:
    place = site()
    return {each.id: _draft(each.readable_id, rendering.course(each, place, now), live=each.live) for each in loading.courses(ids)}


def runs(ids: Collection[int], now: datetime) -> Drafts:
    """Public ones."""
    wanted, place = set(ids), site()
    of_courses = CourseRun.objects.filter(id__in=ids).values_list("course", flat=True)
    return {
        run.id: _draft(run.courseware_id, rendering.run(run, course, place, now))
        for course in loading.courses(set(of_courses))
        for run in course.runs
        if run.is_public and run.id in wanted
    }


def programs(ids: Collection[int], now: datetime) -> Drafts:
    """Public ones. Version 1 tells of the first course, whose dates make the document untrue in time."""
    found, place = loading.programs(ids), site()
    names = loading.names(found)
    first = {each.id: next(iter(requirements.courses(each.tree)), None) for each in found}
    told = {each.id: rendering.course(each, place, now) for each in loading.courses({id for id in first.values() if id is not None})}
    drafts = {}
    for each in found:
        course = told.get(first[each.id] or 0)
        rendered = rendering.program(each, names, course.v1 if course else None, place)
        drafts[each.id] = _draft(each.readable_id, Rendered(rendered.v1, rendered.v2, course.valid_until if course else None))
    return drafts


def departments(ids: Collection[int], now: datetime) -> Drafts:
    """With the live courses and programs of each."""
    owned = {
        name: loading.grouped(rows.order_by("department", name).values_list("department", name))
        for name, rows in {
            "course": Course.departments.through._default_manager.filter(department__in=ids, course__live=True),
            "program": Program.departments.through._default_manager.filter(department__in=ids, program__live=True, program__b2b_only=False),
        }.items()
    }
    rows = Department.objects.filter(id__in=ids)
    return {
        row.id: _draft("", rendering.department(row.id, row.name, row.slug, owned["course"][row.id], owned["program"][row.id]))
        for row in rows
    }


def collections(ids: Collection[int], now: datetime) -> Drafts:
    """With their public programs."""
    items = ProgramCollectionItem.objects.filter(collection__in=ids, program__b2b_only=False).order_by("position")
    programs = loading.grouped(
        (collection, (id, title)) for collection, id, title in items.values_list("collection", "program", "program__title")
    )
    rows = ProgramCollection.objects.filter(id__in=ids).values("id", "title", "description", "created_on", "updated_on")
    return {row["id"]: _draft("", rendering.collection(dict(row), programs[row["id"]])) for row in rows}


RENDER: Mapping[str, Callable[[Collection[int], datetime], Drafts]] = {
    DocumentKind.COURSE: courses,
    DocumentKind.RUN: runs,
    DocumentKind.PROGRAM: programs,
    DocumentKind.DEPARTMENT: departments,
    DocumentKind.COLLECTION: collections,
}


# --- writing


@dataclass(frozen=True)
class Published:
    """How many documents `publish` wrote, tombstones included."""

    changed: int


def take_turn() -> None:
    """Wait until nobody else changes the catalogue; held until the transaction ends. Raises RuntimeError outside one."""
    if not connection.in_atomic_block:
        raise RuntimeError("the catalogue is changed in a transaction")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def publish(*, courses: Collection[int] = (), programs: Collection[int] = (), now: datetime | None = None) -> Published:
    """Bring documents up to date with the change that this transaction makes. Nothing is written where nothing differs.

    Give every course and program that was touched, or that lost one that was; those that tell of them are found here. Documents of what
    is no longer readable become tombstones. One transaction publishes at a time, so versions grow in the order of commits.
    """
    take_turn()
    moment = now or clock.now()
    course_ids, program_ids = _told_of(set(courses), set(programs))
    affected: dict[str, Collection[int]] = {
        DocumentKind.COURSE: course_ids,
        DocumentKind.RUN: CourseRun.objects.filter(course__in=course_ids).values_list("id", flat=True),
        DocumentKind.PROGRAM: program_ids,
        DocumentKind.DEPARTMENT: Department.objects.values_list("id", flat=True),
        DocumentKind.COLLECTION: ProgramCollection.objects.values_list("id", flat=True),
    }
    changed = sum(_write(kind, RENDER[kind](list(ids), moment), moment) for kind, ids in affected.items())
    return Published(changed + _bury(moment))


def _told_of(courses: set[int], programs: set[int]) -> tuple[set[int], set[int]]:
    """Courses tell of programs that require them, programs of those above and of their courses."""
    links = ProgramRequirement.objects.filter(
        Q(course__in=courses) | Q(program__in=programs) | Q(required_program__in=programs)
    ).values_list("program", "course", "required_program")
    for program, course, required in links:
        programs = programs | {program} | ({required} if required else set())
        courses = courses | ({course} if course else set())
    return courses, programs


WRITE = """
    INSERT INTO mitxonline_catalogdocument (kind, object_id, readable_id, version, digest, changed_at, valid_until, gone, v1, v2)
    SELECT %s, id, readable_id, nextval('mitxonline_document_version'), digest, %s, valid_until, false, v1, v2
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::timestamptz[], %s::bytea[], %s::bytea[])
        AS draft (id, readable_id, digest, valid_until, v1, v2)
    ON CONFLICT (kind, object_id) DO UPDATE SET
        readable_id = excluded.readable_id, version = excluded.version, digest = excluded.digest, changed_at = excluded.changed_at,
        valid_until = excluded.valid_until, gone = false, v1 = excluded.v1, v2 = excluded.v2
"""


def _write(kind: str, drafts: Drafts, now: datetime) -> int:
    """Insert or replace what differs, under new versions; note anew until when the rest is true."""
    stored = CatalogDocument.objects.filter(kind=kind, object_id__in=drafts, gone=False)
    before = {id: (digest, until) for id, digest, until in stored.values_list("object_id", "digest", "valid_until")}
    same = {id for id, draft in drafts.items() if id in before and before[id][0] == draft.digest}
    rows = [(id, draft.readable_id, draft.digest, draft.valid_until, draft.v1, draft.v2) for id, draft in drafts.items() if id not in same]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(WRITE, [kind, now, *map(list, zip(*rows, strict=True))])
    _keep_time(kind, {id: drafts[id].valid_until for id in same if before[id][1] != drafts[id].valid_until})
    return len(rows)


KEEP_TIME = """
    UPDATE mitxonline_catalogdocument SET valid_until = kept.until FROM unnest(%s::bigint[], %s::timestamptz[]) AS kept (id, until)
    WHERE kind = %s AND object_id = kept.id
"""


def _keep_time(kind: str, until: Mapping[int, datetime | None]) -> None:
    if until:
        with connection.cursor() as cursor:
            cursor.execute(KEEP_TIME, [list(until), list(until.values()), kind])


BURY = """
    UPDATE mitxonline_catalogdocument document
    SET gone = true, v1 = NULL, v2 = NULL, valid_until = NULL, digest = '', changed_at = %s, version = nextval('mitxonline_document_version')
    WHERE NOT gone AND NOT EXISTS (
        SELECT 1 FROM mitxonline_course WHERE document.kind = 'course' AND id = object_id
        UNION ALL SELECT 1 FROM mitxonline_courserun
            WHERE document.kind = 'run' AND id = object_id AND b2b_contract IS NULL AND NOT is_source_run
        UNION ALL SELECT 1 FROM mitxonline_program WHERE document.kind = 'program' AND id = object_id AND NOT b2b_only
        UNION ALL SELECT 1 FROM mitxonline_department WHERE document.kind = 'department' AND id = object_id
        UNION ALL SELECT 1 FROM mitxonline_programcollection WHERE document.kind = 'collection' AND id = object_id
    )
"""


def _bury(now: datetime) -> int:
    """Make tombstones of documents whose object is no longer readable."""
    with connection.cursor() as cursor:
        cursor.execute(BURY, [now])
        return int(cursor.rowcount)


def refresh(now: datetime) -> int:
    """Store documents that a date has made untrue. Gives how many changed."""
    late = CatalogDocument.objects.filter(valid_until__lte=now)
    with transaction.atomic():
        take_turn()
        by_kind = loading.grouped(late.values_list("kind", "object_id"))
        if not by_kind:
            return 0
        return publish(courses=by_kind[DocumentKind.COURSE], programs=by_kind[DocumentKind.PROGRAM], now=now).changed


def publish_everything() -> int:
    """Make all documents anew where they differ, as after an upgrade that renders differently. Gives how many changed."""
    with transaction.atomic():
        take_turn()
        ids: Iterable[Collection[int]] = (list(table.objects.values_list("id", flat=True)) for table in (Course, Program))
        course_ids, program_ids = ids
        return publish(courses=course_ids, programs=program_ids).changed
