"""What a comparison is: a function that looks at two things that must agree and gives where they do not."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .vocabulary import FindingKind


@dataclass(frozen=True)
class Found:
    """One thing that does not agree. `data` is what a repair needs to know of it."""

    key: str
    said: str
    about: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Compared:
    """What was found. A comparison that went through a part alone names the keys that it saw, and where it goes on."""

    found: Sequence[Found]
    seen: Collection[str] | None = None  # none: everything there is
    reached: int = 0


# Takes where the last one of a comparison in pages ended.
Compare = Callable[[int], Compared]
COMPARISONS: dict[FindingKind, Compare] = {}


def compares(kind: FindingKind) -> Callable[[Compare], Compare]:
    """Register a function as the comparison that finds this kind. It asks; it writes nothing."""

    def register(compare: Compare) -> Compare:
        COMPARISONS[kind] = compare
        return compare

    return register
