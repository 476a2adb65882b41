"""What the people of the demo did before anybody looked: through the same actions as everybody else, on days that are past."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from corridor.accounts.models import User
from corridor.kit import clock
from corridor.mitxonline.catalog.models import CourseRun, Program
from corridor.mitxonline.certificates.actions import override_grade, record_grade
from corridor.mitxonline.commerce import actions as carts
from corridor.mitxonline.commerce.models import Refund
from corridor.mitxonline.enrollments.actions import enroll, enroll_in_program
from corridor.mitxonline.enrollments.draws import draw_from_program
from corridor.mitxonline.enrollments.errors import CountryBlocked
from corridor.mitxonline.gateways.port import Decision
from corridor.mitxonline.openedx import people as courseware
from corridor.mitxonline.openedx.errors import CoursewareRefused

from . import till
from .rules import COURSE, PROGRAM

WHY = "demo"
LONG_AGO = -40  # payments that gateways are no longer asked about


@dataclass(frozen=True)
class Cast:
    """Everybody by key, and the day from which their calendar counts."""

    people: Mapping[str, User]
    zero: datetime

    def on(self, day: int) -> AbstractContextManager[None]:
        return clock.fixed(self.zero + timedelta(days=day))


def live(cast: Cast) -> None:
    for history in (_listen, _be_refused, _complete_a_program, _be_in_the_middle, _order, _pay_otherwise):
        history(cast)


def run(name: str) -> str:
    return COURSE.format(name)


def program(name: str) -> str:
    return PROGRAM.format(name)


def _enroll(person: User, name: str) -> None:
    enroll(user_id=person.pk, run_id=CourseRun.objects.get(courseware_id=run(name)).pk, actor=person.pk, cause=WHY)


def _enroll_in_program(person: User, name: str) -> None:
    found = Program.objects.get(readable_id=program(name))
    enroll_in_program(user_id=person.pk, program_id=found.pk, actor=person.pk, cause=WHY)


# --- in and out of the courseware


def _listen(cast: Cast) -> None:
    with cast.on(-14):
        _enroll(cast.people["listener"], "ASTR.10x+1T")


def _be_refused(cast: Cast) -> None:
    """By the courseware, and by a course that is not offered where somebody lives; the check is kept."""
    account = courseware.keep_name(cast.people["refused"])
    said = {"country": [{"user_message": "Registration is closed for this country at the moment."}]}
    courseware.note_failure(account, CoursewareRefused("The courseware takes no account from there.", 400, said))
    _enroll_in_program(cast.people["refused"], "READERS")
    with cast.on(-9), suppress(CountryBlocked):
        _enroll(cast.people["abroad"], "CITY.20x+1T")


# --- courses and certificates


def _complete_a_program(cast: Cast) -> None:
    """Two courses, one graded by the courseware, one by the registrar, and the program that they make up."""
    graduate, registrar = cast.people["graduate"], cast.people["registrar"]
    with cast.on(-335):
        till.buy(graduate, program("SKIES"))
        _draw(graduate, "ASTR.20x+1T", "SKIES")
    with cast.on(-255):
        record_grade(user_id=graduate.pk, run_id=_number("ASTR.20x+1T"), grade="0.91", letter="A", passed=True, cause=WHY)
    with cast.on(-100):
        _draw(graduate, "ASTR.10x+1T", "SKIES")
    with cast.on(-60):
        reason = "Her notebook of the night sky came by post; the observatory has graded it."
        override_grade(
            actor=registrar, user_id=graduate.pk, run_id=_number("ASTR.10x+1T"), grade="0.87", letter="B", passed=True, reason=reason
        )


def _draw(person: User, course_run: str, from_program: str) -> None:
    draw_from_program(user_id=person.pk, courseware_id=run(course_run), program_ids=[program(from_program)], actor=person.pk)


def _number(name: str) -> int:
    return CourseRun.objects.values_list("pk", flat=True).get(courseware_id=run(name))


def _be_in_the_middle(cast: Cast) -> None:
    """One course paid for, one taken for free while its verified track can still be bought, of a program that asks for three."""
    reader = cast.people["reader"]
    with cast.on(LONG_AGO):
        _enroll_in_program(reader, "EVIDENCE")
        till.buy(reader, run("PROB.10x+1T"), code="FIFTH-EACH")
    with cast.on(-25):
        _enroll(reader, "CITY.10x+1T")


# --- orders and money


def _order(cast: Cast) -> None:
    """In every state that an order can be in."""
    buyer, registrar = cast.people["buyer"], cast.people["registrar"]
    with cast.on(LONG_AGO):
        till.buy(buyer, run("CITY.20x+1T"))
        partly = till.buy(buyer, run("ASTR.10x+1T"), run("PROB.10x+1T"), code="FIFTH-EACH")
        wholly = till.buy(buyer, run("CITY.10x+1T"))
        till.decide(till.begin(buyer, run("PROB.10x+1T_fr")), Decision.REVIEW)
        till.decide(till.begin(buyer, program("FIGURES"), code="FIFTEEN-EACH"), Decision.DECLINED, reason="The card was declined.")
        till.decide(till.begin(buyer, program("SKIES")), Decision.ERROR, reason="The bank did not answer.")
        till.decide(till.begin(buyer, program("TOWNS")), Decision.CANCELED)
    with cast.on(LONG_AGO + 2):
        till.give_back(partly, run("PROB.10x+1T"), actor=registrar, reason="Enrolled in another course")
        till.give_back(wholly, run("CITY.10x+1T"), actor=registrar, reason="The course is not as expected")
    with cast.on(-2):
        till.begin(buyer, run("ASTR.20x+2T"))  # stale: nobody pays it any more
    till.begin(buyer, program("EVIDENCE"))
    carts.add_to_basket(buyer.pk, till.product(program("EVIDENCE")))


def _pay_otherwise(cast: Cast) -> None:
    """Another amount, for no order of ours, and twice: a case for staff each."""
    payer = cast.people["payer"]
    with cast.on(LONG_AGO):
        differing = till.begin(payer, run("PROB.10x+1T_es_419"))
        till.decide(differing, amount=Decimal("56.00"))
        number = f"{differing.notice.transaction_id}-LOST"
        nobody = {"reference_number": "mitxonline-of-nobody", "attempt": None, "transaction_id": number, "event_id": number}
        till.decide(differing, Decision.ACCEPTED, amount=Decimal("12.50"), **nobody)
        begun = till.begin(payer, run("ASTR.10x+1T"))
        order = till.decide(begun)
        again = f"{begun.notice.transaction_id}-AGAIN"
        till.decide(begun, transaction_id=again, event_id=again)
        till.make(Refund.objects.select_related("payment").get(order=order))
