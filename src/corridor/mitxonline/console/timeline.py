"""Everything that happened to one learner as a single list, the newest first: strands of several tables, merged by the database."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast

from .strands import STRANDS, Strand, Told

SIZE = 40  # entries of a page


@dataclass(frozen=True)
class Entry:
    at: datetime
    label: str
    told: Told


@dataclass(frozen=True)
class Page:
    entries: Sequence[Entry]
    number: int
    count: int

    @property
    def previous(self) -> int:
        """0 where there is none, as `following`."""
        return self.number - 1

    @property
    def following(self) -> int:
        return self.number + 1 if self.number * SIZE < self.count else 0


def labels() -> list[str]:
    """What the list can be narrowed to, in the order of the strands."""
    return list(dict.fromkeys(strand.label for strand in STRANDS.values()))


def timeline(user_id: int, *, only: Collection[str] = (), number: int = 1) -> Page:
    """A page of what happened, narrowed to strands with these labels. Two queries, and one for each strand that has a part in it."""
    merged = _merged(user_id, [strand for strand in STRANDS.values() if not only or strand.label in only])
    count = merged.count()
    number = max(1, min(number, -(-count // SIZE)))
    found = list(merged[(number - 1) * SIZE : number * SIZE])
    told = dict(_told(found))
    return Page([Entry(at, STRANDS[name].label, told[name, key]) for at, name, key in found if (name, key) in told], number, count)


def _merged(user_id: int, strands: Sequence[Strand]) -> QuerySet[Any, Any]:
    first, *others = [_keys(strand, user_id) for strand in strands]
    return first.union(*others, all=True).order_by("-strand_at", "strand_name", "-strand_key")


def _keys(strand: Strand, user_id: int) -> QuerySet[Any, Any]:
    rows = strand.rows().filter(strand.of(user_id)).exclude(**{strand.at: None}).order_by()
    keys = rows.annotate(strand_at=F(strand.at), strand_name=Value(strand.name, CharField()), strand_key=Cast("pk", CharField()))
    named: QuerySet[Any, Any] = keys.values_list("strand_at", "strand_name", "strand_key")
    return named


def _told(found: Sequence[tuple[datetime, str, str]]) -> Iterator[tuple[tuple[str, str], Told]]:
    for name, group in groupby(sorted((name, key) for _, name, key in found), key=lambda each: each[0]):
        strand = STRANDS[name]
        for row in strand.loaded().filter(pk__in=[key for _, key in group]):
            yield (name, str(row.pk)), strand.tell(row)
