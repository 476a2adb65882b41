"""What is wrong, said so that a person can mend it. Nothing in c4gen fails by a traceback over what it reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True)
class Finding:
    """`code` is stable and greppable (`model.unknown-key`); `path` and `line` say where, as far as known."""

    code: str
    message: str
    severity: Severity = Severity.ERROR
    path: str = ""
    line: int = 0

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}: " if self.line else f"{self.path}: " if self.path else ""
        return f"{place}{self.severity}: {self.message} [{self.code}]"


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each once, worst first, then by place."""
    return tuple(sorted(set(findings), key=lambda found: (_ORDER[found.severity], found.path, found.line, found.code, found.message)))
