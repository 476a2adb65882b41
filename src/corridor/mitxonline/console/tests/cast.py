"""The cast of the registrar's tests: one learner with one of everything that the pages look after."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils.timezone import now

from corridor.accounts.models import User
from corridor.accounts.tests.cast import hashed
from corridor.kit import clock
from corridor.mitxonline.catalog.models import CourseRun
from corridor.mitxonline.certificates.actions import record_grade
from corridor.mitxonline.certificates.models import Certificate
from corridor.mitxonline.commerce import refunds
from corridor.mitxonline.commerce.models import Order, RefundRequest
from corridor.mitxonline.commerce.tests.cast import a_code, buy, product_of
from corridor.mitxonline.commerce.tests.gateway import PretendGateway
from corridor.mitxonline.console.access import REGISTRARS, make_registrars
from corridor.mitxonline.discounts.models import Discount
from corridor.mitxonline.enrollments.actions import enroll_in_program
from corridor.mitxonline.enrollments.models import ProgramEnrollment, RunEnrollment
from corridor.mitxonline.enrollments.tests.cast import a_learner, a_program_of, a_sold_run
from corridor.mitxonline.ledger.actions import open_case
from corridor.mitxonline.ledger.models import Case
from corridor.mitxonline.ledger.vocabulary import CaseKind
from corridor.mitxonline.openedx.models import CoursewareSeat
from corridor.mitxonline.reconciliation.actions import compare
from corridor.mitxonline.reconciliation.models import Finding
from corridor.mitxonline.reconciliation.vocabulary import FindingKind
from corridor.web.console.access import permissions


def make_user(name: str, *wanted: str) -> User:
    user: User = get_user_model().objects.create(username=name, password=hashed("a long password"))
    if wanted:
        user.user_permissions.set(permissions(wanted))
    return user


def make_registrar(name: str = "registrar") -> User:
    make_registrars()
    user = make_user(name)
    user.groups.add(Group.objects.get(name=REGISTRARS))
    return user


@dataclass(frozen=True)
class World:
    """Where each kind of thing is."""

    ada: User
    run: CourseRun
    other_run: CourseRun
    enrollment: RunEnrollment
    program_enrollment: ProgramEnrollment
    order: Order
    case: Case
    request: RefundRequest
    discount: Discount
    certificate: Certificate
    finding: Finding

    def arguments(self, name: str) -> dict[str, Any]:
        """What an address of this name takes."""
        learner, enrollment = {"pk": self.ada.pk}, {"pk": self.enrollment.pk}
        product, certificate = {"pk": product_of(self.run).pk}, {"uuid": self.certificate.uuid}
        keys: dict[str, Any] = {
            **dict.fromkeys(("learner", "enroll", "grant"), learner),
            "issue": {**learner, "kind": "course", "id": self.run.pk},
            **dict.fromkeys(("unenroll", "downgrade", "defer", "grade", "send_again"), enrollment),
            "unenroll_program": {"pk": self.program_enrollment.pk},
            **{key: {"pk": self.order.pk} for key in ("order", "refund")},
            **{key: {"pk": self.request.pk} for key in ("request", "approve", "deny")},
            **{key: {"pk": self.case.pk} for key in ("case", "close_case")},
            **{key: {"pk": self.discount.pk} for key in ("discount", "edit_discount", "assign_discount")},
            **dict.fromkeys(("product", "reprice", "withdraw", "put_back"), product),
            **dict.fromkeys(("certificate", "revoke", "reissue"), certificate),
            **{key: {"pk": self.finding.pk} for key in ("finding", "mend")},
            "compare": {"kind": FindingKind.CERTIFICATE_DUE.value},
        }
        return dict(keys.get(name, {}))


def make_world(gateway: PretendGateway) -> World:
    """Ada bought a run with a code, passed it, wants her money back, and her seat does not get to the courseware."""
    ada, run, other_run = a_learner(), a_sold_run(), a_sold_run(tag="2T2026")
    discount = a_code(products=[product_of(run)], people=[ada])
    order = buy(ada, gateway, run, code="LANTERN")
    record_grade(user_id=ada.pk, run_id=run.pk, grade=Decimal("0.91"), letter="A", passed=True, cause="courseware", forced=True)
    program = a_program_of(run)
    enroll_in_program(user_id=ada.pk, program_id=program.pk, actor=ada.pk, cause="learner")
    enrollment = RunEnrollment.objects.get(user=ada, course_run=run)
    CoursewareSeat.objects.create(
        run_enrollment=enrollment, attempts=5, refusals=5, permanent=True, error="no such course there", tried_at=now(), stuck_at=now()
    )
    asked = refunds.request_refund(ada.pk, order.pk, reason="other", text="I moved to the mountains.", consent=True)
    Order.objects.filter(pk=order.pk).update(state="review", updated_on=clock.now() - timedelta(hours=1))
    return World(
        ada=ada,
        run=run,
        other_run=other_run,
        enrollment=enrollment,
        program_enrollment=ProgramEnrollment.objects.get(user=ada),
        order=order,
        case=open_case(CaseKind.DISPUTE, key="T1", said="The payer disputes it.", order=order),
        request=asked,
        discount=discount,
        certificate=Certificate.objects.get(user=ada),
        finding=found(FindingKind.ORDER_STATE),
    )


def found(kind: FindingKind) -> Finding:
    compare(kind)
    return Finding.objects.get(kind=kind, resolved_on=None)
