"""Reads of the catalogue: stored bytes, in a constant number of queries. What a date has made untrue is rendered in memory."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from corridor.kit import clock

from . import loading
from .documents import RENDER, site
from .errors import CatalogNotFound, CourseNotFound, CursorUnknown
from .facts import RunFacts
from .loading import public_programs, public_runs
from .models import CatalogDocument, Course, CourseRun, Department, Program, ProgramCollection, ProgramRequirement
from .rendering import course_v2
from .vocabulary import DocumentKind


@dataclass(frozen=True)
class Listed:
    """A part of a list, and how many there are in all."""

    count: int
    bodies: Sequence[bytes]


Revision = tuple[int, str]


def revision() -> Revision | None:
    """Names what is published now: another one after each change. None where nothing is. A version alone may come again, in a database that was restored."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT version, xmin::text FROM mitxonline_catalogdocument ORDER BY version DESC LIMIT 1")
        found: Revision | None = cursor.fetchone()
    return found


# --- what can be asked for


def enrollable_runs(now: datetime) -> QuerySet[CourseRun]:
    """rules.is_enrollable as a condition of the database, for public runs; a test holds the two together."""
    open_now = Q(enrollment_end=None) | Q(enrollment_end__gt=now)
    return public_runs().filter(open_now, live=True, start_date__isnull=False, enrollment_start__lte=now)


def courses(
    *,
    ids: Collection[int] = (),
    readable_id: str = "",
    live: bool | None = None,
    page_live: bool | None = None,
    enrollable: bool | None = None,
) -> QuerySet[Course]:
    found = Course.objects.order_by("id")
    if ids:
        found = found.filter(id__in=ids)
    if readable_id:
        found = found.filter(readable_id=readable_id)
    if live is not None:
        found = found.filter(live=live)
    if page_live is not None:
        found = found.filter(prospectus__live=page_live)
    if enrollable is not None:
        has_open_run = Exists(enrollable_runs(clock.now()).filter(course=OuterRef("pk")))
        found = found.filter(has_open_run) if enrollable else found.filter(~has_open_run)
    return found


def programs(
    *, ids: Collection[int] = (), readable_id: str = "", live: bool | None = None, page_live: bool | None = None
) -> QuerySet[Program]:
    found = public_programs().order_by("id")
    if ids:
        found = found.filter(id__in=ids)
    if readable_id:
        found = found.filter(readable_id=readable_id)
    if live is not None:
        found = found.filter(live=live)
    return found if page_live is None else found.filter(prospectus__live=page_live)


def departments() -> QuerySet[Department]:
    return Department.objects.order_by("name")


def collections() -> QuerySet[ProgramCollection]:
    return ProgramCollection.objects.order_by("id")


# --- bodies


def listed(kind: str, version: str, rows: QuerySet[Any], *, offset: int = 0, limit: int | None = None) -> Listed:
    """Two queries, one of them a count, while documents are true."""
    ids = list(rows.values_list("pk", flat=True)[offset : None if limit is None else offset + limit])
    return Listed(rows.count(), bodies(kind, version, ids))


def bodies(kind: str, version: str, ids: Sequence[int]) -> list[bytes]:
    """Of those that have a document, in the order given."""
    now = clock.now()
    stored = CatalogDocument.objects.filter(kind=kind, object_id__in=ids, gone=False)
    by_id: dict[int, bytes] = {}
    late = []
    for id, until, body in stored.values_list("object_id", "valid_until", version):
        by_id[id] = bytes(body)
        if until is not None and until <= now:
            late.append(id)
    if late:
        by_id |= {id: getattr(draft, version) for id, draft in RENDER[kind](late, now).items()}
    return [by_id[id] for id in ids if id in by_id]


def body(kind: str, version: str, key: int | str, what: str) -> bytes:
    """One document by the number or the readable id of its object. Raises CourseNotFound or CatalogNotFound."""
    found = CatalogDocument.objects.filter(kind=kind, gone=False).filter(_named(key)).values_list("object_id", flat=True)
    told = bodies(kind, version, list(found[:1]))
    if not told:
        raise CourseNotFound(key) if kind == DocumentKind.COURSE else CatalogNotFound(what, key)
    return told[0]


