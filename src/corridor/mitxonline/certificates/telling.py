"""Why something was or was not earned, in sentences for the learner. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from corridor.mitxonline.catalog.requirements import Node
from corridor.mitxonline.catalog.vocabulary import NodeType, Operator

from .rules import RunTerms, Verdict, Why


@dataclass(frozen=True)
class Told:
    """A requirement as a page lists it: what it is, whether it is met, and why."""

    met: bool
    name: str
    sentence: str
    parts: list["Told"] = field(default_factory=list)
    is_operator: bool = False


@dataclass(frozen=True)
class Names:
    """Titles of courses and programs by number, of runs by the id at the courseware."""

    courses: Mapping[int, str]
    programs: Mapping[int, str]
    runs: Mapping[str, str] = field(default_factory=dict)


OF_COURSE = {
    Why.CERTIFICATE: "Done: you hold the certificate of {run}.",
    Why.GRADE: "Done: you passed {run}, which gives no certificates.",
    Why.REVOKED: "Your certificate of {run} was revoked, so it does not count.",
    Why.NOT_PAID: "You passed {run} without a certificate. Only its verified track counts here.",
    Why.NOT_PASSED: "You have not passed {run} yet.",
    Why.NOT_GRADED: "You are enrolled in {run} and have no grade yet.",
    Why.MISSING: "You have not taken this course yet.",
}
OF_PROGRAM = {
    Why.CERTIFICATE: "Done: you hold the certificate of this program.",
    Why.ENOUGH: "Done: you have met all that this program asks for.",
    Why.MISSING: "You do not hold the certificate of this program yet.",
    Why.TOO_FEW: "{had} of {needed} parts of this program are done.",
    Why.EMPTY: "What this program asks for has not been announced, so nobody can complete it yet.",
    Why.CIRCLE: "This program requires itself, which is our mistake. Please write to us.",
}
CERTIFICATE_OF_RUN = {
    Why.HELD: "You have earned this certificate.",
    Why.DUE: "You have earned this certificate. It will be here within an hour.",
    Why.REVOKED: "This certificate was revoked. Write to us if you do not know why.",
    Why.VARIANT: "This edition of the course gives no certificates.",
    Why.NOT_GRADED: "There is no grade yet.",
    Why.NOT_PASSED: "The course is not passed yet.",
    Why.NOT_PAID: "You passed the course on the free track. Certificates come with the verified track.",
}
CERTIFICATE_OF_PROGRAM = {
    Why.HELD: "You have earned this certificate.",
    Why.DUE: "You have earned this certificate. It will be here by tomorrow.",
    Why.REVOKED: "This certificate was revoked. Write to us if you do not know why.",
    Why.NOT_ENROLLED: "Certificates come with the verified track of the program. You are not on it.",
    Why.EMPTY: OF_PROGRAM[Why.EMPTY],
    Why.CIRCLE: OF_PROGRAM[Why.CIRCLE],
    Why.TOO_FEW: "{had} of {needed} parts are done.",
}


def certificate_of_run(why: Why, run: RunTerms) -> str:
    if why == Why.NOT_YET:
        return f"You passed. Certificates of this run are given {from_when(run.available_from)}."
    return CERTIFICATE_OF_RUN[why]


def from_when(date: datetime | None) -> str:
    return f"from {date.day} {date:%B %Y}" if date else "when its date has been set"


def certificate_of_program(why: Why, verdict: Verdict) -> str:
    counted = _counted(verdict)
    return CERTIFICATE_OF_PROGRAM[why].format(had=counted.had, needed=counted.needed)


def _counted(verdict: Verdict) -> Verdict:
    """Where something is counted: not at a single operator, but among its parts."""
    return _counted(verdict.parts[0]) if len(verdict.parts) == 1 and verdict.parts[0].parts else verdict


def requirements(verdicts: Sequence[Verdict], names: Names) -> list[Told]:
    """The parts of a verdict, in the order of the tree."""
    return [requirement(verdict, verdict.node, names) for verdict in verdicts if verdict.node]


def requirement(verdict: Verdict, node: Node, names: Names) -> Told:
    parts = requirements(verdict.parts, names)
    if node.type == NodeType.COURSE:
        run = names.runs.get(verdict.run, verdict.run)
        return Told(verdict.met, names.courses.get(node.course or 0, "A course"), OF_COURSE[verdict.why].format(run=run))
    if node.type == NodeType.PROGRAM:
        sentence = OF_PROGRAM[verdict.why].format(had=verdict.had, needed=verdict.needed)
        return Told(verdict.met, names.programs.get(node.program or 0, "A program"), sentence, parts)
    return Told(verdict.met, heading(node), of_operator(verdict), parts, is_operator=True)


def heading(node: Node) -> str:
    return node.title or ("Required" if node.operator == Operator.ALL_OF else "To choose from")


def of_operator(verdict: Verdict) -> str:
    if verdict.why == Why.EMPTY:
        return "Nothing is asked for here, so it cannot be met. Please write to us."
    if verdict.needed == len(verdict.parts):
        wanted = "This is needed" if verdict.needed == 1 else f"All {verdict.needed} are needed"
    else:
        wanted = f"{verdict.needed} of {len(verdict.parts)} {'is' if verdict.needed == 1 else 'are'} needed"
    return f"{wanted}; you have {'none' if verdict.had == 0 else verdict.had}."
