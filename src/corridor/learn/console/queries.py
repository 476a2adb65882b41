"""What pages of the console read that no other domain has a question for. Each is a constant number of queries."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q, QuerySet

from corridor.kit.outbox.models import OutboxEvent
from corridor.learn.catalog.documents import TOPIC
from corridor.learn.catalog.errors import ResourceNotFound
from corridor.learn.catalog.models import LearningResource, Relationship, ResourceDocument
from corridor.learn.discovery import indexes, verification
from corridor.learn.ingest.models import MergeEntry, SourceRecord
from corridor.learn.ingest.queries import provenance
from corridor.search.errors import IndexMissing
from corridor.search.model import Drift
from corridor.search.store import IndexStore

from .rules import RecordStanding, Standing

SHOWN = 30  # parts, wholes and runs of a resource that its page lists


# --- resources


@dataclass(frozen=True)
class Dossier:
    """All that is known of how a resource came about and where it stands."""

    resource: LearningResource
    document: ResourceDocument | None
    standing: Standing
    records: Sequence[SourceRecord]
    told_by: dict[str, str]  # field → the source that it was taken from
    merges: Sequence[MergeEntry]
    parts: Sequence[Relationship]
    wholes: Sequence[Relationship]


def dossier(resource_id: int) -> Dossier:
    """Raises ResourceNotFound."""
    resource = LearningResource.objects.select_related("platform", "offered_by").filter(pk=resource_id).first()
    if resource is None:
        raise ResourceNotFound(resource_id)
    document = ResourceDocument.objects.filter(pk=resource_id).defer("body", "search").first()
    records = list(SourceRecord.objects.filter(resource=resource_id).order_by("source", "key"))
    return Dossier(
        resource=resource,
        document=document,
        standing=_standing(resource, document, records),
        records=records,
        told_by=provenance(resource_id),
        merges=list(MergeEntry.objects.filter(resource=resource_id)),
        parts=list(Relationship.objects.filter(parent=resource_id).select_related("child")[:SHOWN]),
        wholes=list(Relationship.objects.filter(child=resource_id).select_related("parent")[:SHOWN]),
    )


def _standing(resource: LearningResource, document: ResourceDocument | None, records: Sequence[SourceRecord]) -> Standing:
    owed = list(OutboxEvent.objects.filter(topic=TOPIC, aggregate=str(resource.pk)).values_list("dead_at", "error"))
    there, version = indexed_version(resource.pk)
    return Standing(
        records=[_of_record(record) for record in records],
        published=resource.published,
        document_version=document.version if document else None,
        document_published=bool(document and document.published),
        index_there=there,
        indexed_version=version,
        waiting=any(dead_at is None for dead_at, _ in owed),
        dead_reason=next((error for dead_at, error in owed if dead_at), ""),
    )


def _of_record(record: SourceRecord) -> RecordStanding:
    return RecordStanding(
        source=record.source,
        published=record.record.get("published") is not False,
        missing_since=record.missing_since,
        withdrawn_at=record.withdrawn_at,
    )


def indexed_version(resource_id: int) -> tuple[bool, int | None]:
    """Whether there is an index, and which version of a resource it holds. No query."""
    try:
        return True, indexes.resource_store().snapshot().words.versions([resource_id]).get(resource_id)
    except IndexMissing:
        return False, None


def resources_called(text: str) -> QuerySet[LearningResource]:
    """Resources by number, id, address or words of the title; hidden ones, too."""
    rows = LearningResource.objects.select_related("platform", "document").defer("document__body", "document__search")
    if not text:
        return rows
    wanted = Q(title__icontains=text) | Q(readable_id__icontains=text) | Q(url__icontains=text)
    return rows.filter(wanted | Q(pk=int(text)) if text.isascii() and text.isdigit() and len(text) < 19 else wanted)


# --- the index


def made_at(store: IndexStore) -> datetime | None:
    """When the live generation of an index was begun; None while there is none."""
    try:
        return datetime.fromtimestamp((store.folder / store.snapshot().generation / "generation.json").stat().st_mtime, UTC)
    except (IndexMissing, FileNotFoundError):
        return None


def drifts() -> dict[str, Drift]:
    """What differs between each index and the database, without what is on its way; those that are there."""
    found = {}
    for name, kept in verification.KEPT.items():
        with suppress(IndexMissing):
            found[name] = verification.drift(kept)
    return found