def _named(key: int | str) -> Q:
    text = str(key)
    if text.isascii() and text.isdecimal() and len(text) < 19:
        return Q(object_id=int(text))
    return Q(readable_id=text)


# --- changes


@dataclass(frozen=True)
class Tombstone:
    """Something that is no longer what was asked for: deleted, hidden, or changed so that the filters leave it out."""

    id: int
    readable_id: str
    changed_at: datetime


@dataclass(frozen=True)
class Changes:
    """What changed, the earliest first. `cursor` is where to go on, now or later; `more` whether there is more already."""

    bodies: Sequence[bytes]
    tombstones: Sequence[Tombstone]
    cursor: int
    more: bool
    count: int


def changes(kind: str, rows: QuerySet[Any], *, since: datetime | None, cursor: int, limit: int) -> Changes:
    """Changes after a cursor, or since a moment, to what `rows` selects and to what it does no longer select. Five queries.

    Raises CursorUnknown.
    """
    newest = _newest(kind)  # before the rest: what commits meanwhile is told next time
    if cursor > newest:
        raise CursorUnknown(cursor)
    feed = CatalogDocument.objects.filter(kind=kind, version__gt=cursor).order_by("version")
    if since is not None:
        feed = feed.filter(changed_at__gte=since)
    columns = ("object_id", "readable_id", "version", "changed_at", "gone")
    found = list(feed.values_list(*columns)[: limit + 1])
    page = found[:limit]
    wanted = set(rows.filter(pk__in=[id for id, *_, gone in page if not gone]).values_list("pk", flat=True))
    return Changes(
        bodies=bodies(kind, "v2", [id for id, *_ in page if id in wanted]),
        tombstones=[Tombstone(id, readable_id, at) for id, readable_id, _, at, _ in page if id not in wanted],
        cursor=page[-1][2] if page else max(cursor, newest),
        more=len(found) > limit,
        count=feed.count(),
    )


def _newest(kind: str) -> int:
    newest = CatalogDocument.objects.filter(kind=kind).order_by("-version").values_list("version", flat=True).first()
    return newest or 0


# --- runs


def runs(*, id: int | None = None, live: bool | None = None, relevant_to: str | None = None) -> QuerySet[CourseRun]:
    """Public ones; `relevant_to` names a course or a program, of which those are meant that take learners in now."""
    found = (enrollable_runs(clock.now()) if relevant_to else public_runs()).order_by("id")
    if id is not None:
        found = found.filter(pk=id)
    if live is not None:
        found = found.filter(live=live)
    if relevant_to:
        required = ProgramRequirement.objects.filter(program__readable_id=relevant_to, program__b2b_only=False, course__isnull=False)
        found = found.filter(Q(course__readable_id=relevant_to) | Q(course__in=required.values("course")))
    return found


def with_variants(rows: QuerySet[Course], wanted: Mapping[str, str], *, offset: int, limit: int, now: datetime) -> Listed:
    """Courses that have public runs like these, each with these runs alone."""
    matching = public_runs().filter(course=OuterRef("pk"), **wanted)
    found = rows.filter(Exists(matching))
    ids = list(found.values_list("pk", flat=True)[offset : offset + limit])
    place = site()
    bodies = [
        orjson.dumps(course_v2(course, [run for run in course.runs if is_like(run, wanted)], place, now), option=orjson.OPT_UTC_Z)
        for course in loading.courses(ids)
    ]
    return Listed(found.count(), bodies)


def is_like(run: RunFacts, wanted: Mapping[str, str]) -> bool:
    return run.is_public and all(getattr(run, column) == value for column, value in wanted.items())


def variant_runs(course_ids: Collection[int], wanted: Mapping[str, str], *, limit: int) -> dict[int, list[bytes]]:
    """Public runs like these by course, as prepared."""
    found = public_runs().filter(**wanted).order_by("course", "start_date", "id")
    if course_ids:
        found = found.filter(course__in=course_ids)
    owners = dict(found.values_list("id", "course")[:limit])
    groups: dict[int, list[bytes]] = {course: [] for course in owners.values()}
    for (_, course), body in zip(owners.items(), bodies(DocumentKind.RUN, "v2", list(owners)), strict=True):
        groups[course].append(body)
    return groups
