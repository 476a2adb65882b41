"""What a learner's timeline is made of: for each table whose row of theirs it is, when that was, and how it is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse

from corridor.accounts.models import User
from corridor.kit.audit.models import AuditEntry
from corridor.mitxonline.certificates.models import Certificate, GradeChange
from corridor.mitxonline.commerce.models import Order, Refund, RefundRequest
from corridor.mitxonline.discounts.models import Redemption
from corridor.mitxonline.enrollments.models import EnrollmentChange, Entitlement
from corridor.mitxonline.ledger.models import Case, GatewayNotice, Transaction
from corridor.mitxonline.openedx.models import CoursewareSeat
from corridor.mitxonline.reconciliation.models import Finding

THE_SYSTEM = "the system"
# Their own strands tell of these.
TOLD_ELSEWHERE = ("grade", "certificate")


@dataclass(frozen=True)
class Told:
    """What happened, in a sentence; by whom and why; and what it was before."""

    what: str
    by: str = ""
    cause: str = ""
    reason: str = ""
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    address: str = ""


@dataclass(frozen=True)
class Strand:
    name: str
    label: str
    rows: Callable[[], QuerySet[Any]]
    of: Callable[[int], Q]
    at: str
    tell: Callable[[Any], Told]
    loaded: Callable[[], QuerySet[Any]]  # the rows with all that telling of them needs


STRANDS: dict[str, Strand] = {}


def strand(
    name: str,
    label: str,
    *,
    rows: Callable[[], QuerySet[Any]],
    at: str,
    of: str = "user",
    loaded: Callable[[], QuerySet[Any]] | None = None,
) -> Callable[[Callable[[Any], Told]], Callable[[Any], Told]]:
    """Register how the rows of a table are told. `of` leads from a row to its learner."""

    def register(tell: Callable[[Any], Told]) -> Callable[[Any], Told]:
        STRANDS[name] = Strand(name, label, rows, lambda user_id: Q(**{of: user_id}), at, tell, loaded or rows)
        return tell

    return register


def shown(actor: User | None) -> str:
    return actor.shown_name if actor else THE_SYSTEM


def changed(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> dict[str, tuple[Any, Any]]:
    """What differs, in the order in which it is told."""
    old, new = before or {}, after or {}
    return {name: (old.get(name), new.get(name)) for name in {**old, **new} if old.get(name) != new.get(name)}


def _to_order(order_id: int | None) -> str:
    return reverse("registrar:order", args=[order_id]) if order_id else ""


# --- enrollments and rights


def _with_before(owner: str) -> QuerySet[EnrollmentChange]:
    """Changes with what the one before made of the same enrollment."""
    earlier = EnrollmentChange.objects.filter(**{owner: OuterRef(owner)}, number=OuterRef("number") - 1)
    told = earlier.values(told=JSONObject(active="active", mode="mode", status="change_status"))
    return EnrollmentChange.objects.select_related("actor").annotate(before=Subquery(told))


def _changes_in(owner: str) -> Callable[[], QuerySet[EnrollmentChange]]:
    return lambda: EnrollmentChange.objects.exclude(**{owner: None})


@strand(
    "run-change", "Enrollment", rows=_changes_in("run_enrollment"), of="run_enrollment__user", at="at",
    loaded=lambda: _with_before("run_enrollment").select_related("actor", "run_enrollment__course_run"),
)  # fmt: skip
def _run_change(change: Any) -> Told:
    return _enrollment(change, change.run_enrollment.course_run.courseware_id)


@strand(
    "program-change", "Enrollment", rows=_changes_in("program_enrollment"), of="program_enrollment__user", at="at",
    loaded=lambda: _with_before("program_enrollment").select_related("actor", "program_enrollment__program"),
)  # fmt: skip
def _program_change(change: Any) -> Told:
    return _enrollment(change, change.program_enrollment.program.readable_id)


def _enrollment(change: Any, what: str) -> Told:
    after = {"active": change.active, "mode": change.mode, "status": change.change_status}
    return Told(f"{change.get_kind_display()}: {what}", shown(change.actor), change.cause, change.reason, changed(change.before, after))


def _rights() -> QuerySet[Entitlement]:
    return Entitlement.objects.select_related("course_run", "program", "given_by", "line__order", "drawn_from__program")


@strand("right-given", "Rights", rows=Entitlement.objects.all, at="created_on", loaded=_rights)
def _right_given(right: Entitlement) -> Told:
    what = f"Right to the verified track of {_sold(right)}"
    if right.line:
        return Told(f"{what}, bought", cause=right.line.order.reference_number, address=_to_order(right.line.order_id))
    if right.drawn_from:
        return Told(f"{what}, drawn from that of {_sold(right.drawn_from)}", THE_SYSTEM)
    return Told(f"{what}, given", shown(right.given_by))


@strand("right-ended", "Rights", rows=Entitlement.objects.all, at="ended_on", loaded=_rights)
def _right_ended(right: Entitlement) -> Told:
    return Told(f"Right to the verified track of {_sold(right)} ended", reason=right.end_reason)


def _sold(row: Any) -> str:
    """The run or the program of a right, a line or a certificate."""
    return str(row.course_run.courseware_id if row.course_run else row.program.readable_id)


# --- money


@strand("order", "Order", rows=Order.objects.all, of="purchaser", at="created_on")
def _order(order: Order) -> Told:
    return Told(
        f"Order {order.reference_number} of ${order.total_price_paid}, now {order.get_state_display().lower()}", address=_to_order(order.pk)
    )


@strand(
    "transaction", "Money", rows=Transaction.objects.all, of="order__purchaser", at="occurred_at",
    loaded=lambda: Transaction.objects.select_related("order", "actor"),
)  # fmt: skip
def _transaction(moved: Any) -> Told:
    what = f"{moved.get_transaction_type_display()} of ${moved.amount} for {moved.order}"
    return Told(
        what, shown(moved.actor), f"{moved.gateway} {moved.transaction_id}".strip(), moved.reason, address=_to_order(moved.order_id)
    )


@strand(
    "notice", "Gateway", rows=GatewayNotice.objects.all, of="order__purchaser", at="received_at",
    loaded=lambda: GatewayNotice.objects.select_related("order").defer("payload"),
)  # fmt: skip
def _notice(notice: GatewayNotice) -> Told:
    what = f"{notice.gateway} says {notice.decision or 'something'} of {notice.order}: {notice.get_outcome_display().lower()}"
    return Told(what, notice.gateway, notice.channel, notice.said, address=_to_order(notice.order_id))


@strand(
    "refund", "Refund", rows=Refund.objects.all, of="order__purchaser", at="created_on",
    loaded=lambda: Refund.objects.select_related("order", "actor"),
)  # fmt: skip
def _refund(refund: Any) -> Told:
    seat = ", the seat is kept" if refund.keeps_seats else ""
    what = f"Refund of ${refund.amount} for {refund.order}{seat}, now: {refund.get_state_display().lower()}"
    return Told(what, shown(refund.actor), refund.message, refund.reason, address=_to_order(refund.order_id))


@strand(
    "refund-asked", "Refund", rows=RefundRequest.objects.all, at="created_on",
    loaded=lambda: RefundRequest.objects.select_related("order", "user"),
)  # fmt: skip
def _refund_asked(asked: RefundRequest) -> Told:
    what = f"Asked for the money of {asked.order} back: {asked.get_refund_reason_display().lower()}"
    return Told(what, shown(asked.user), reason=asked.refund_reason_text, address=_to_order(asked.order_id))


@strand(
    "refund-decided", "Refund", rows=RefundRequest.objects.all, at="decided_on",
    loaded=lambda: RefundRequest.objects.select_related("order", "decided_by"),
)  # fmt: skip
def _refund_decided(asked: RefundRequest) -> Told:
    return Told(
        f"Refund request for {asked.order}: {asked.get_status_display().lower()}",
        shown(asked.decided_by),
        address=_to_order(asked.order_id),
    )


def _cases() -> QuerySet[Case]:
    return Case.objects.select_related("closed_by")


@strand("case-opened", "Case", rows=Case.objects.all, of="order__purchaser", at="opened_on", loaded=_cases)
def _case_opened(case: Any) -> Told:
    return Told(f"{case.get_kind_display()}", THE_SYSTEM, reason=case.said, address=reverse("registrar:case", args=[case.pk]))


@strand("case-closed", "Case", rows=Case.objects.all, of="order__purchaser", at="closed_on", loaded=_cases)
def _case_closed(case: Any) -> Told:
    address = reverse("registrar:case", args=[case.pk])
    return Told(f"Case closed: {case.get_kind_display()}", shown(case.closed_by), reason=case.note, address=address)


@strand(
    "redemption", "Code", rows=Redemption.objects.all, at="created_on",
    loaded=lambda: Redemption.objects.select_related("discount", "order"),
)  # fmt: skip
def _redemption(use: Redemption) -> Told:
    what = f"Code {use.discount} with {use.order}, now: {use.get_state_display().lower()}"
    return Told(what, address=reverse("registrar:discount", args=[use.discount_id]))


# --- grades, certificates, courseware


def _grades() -> QuerySet[GradeChange]:
    earlier = GradeChange.objects.filter(of=OuterRef("of"), pk__lt=OuterRef("pk")).order_by("-pk")
    told = earlier.values(told=JSONObject(grade="grade", letter="letter_grade", passed="passed"))[:1]
    return GradeChange.objects.select_related("actor", "of__course_run").annotate(before=Subquery(told))


@strand("grade", "Grade", rows=GradeChange.objects.all, of="of__user", at="at", loaded=_grades)
def _grade(change: Any) -> Told:
    after = {"grade": float(change.grade), "letter": change.letter_grade, "passed": change.passed}
    what = f"Grade {change.grade:.0%} in {change.of.course_run.courseware_id}"
    return Told(what, shown(change.actor), change.cause, changes=changed(change.before, after))


def _certificates() -> QuerySet[Certificate]:
    return Certificate.objects.select_related("course_run", "program", "revoked_by", "replaces")


@strand("certificate-issued", "Certificate", rows=Certificate.objects.all, at="created_on", loaded=_certificates)
def _certificate_issued(certificate: Any) -> Told:
    instead = f", in place of {certificate.replaces}" if certificate.replaces else ""
    return Told(f"Certificate of {_sold(certificate)} issued{instead}", address=reverse("registrar:certificate", args=[certificate.uuid]))


@strand("certificate-revoked", "Certificate", rows=Certificate.objects.all, at="revoked_on", loaded=_certificates)
def _certificate_revoked(certificate: Any) -> Told:
    return Told(
        f"Certificate of {_sold(certificate)} revoked", shown(certificate.revoked_by), reason=certificate.revoked_because,
        changes={"valid": (True, False)}, address=reverse("registrar:certificate", args=[certificate.uuid]),
    )  # fmt: skip


def _seats() -> QuerySet[CoursewareSeat]:
    return CoursewareSeat.objects.select_related("run_enrollment__course_run")


@strand(
    "seat-tried",
    "Courseware",
    rows=lambda: CoursewareSeat.objects.exclude(error=""),
    of="run_enrollment__user",
    at="tried_at",
    loaded=_seats,
)
def _seat_tried(seat: CoursewareSeat) -> Told:
    how = "is stuck" if seat.stuck_at else "is tried again"
    what = f"Sending {seat.run_enrollment.course_run.courseware_id} to the courseware failed and {how}"
    return Told(what, THE_SYSTEM, f"{seat.attempts} tries", seat.error)


@strand("seat-confirmed", "Courseware", rows=CoursewareSeat.objects.all, of="run_enrollment__user", at="confirmed_at", loaded=_seats)
def _seat_confirmed(seat: CoursewareSeat) -> Told:
    how = f"in, {seat.confirmed_mode}" if seat.confirmed_active else "out"
    return Told(f"The courseware confirms {seat.run_enrollment.course_run.courseware_id}: {how}", "the courseware")


# --- what else is kept


@strand(
    "audit", "Audit", rows=lambda: AuditEntry.objects.exclude(object_type__in=TOLD_ELSEWHERE), of="about", at="at",
    loaded=lambda: AuditEntry.objects.select_related("actor"),
)  # fmt: skip
def _audit(entry: Any) -> Told:
    return Told(
        entry.code.replace(".", " ").replace("_", " ").capitalize(),
        shown(entry.actor),
        entry.cause,
        changes=changed(entry.before, entry.after),
    )


@strand("finding", "Finding", rows=Finding.objects.all, of="about", at="first_seen")
def _finding(finding: Any) -> Told:
    return Told(finding.get_kind_display(), THE_SYSTEM, reason=finding.said, address=reverse("registrar:findings"))
