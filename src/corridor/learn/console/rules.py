"""What the console concludes from what it reads. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class RecordStanding:
    """What one source says of whether a resource is public."""

    source: str
    published: bool
    missing_since: datetime | None
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class Standing:
    """How a resource stands on its way from its sources to the site."""

    records: Sequence[RecordStanding]
    published: bool
    document_version: int | None  # None: there is no document
    document_published: bool
    index_there: bool
    indexed_version: int | None  # None: the index does not hold it
    waiting: bool  # a message for the index is on its way
    dead_reason: str = ""  # why such a message was given up


@dataclass(frozen=True)
class Finding:
    """One step on the way: whether it is as it must be for the resource to be on the site, and what to know of it."""

    good: bool
    says: str


def is_listed(standing: Standing) -> bool:
    return standing.published and standing.document_published and standing.indexed_version is not None


def findings(standing: Standing) -> list[Finding]:
    """Why a resource is, or is not, on the site: the steps in order."""
    return [*_of_sources(standing), _of_visibility(standing), _of_document(standing), _of_index(standing)]


def _of_sources(standing: Standing) -> list[Finding]:
    if not standing.records:
        return [Finding(True, "No source gives it: staff made it.")]
    found = [_of_record(record) for record in standing.records]
    live = [finding for finding in found if finding.good]
    return [*live, *(Finding(bool(live), finding.says) for finding in found if not finding.good)]


def _of_record(record: RecordStanding) -> Finding:
    if record.withdrawn_at:
        return Finding(False, f"{record.source} does not give it any more; withdrawn on {record.withdrawn_at:%d %b %Y}.")
    if not record.published:
        return Finding(False, f"{record.source} says that it is not published.")
    if record.missing_since:
        return Finding(True, f"{record.source} has not given it since {record.missing_since:%d %b %Y}; it stays for the days of grace.")
    return Finding(True, f"{record.source} gives it.")


def _of_visibility(standing: Standing) -> Finding:
    if standing.published:
        return Finding(True, "It is shown to everyone.")
    return Finding(False, "It is hidden. Show it with the button above, if its sources do not hide it again.")


def _of_document(standing: Standing) -> Finding:
    if standing.document_version is None:
        return Finding(False, "No document was made of it yet. Have one made with: corridor publish")
    if standing.document_published != standing.published:
        return Finding(False, f"Its document (version {standing.document_version}) is not up to date. Have it made anew: corridor publish")
    return Finding(True, f"Its document has version {standing.document_version}.")


def _of_index(standing: Standing) -> Finding:
    if not standing.index_there:
        return Finding(False, "There is no index yet. Make one with: corridor index rebuild")
    wanted = standing.document_version if standing.document_published else None
    if standing.indexed_version == wanted:
        return Finding(wanted is not None, "The index holds this version." if wanted else "The index does not hold it, as it is hidden.")
    if standing.dead_reason:
        return Finding(False, f"The index could not take it: {standing.dead_reason} Replay it on the page of the index.")
    if standing.waiting:
        return Finding(False, "The index has not taken the last change yet; it is on its way.")
    held = f"version {standing.indexed_version}" if standing.indexed_version else "nothing of it"
    return Finding(False, f"The index holds {held}, and no change is on its way. Mend it with: corridor index repair")


@dataclass(frozen=True)
class Place:
    """A result after a change of the tuning: its place, 1 the first, and its place before, None beyond what was looked at."""

    id: int
    place: int
    before: int | None

    @property
    def moved(self) -> int:
        """Places up (positive) or down (negative); 0 where it stayed or was not there."""
        return self.before - self.place if self.before else 0


def compared(before: Sequence[int], after: Sequence[int]) -> list[Place]:
    """Results after a change, with their places before it."""
    earlier = {id: place for place, id in enumerate(before, 1)}
    return [Place(id, place, earlier.get(id)) for place, id in enumerate(after, 1)]


def why_not_replayed(kind: str, raw: Any) -> str:
    """Why trying a record of the quarantine again makes no sense; empty where it does."""
    if kind == "rival":
        return (
            "Another record of the same source claims the same identity. It is taken in by itself when the source gives only one of them."
        )
    if kind == "unusable":
        return "It was read well, but the database refuses what it says. It is tried again when the source changes it, or with: corridor ingest rebuild"
    if isinstance(raw, dict) and raw.keys() == {"cut"}:
        return "Only the beginning of it was kept, because it is too large or holds what cannot be stored. Read the source again to try it."
    return ""
