"""What a run has seen and done, counted while it goes on."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from .cleaning import storable
from .merge import Json

EXAMPLES = 10
LONGEST_TEXT = 160
WORDS = 30  # that a warning lists, the most frequent


@dataclass
class Tally:
    """The numbers of a run's report, and the first records of each kind."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    skipped: int = 0
    missing: int = 0
    unpublished: int = 0
    documents: int = 0
    changed_fields: Counter[str] = field(default_factory=Counter)
    examples: defaultdict[str, list[Json]] = field(default_factory=lambda: defaultdict(list))
    warned: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    @property
    def seen(self) -> int:
        return self.created + self.changed + self.unchanged + self.rejected + self.skipped

    def note_created(self, key: str, record: Json) -> None:
        self.created += 1
        self._example("created", {"key": key, "title": record["title"]})

    def note_changed(self, key: str, before: Json, after: Json) -> None:
        fields = differing(before, after)
        self.changed += 1
        self.changed_fields.update(fields)
        self._example("changed", {"key": key, "fields": {name: [brief(before.get(name)), brief(after.get(name))] for name in fields}})

    def note_rejected(self, key: str, reason: str) -> None:
        self.rejected += 1
        self._example("rejected", {"key": key, "reason": reason})

    def note_skipped(self, key: str, reason: str) -> None:
        self.skipped += 1
        self._example("skipped", {"key": key, "reason": reason})

    def note_missing(self, key: str) -> None:
        self.missing += 1
        self._example("missing", {"key": key})

    def warn(self, kind: str, about: str) -> None:
        self.warned[kind][storable(about[:LONGEST_TEXT])] += 1

    def add(self, applied: "Tally") -> None:
        """Take in what was counted where records were applied."""
        self.documents += applied.documents
        self.unpublished += applied.unpublished
        for kind, counts in applied.warned.items():
            self.warned[kind].update(counts)

    def _example(self, kind: str, example: Json) -> None:
        if len(self.examples[kind]) < EXAMPLES:
            self.examples[kind].append(storable(example))

    def report(self) -> Json:
        """The columns of the run's row."""
        numbers = ("seen", "created", "changed", "unchanged", "rejected", "skipped", "missing", "unpublished", "documents")
        return {
            **{name: getattr(self, name) for name in numbers},
            "changed_fields": dict(self.changed_fields.most_common()),
            "difference": dict(self.examples),
            "warnings": {kind: dict(counts.most_common(WORDS)) for kind, counts in self.warned.items()},
        }


def differing(before: Json, after: Json) -> list[str]:
    """Fields that are not the same in two records."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def brief(value: Any) -> Any:
    """A value as a report shows it: long ones are cut, many are counted."""
    if isinstance(value, str):
        return value if len(value) <= LONGEST_TEXT else value[:LONGEST_TEXT] + "…"
    if isinstance(value, list):
        return (
            [brief(each) for each in value]
            if len(value) <= 5 and not any(isinstance(each, dict) for each in value)
            else f"{len(value)} entries"
        )
    return {name: brief(each) for name, each in value.items()} if isinstance(value, dict) else value
