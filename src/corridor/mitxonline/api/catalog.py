"""Courses, runs, programs, departments and collections: prepared bytes by page, by number or readable id, and by change."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest

from corridor.kit import clock
from corridor.kit.api.paging import prepared
from corridor.kit.api.parameters import Asked, Number, Parameter, ParametersRefused, Text
from corridor.kit.api.views import Reading
from corridor.mitxonline.catalog import queries
from corridor.mitxonline.catalog.vocabulary import DocumentKind

from . import parameters as known
from .paging import WHOLE, FollowedSchema, NumberedPage, numbered, part, told_changes

WHAT = {DocumentKind.RUN: "course run", DocumentKind.COLLECTION: "program collection"}


class Detail(Reading):
    """One row, by its number or, in version 2, by its readable id."""

    kind: str = ""
    version: str = "v2"

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        return queries.body(self.kind, self.version, path["id"], WHAT.get(DocumentKind(self.kind), self.kind))


class Whole(Reading):
    """A short list without pages."""

    rows: ClassVar[bool] = True
    kind: str = ""
    version: str = "v2"

    def found(self, asked: Asked) -> QuerySet[Any]:
        return queries.departments()

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        return prepared(queries.listed(self.kind, self.version, self.found(asked), limit=WHOLE).bodies)


class RunList(Whole):
    parameters = (
        known.ID,
        known.LIVE,
        Text(name="relevant_to", longest=255, help="Runs that take learners in now, of the course or program of this readable id."),
    )

    def found(self, asked: Asked) -> QuerySet[Any]:
        return queries.runs(id=asked["id"], live=asked["live"], relevant_to=asked["relevant_to"])


class Paged(Reading):
    rows: ClassVar[bool] = True
    paged: ClassVar[bool] = True
    parameters: tuple[Parameter, ...] = numbered()
    kind: str = ""
    version: str = "v2"

    def found(self, asked: Asked) -> QuerySet[Any]:
        return queries.collections()

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        given = part(asked, whole=self.version == "v1")
        listed = queries.listed(self.kind, self.version, self.found(asked), offset=given.offset, limit=given.limit)
        return NumberedPage(listed.count, prepared(listed.bodies), given)


class CourseListV1(Paged):
    parameters = (*numbered(), known.ID, known.LIVE, known.PAGE_LIVE, known.READABLE_ID, known.ENROLLABLE)

    def found(self, asked: Asked) -> QuerySet[Any]:
        return courses(asked, one(asked["id"]))


class ProgramListV1(Paged):
    parameters = (*numbered(), known.ID, known.LIVE, known.READABLE_ID)

    def found(self, asked: Asked) -> QuerySet[Any]:
        return queries.programs(ids=one(asked["id"]), live=asked["live"], readable_id=asked["readable_id"] or "")


def one(id: int | None) -> tuple[int, ...]:
    return () if id is None else (id,)


def courses(asked: Asked, ids: tuple[int, ...]) -> QuerySet[Any]:
    return queries.courses(
        ids=ids,
        readable_id=asked["readable_id"] or "",
        live=asked["live"],
        page_live=asked["page__live"],
        enrollable=asked["courserun_is_enrollable"],
    )


class Followed(Paged):
    """A list whose changes can be followed, too."""

    schema = FollowedSchema()
    refusals: ClassVar[tuple[int, ...]] = (410,)

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        if asked["updated_since"] is None and asked["cursor"] is None:
            return super().tell(request, asked, **path)
        refuse_together(asked, "page", *known.VARIANT_COLUMNS)
        changes = queries.changes(
            self.kind, self.found(asked), since=asked["updated_since"], cursor=asked["cursor"] or 0, limit=asked["page_size"]
        )
        return told_changes(request, changes, prepared(changes.bodies))


def refuse_together(asked: Asked, *names: str) -> None:
    """Changes come in their own order, as whole documents."""
    if given := [name for name in names if asked.get(name) is not None]:
        raise ParametersRefused(dict.fromkeys(given, "does not go together with updated_since or cursor."))


class CourseListV2(Followed):
    parameters = (
        *numbered(), known.IDS, known.LIVE, known.PAGE_LIVE, known.READABLE_ID, known.ENROLLABLE, known.ORGANIZATION, known.CONTRACT,
        known.FINANCIAL_AID, *known.OF_VARIANTS, *known.OF_FEED,
    )  # fmt: skip

    def found(self, asked: Asked) -> QuerySet[Any]:
        return of_organizations(courses(asked, asked["id"]), asked)

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        wanted = known.variants(asked)
        if not wanted or asked["updated_since"] is not None or asked["cursor"] is not None:
            return super().tell(request, asked, **path)
        given = part(asked)
        listed = queries.with_variants(self.found(asked), wanted, offset=given.offset, limit=given.limit, now=clock.now())
        return NumberedPage(listed.count, prepared(listed.bodies), given)


class ProgramListV2(Followed):
    parameters = (
        *numbered(), known.IDS, known.LIVE, known.PAGE_LIVE, known.READABLE_ID, known.ORGANIZATION, known.CONTRACT, *known.OF_FEED
    )  # fmt: skip

    def found(self, asked: Asked) -> QuerySet[Any]:
        rows = queries.programs(ids=asked["id"], readable_id=asked["readable_id"] or "", live=asked["live"], page_live=asked["page__live"])
        return of_organizations(rows, asked)


def of_organizations(rows: QuerySet[Any], asked: Asked) -> QuerySet[Any]:
    """Runs and programs of an organization are for its members, and anonymous callers are nobody's."""
    return rows.none() if asked["org_id"] is not None or asked["contract_id"] is not None else rows


class VariantRuns(Reading):
    """Runs in a language, for an industry or of a length, by course."""

    rows: ClassVar[bool] = True
    parameters = (
        known.Numbers(name="course_id", least=1, help="Course ID(s) to use; all without."),
        Number(name="contract", help="Contract to filter by; the caller must belong to it. Public runs without."),
        Text(name="language", longest=16, help="Language to retrieve"),
        Text(name="industry", longest=2, empty=True, help="Industry focus to retrieve"),
        Text(name="length", longest=1, empty=True, help="Length to retrieve"),
    )

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        if asked["contract"] is not None:
            return []
        columns = {"language": "language", "industry": "variant_industry", "length": "variant_length"}
        wanted = {column: asked[name] for name, column in columns.items() if asked[name] is not None}
        groups = queries.variant_runs(asked["course_id"], wanted, limit=WHOLE)
        return [{"id": course, "courseruns": prepared(bodies)} for course, bodies in groups.items()]
