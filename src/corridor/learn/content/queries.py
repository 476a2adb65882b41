"""Reads of content files, each a constant number of queries, or of their index. All but the page of one file leave out its text."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from corridor.learn.catalog import loading
from corridor.learn.catalog.facts import FileFacts, Json
from corridor.learn.catalog.loading import among
from corridor.learn.catalog.rendering import content_file
from corridor.learn.discovery import indexes
from corridor.learn.discovery.errors import NotIndexedYet
from corridor.search import Results, Search
from corridor.search.errors import IndexMissing

from .errors import ContentFileNotFound
from .models import ContentFile


def search(search: Search) -> Results:
    """Files that a question asks for, by words. Raises NotIndexedYet and UnknownField (see `index.CONTENTS`)."""
    try:
        return indexes.contents().search(search)
    except IndexMissing as error:
        raise NotIndexedYet from error


@dataclass(frozen=True)
class Wanted:
    """Which files: alternatives within a field, all fields together; nothing means any."""

    resources: Collection[int] = ()
    runs: Collection[int] = ()
    features: Collection[str] = ()
    modules: Collection[str] = ()
    units: Collection[str] = ()
    platforms: Collection[str] = ()


@dataclass(frozen=True)
class Files:
    count: int
    rows: list[Json] = field(default_factory=list)  # in published shape


def files(wanted: Wanted, *, limit: int, offset: int = 0) -> Files:
    """Public files by id, of all public runs. Twelve queries."""
    found = _public().filter(_where(wanted))
    return Files(found.count(), _told(found.order_by("id")[offset : offset + limit]))


def file(file_id: int, *, resource_id: int | None = None, staff: bool = False) -> Json:
    """A public file (of one resource) with its summary and, for staff, its text. Twelve queries. Raises ContentFileNotFound."""
    found = _public().filter(pk=file_id)
    told = _told(found if resource_id is None else found.filter(resource=resource_id))
    if not told:
        raise ContentFileNotFound(file_id)
    content, summary, flashcards = ContentFile.objects.values_list("content", "summary", "flashcards").get(pk=file_id)
    return told[0] | {"summary": summary, "flashcards": flashcards} | ({"content": content} if staff else {})


def _public() -> QuerySet[ContentFile]:
    of_run = Q(run=None) | Q(run__published=True, run__is_variant=False)
    return ContentFile.objects.filter(of_run, published=True, resource__document__published=True)


def _where(wanted: Wanted) -> Q:
    where = Q()
    if wanted.resources:
        where &= among("resource", wanted.resources)
    if wanted.runs:
        where &= among("run", wanted.runs)
    if wanted.features:
        where &= Q(content_tags__overlap=list(wanted.features))
    if wanted.modules:
        where &= Q(edx_module_id__in=wanted.modules)
    if wanted.units:
        where &= Q(resource__offered_by__in=wanted.units)
    if wanted.platforms:
        where &= Q(resource__platform__in=wanted.platforms)
    return where


def _told(files: QuerySet[ContentFile]) -> list[Json]:
    facts = loading.rows(files, FileFacts)
    reference = loading.reference()
    return [content_file(owned, reference) for owned in loading.owned(facts)]
