"""What is safe to do about a finding with one click: only what the rules would have done themselves, by the domains' own actions."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from corridor.accounts.models import User
from corridor.kit import audit
from corridor.mitxonline.catalog.vocabulary import Mode
from corridor.mitxonline.certificates.actions import issue_due, issue_due_programs
from corridor.mitxonline.commerce import locks, payments, states
from corridor.mitxonline.commerce.models import OrderLine
from corridor.mitxonline.discounts import actions as discounts
from corridor.mitxonline.enrollments import actions as enrollments
from corridor.mitxonline.enrollments import entitlements
from corridor.mitxonline.enrollments.models import Entitlement
from corridor.mitxonline.gateways import registry
from corridor.mitxonline.openedx.actions import replay_seats

from . import actions
from .errors import FindingGone, NoRepair
from .models import Finding
from .vocabulary import FindingKind

CAUSE = "reconciliation"
Data = Mapping[str, Any]


def repair(finding_id: int, *, actor: User, reason: str) -> bool:
    """Mend one and compare again; whether it is gone now. Belongs outside of transactions. Raises FindingGone, NoRepair, and what mending raises."""
    finding = Finding.objects.filter(pk=finding_id, resolved_on=None).first()
    if finding is None:
        raise FindingGone
    kind = FindingKind(finding.kind)
    mend = REPAIRS.get(kind)
    if mend is None:
        raise NoRepair
    _note(finding, actor, reason)  # first: whatever comes of it, it is known who asked for it
    mend(finding, actor)
    if kind == FindingKind.NOT_IN_COURSEWARE:  # the relay has yet to bring it there
        return False
    actions.compare(kind)
    finding.refresh_from_db()
    return finding.resolved_on is not None


@transaction.atomic
def _note(finding: Finding, actor: User, reason: str) -> None:
    told = {"kind": finding.kind, "key": finding.key}
    audit.record(
        about=finding.about_id, actor=actor.pk, code="finding.repair_asked", cause=reason, object=("finding", finding.pk), after=told
    )


def _seat(finding: Finding, actor: User) -> None:
    line = OrderLine.objects.select_related("order").get(pk=finding.data["line"])
    what: Any = {"run_id": line.course_run_id, "program_id": line.program_id, "line_id": line.pk}
    entitlements.grant(user_id=line.order.purchaser_id, cause=CAUSE, actor=actor.pk, **what)


def _use_right(finding: Finding, actor: User) -> None:
    right = Entitlement.objects.get(pk=finding.data["right"])
    how: Any = {"user_id": right.user_id, "mode": Mode.VERIFIED, "actor": actor.pk, "cause": CAUSE, "keep_window": False}
    if right.course_run_id is not None:
        enrollments.enroll(run_id=right.course_run_id, **how)
    elif right.program_id is not None:
        enrollments.enroll_in_program(program_id=right.program_id, **how)


def _send(finding: Finding, actor: User) -> None:
    replay_seats([finding.data["enrollment"]])


def _ask_gateway(finding: Finding, actor: User) -> None:
    """What the gateway tells of the order is taken in, as if it had told it by itself."""
    since = datetime.fromisoformat(finding.data["at"]) - timedelta(days=1)
    for notice in registry.gateway(finding.data["gateway"]).look_up(finding.data["reference"], since):
        payments.take(notice, "look-up")


@transaction.atomic
def _count_code(finding: Finding, actor: User) -> None:
    """The use follows the order: used up where it is paid, given back where it was given up."""
    order = locks.order(finding.data["order"])
    if order.fulfilled_on is not None:
        discounts.redeem(order)
    else:
        discounts.release(order, CAUSE)


def _issue(finding: Finding, actor: User) -> None:
    give = issue_due if finding.data["kind"] == "course" else issue_due_programs
    give([(finding.about_id or 0, finding.data["id"])], actor=actor.pk, cause=CAUSE)


@transaction.atomic
def _write_state(finding: Finding, actor: User) -> None:
    states.refresh(locks.order(finding.data["order"]))


REPAIRS: dict[FindingKind, Callable[[Finding, User], None]] = {
    FindingKind.PAID_UNSEATED: _seat,
    FindingKind.NOT_IN_COURSEWARE: _send,
    FindingKind.NOT_IN_LEDGER: _ask_gateway,
    FindingKind.RIGHT_UNUSED: _use_right,
    FindingKind.CODE_MISCOUNTED: _count_code,
    FindingKind.CERTIFICATE_DUE: _issue,
    FindingKind.ORDER_STATE: _write_state,
}
