"""Who has earned what: the certificate of a run, and that of a program by its tree. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from corridor.mitxonline.catalog.requirements import Node, circle_through, programs
from corridor.mitxonline.catalog.vocabulary import NodeType, Operator


class Why(StrEnum):
    """What decided. The first five say that something is met or earned."""

    CERTIFICATE = "certificate"
    GRADE = "grade"  # passed where no certificate could be had
    ENOUGH = "enough"
    HELD = "held"
    DUE = "due"
    TOO_FEW = "too_few"
    EMPTY = "empty"
    CIRCLE = "circle"
    MISSING = "missing"
    NOT_GRADED = "not_graded"
    NOT_PASSED = "not_passed"
    NOT_PAID = "not_paid"
    NOT_YET = "not_yet"
    NOT_ENROLLED = "not_enrolled"
    REVOKED = "revoked"
    VARIANT = "variant"


# --- the certificate of a run


@dataclass(frozen=True)
class RunTerms:
    """On what a run gives certificates. `available_from` binds those that are paced by an instructor."""

    is_self_paced: bool
    available_from: datetime | None
    is_variant: bool


@dataclass(frozen=True)
class Standing:
    """A learner in a run; `passed` is None before there is a grade."""

    passed: bool | None
    is_paid: bool
    holds: bool = False
    was_revoked: bool = False


def of_run(run: RunTerms, learner: Standing, now: datetime, *, forced: bool = False) -> Why:
    """Whether the certificate is due, and if not why. `forced`: the courseware says that it is, whatever the date."""
    if learner.holds:
        return Why.HELD
    if learner.was_revoked:
        return Why.REVOKED
    if run.is_variant:
        return Why.VARIANT
    if learner.passed is None:
        return Why.NOT_GRADED
    if not learner.passed:
        return Why.NOT_PASSED
    if not learner.is_paid:
        return Why.NOT_PAID
    return Why.DUE if forced or is_available(run, now) else Why.NOT_YET


def is_available(run: RunTerms, now: datetime) -> bool:
    return run.is_self_paced or (run.available_from is not None and run.available_from <= now)


# --- what a program requires


@dataclass(frozen=True)
class Attempt:
    """What came of a run. `certified`: with a certificate that stands, from an enrollment that does."""

    run: str
    passed: bool | None = None
    certified: bool = False
    was_revoked: bool = False
    has_verified_track: bool = True


@dataclass(frozen=True)
class Asked:
    """What a program asks for. `is_paid`: it has a certificate of its own, which counts where another program requires it."""

    tree: tuple[Node, ...]
    is_paid: bool = True


@dataclass(frozen=True)
class Earned:
    """What a learner has: attempts by course, and the programs whose certificate they hold."""

    attempts: Mapping[int, Collection[Attempt]] = field(default_factory=dict)
    programs: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Verdict:
    """Whether a node of the tree is met, and what decided. Of a course, `run` is the one that counts or comes nearest."""

    met: bool
    why: Why
    node: Node | None = None
    run: str = ""
    needed: int = 0
    had: int = 0
    parts: tuple["Verdict", ...] = ()


def evaluate(program: int, asked: Mapping[int, Asked], earned: Earned) -> Verdict:
    """Whether all that a program asks for is there. `asked` names it and, as far as they lead, the programs within."""
    return _Walk(asked, earned).program(program)


class _Walk:
    """One look at the trees of many programs. Each is judged once: a program may be required in many places."""

    def __init__(self, asked: Mapping[int, Asked], earned: Earned) -> None:
        self.asked = asked
        self.earned = earned
        self.required = {id: programs(each.tree) for id, each in asked.items()}
        self.judged: dict[int, Verdict] = {}

    def program(self, id: int) -> Verdict:
        if id not in self.judged:
            self.judged[id] = self._judge(id)
        return self.judged[id]

    def _judge(self, id: int) -> Verdict:
        if circle_through(id, self.required.get(id, ()), self.required):
            return Verdict(False, Why.CIRCLE)
        tree = self.asked[id].tree if id in self.asked else ()
        return counted(tuple(self.node(each) for each in tree), len(tree))

    def node(self, node: Node) -> Verdict:
        if node.type == NodeType.COURSE and node.course is not None:
            return of_course(node, self.earned.attempts.get(node.course, ()))
        if node.type == NodeType.PROGRAM and node.program is not None:
            return self.nested(node, node.program)
        return self.operator(node)

    def nested(self, node: Node, id: int) -> Verdict:
        if id in self.asked and self.asked[id].is_paid:
            held = id in self.earned.programs
            return Verdict(held, Why.CERTIFICATE if held else Why.MISSING, node)
        inner = self.program(id)
        return Verdict(inner.met, inner.why, node, needed=inner.needed, had=inner.had, parts=inner.parts)

    def operator(self, node: Node) -> Verdict:
        needed = len(node.children) if node.operator == Operator.ALL_OF else node.number or 0
        return counted(tuple(self.node(each) for each in node.children), needed, node)


def counted(parts: Sequence[Verdict], needed: int, node: Node | None = None) -> Verdict:
    """So many of these; none of none is nothing earned."""
    had = sum(part.met for part in parts)
    if not parts or needed < 1:
        return Verdict(False, Why.EMPTY, node, parts=tuple(parts))
    return Verdict(had >= needed, Why.ENOUGH if had >= needed else Why.TOO_FEW, node, needed=needed, had=had, parts=tuple(parts))


def of_course(node: Node, attempts: Collection[Attempt]) -> Verdict:
    """By the attempt that went furthest."""
    told = [(RANKS.index(why), attempt.run, why) for attempt in attempts for why in [_of_attempt(attempt)]]
    _, run, why = min(told, default=(0, "", Why.MISSING))
    return Verdict(why in (Why.CERTIFICATE, Why.GRADE), why, node, run)


RANKS = (Why.CERTIFICATE, Why.GRADE, Why.REVOKED, Why.NOT_PAID, Why.NOT_PASSED, Why.NOT_GRADED)


def _of_attempt(attempt: Attempt) -> Why:
    if attempt.certified:
        return Why.CERTIFICATE
    if attempt.passed and not attempt.has_verified_track:
        return Why.GRADE
    if attempt.was_revoked:
        return Why.REVOKED
    if attempt.passed is None:
        return Why.NOT_GRADED
    return Why.NOT_PAID if attempt.passed else Why.NOT_PASSED


# --- the certificate of a program


def of_program(verdict: Verdict, *, is_verified: bool, holds: bool = False, was_revoked: bool = False) -> Why:
    """Whether it is due. Who is not on the verified track gets none, whatever they took."""
    if holds:
        return Why.HELD
    if was_revoked:
        return Why.REVOKED
    if not is_verified:
        return Why.NOT_ENROLLED
    return Why.DUE if verdict.met else verdict.why
