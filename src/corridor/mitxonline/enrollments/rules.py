"""What becomes of an enrollment, step by step, and who may come in. Pure; when a run takes people in is the catalogue's rule."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from corridor.mitxonline.catalog.facts import RunFacts
from corridor.mitxonline.catalog.requirements import Node
from corridor.mitxonline.catalog.rules import is_enrollable
from corridor.mitxonline.catalog.vocabulary import Mode, NodeType, Operator

from .vocabulary import ChangeKind, ChangeStatus

# Each names a reason or a right that ended; by all others a mode stays or rises.
LOWERING = frozenset({ChangeKind.DOWNGRADED, ChangeKind.REFUNDED, ChangeKind.DEFERRED, ChangeKind.UNENROLLED})
STATUS_AFTER = {ChangeKind.REFUNDED: ChangeStatus.REFUNDED, ChangeKind.DEFERRED: ChangeStatus.DEFERRED}


@dataclass(frozen=True)
class View:
    """What is so of an enrollment after a change."""

    active: bool
    mode: str
    change_status: str | None = None


@dataclass(frozen=True)
class Step:
    """A change: its kind, and what is so afterwards."""

    kind: ChangeKind
    view: View


def enrolled(before: View | None, mode: str) -> Step | None:
    """Who is enrolled stays so in the better of both modes; None where nothing changes."""
    if before is None:
        return Step(ChangeKind.ENROLLED, View(True, mode))
    after = View(True, Mode.VERIFIED if Mode.VERIFIED in (mode, before.mode) else Mode.AUDIT)
    if not before.active:
        return Step(ChangeKind.REENROLLED, after)
    return Step(ChangeKind.UPGRADED, after) if after.mode != before.mode else None


def unenrolled(before: View, *, keeps_mode: bool) -> Step | None:
    """`keeps_mode`: of those whose right to the verified track outlives their leaving."""
    if not before.active:
        return None
    return Step(ChangeKind.UNENROLLED, View(False, before.mode if keeps_mode else Mode.AUDIT, ChangeStatus.UNENROLLED))


def lowered(before: View, kind: ChangeKind) -> Step | None:
    """To the audit track, where who was enrolled stays enrolled."""
    after = View(before.active, Mode.AUDIT, STATUS_AFTER.get(kind, before.change_status))
    return Step(kind, after) if after != before else None


# --- who may come in


def takes_in(run: RunFacts, now: datetime, *, bought: bool = False) -> bool:
    """Whether a run takes in somebody who is not enrolled; who `bought` it may come back as long as it is sold, too."""
    sold = run.upgrade_deadline is None or now < run.upgrade_deadline
    over = run.end_date is not None and run.end_date <= now
    return is_enrollable(run, now) or (bought and run.live and sold and not over)


def is_free(run: RunFacts) -> bool:
    """Whether there is a track that nobody pays for. A run without any declared track has one."""
    return not run.modes or any(not mode.requires_payment for mode in run.modes)


@dataclass(frozen=True)
class ProgramWindow:
    live: bool
    enrollment_start: datetime | None
    enrollment_end: datetime | None


def program_takes_in(program: ProgramWindow, now: datetime) -> bool:
    """A program without dates takes people in at any time."""
    opened = program.enrollment_start is None or program.enrollment_start <= now
    return program.live and opened and (program.enrollment_end is None or now < program.enrollment_end)


# --- programs


def is_verified_throughout(tree: Iterable[Node], courses: Collection[int], programs: Collection[int]) -> bool:
    """Whether all that a program asks for is taken on the verified track: then the program is, too. An empty tree never is."""
    verdicts = [_is_taken(node, courses, programs) for node in tree]
    return bool(verdicts) and all(verdicts)


def _is_taken(node: Node, courses: Collection[int], programs: Collection[int]) -> bool:
    if node.type == NodeType.COURSE:
        return node.course in courses
    if node.type == NodeType.PROGRAM:
        return node.program in programs
    taken = sum(_is_taken(each, courses, programs) for each in node.children)
    needed = len(node.children) if node.operator == Operator.ALL_OF else node.number or 0
    return needed > 0 and taken >= needed
