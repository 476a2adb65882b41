"""Money that goes back: owed in one transaction, sent by the outbox, booked when the gateway has made it. Line by line."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q, Sum

from corridor.kit import audit, clock
from corridor.kit.outbox import publish
from corridor.mitxonline.enrollments import entitlements
from corridor.mitxonline.gateways import registry
from corridor.mitxonline.gateways.port import RefundOrder, RefundOutcome
from corridor.mitxonline.ledger.actions import Part, move, open_case
from corridor.mitxonline.ledger.models import Posting, Transaction
from corridor.mitxonline.ledger.vocabulary import Account, CaseKind, TransactionType

from . import letters, locks, queries, rules, states
from .errors import RefundNotEligible, RefundRefused, RequestNotFound, RequestOpen
from .models import Order, Refund, RefundLine, RefundRequest
from .rules import Returnable
from .vocabulary import RefundReason, RefundState, RequestStatus

TOPIC = "mitxonline.refunds"
FINAL = (RefundState.SUCCEEDED, RefundState.REFUSED)
NOTHING = Decimal("0.00")


@transaction.atomic
def refund(
    order_id: int,
    *,
    lines: Mapping[int, Decimal | None],
    actor: int | None,
    reason: str,
    keeps_seats: bool = False,
    id: UUID | None = None,
) -> Refund:
    """Owe back so much of each line; None is all that is left of it. The same id again is the same refund.

    A line that is refunded whole ends the seat that it gave, unless `keeps_seats`. Raises OrderNotFound and RefundRefused.
    """
    order = locks.order(order_id)
    if id is not None and (earlier := Refund.objects.filter(pk=id, order=order).first()):
        return earlier
    if not reason.strip():
        raise RefundRefused("A refund needs a reason. Say why; the learner's history keeps it.")
    amounts = rules.amounts_to_return(lines, returnable(order))
    if isinstance(amounts, str):
        raise RefundRefused(amounts)
    return owe_lines_back(order, _sale(order), amounts, actor=actor, reason=reason, keeps_seats=keeps_seats, id=id)


def returnable(order: Order) -> dict[int, Returnable]:
    """What can still be refunded of each line that was paid."""
    rows = Posting.objects.filter(line__order=order, amount__lt=0).values("line").order_by().annotate(total=Sum("amount"))
    back = RefundLine.objects.filter(line__order=order).exclude(refund__state=RefundState.REFUSED)
    owed = dict(back.values_list("line").order_by().annotate(total=Sum("amount")))
    return {row["line"]: Returnable(-row["total"], owed.get(row["line"], NOTHING)) for row in rows}


def _sale(order: Order) -> Transaction:
    """The payment that its lines were sold for."""
    return Transaction.objects.filter(order=order, postings__account=Account.SALES, transaction_type=TransactionType.PAYMENT).first()  # type: ignore[return-value]  # what is returnable was sold


def owe_lines_back(
    order: Order,
    payment: Transaction,
    amounts: Mapping[int, Decimal],
    *,
    actor: int | None,
    reason: str,
    keeps_seats: bool = False,
    id: UUID | None = None,
) -> Refund:
    """The order's lock is held."""
    owed = _owe(payment, sum(amounts.values(), NOTHING), id=id, order=order, actor_id=actor, reason=reason, keeps_seats=keeps_seats)
    RefundLine.objects.bulk_create(RefundLine(refund=owed, line_id=line, amount=amount) for line, amount in amounts.items())
    return owed


@transaction.atomic
def owe_payment_back(payment: Transaction, *, actor: int | None, reason: str) -> Refund:
    """Owe back a payment that nothing was sold for. Raises RefundRefused where something was, or it goes back already."""
    locks.movement(payment.gateway, payment.transaction_id)
    sold = payment.postings.filter(account=Account.SALES).exists()
    if sold or Refund.objects.filter(payment=payment).exclude(state=RefundState.REFUSED).exists():
        raise RefundRefused("This payment bought something, or goes back already. Refund the lines of its order instead.")
    return _owe(payment, payment.amount, order=payment.order, actor_id=actor, reason=reason)


def _owe(payment: Transaction, amount: Decimal, *, id: UUID | None = None, **told: Any) -> Refund:
    owed = Refund.objects.create(pk=id or uuid4(), payment=payment, amount=amount, **told)
    publish(TOPIC, [str(owed.pk)])
    about = payment.order.purchaser_id if payment.order else None
    after = {"refund": str(owed.pk), "amount": str(amount), "keeps_seats": owed.keeps_seats}
    audit.record(
        about=about,
        actor=owed.actor_id,
        code="refund.owed",
        cause=owed.reason,
        object=("order", payment.order_id) if payment.order_id else ("payment", payment.pk),
        after=after,
    )
    return owed


# --- at the gateway


def send(refund_id: UUID) -> RefundState:
    """Have the gateway make a refund, and book what it says. However often: the refund's id makes it once.

    Belongs outside of transactions. Raises GatewayUnavailable, when it is to be sent again.
    """
    owed = Refund.objects.select_related("payment__order", "order").get(pk=refund_id)
    if owed.state in FINAL:
        return RefundState(owed.state)
    payment = owed.payment
    order = RefundOrder(
        id=owed.pk,
        reference_number=payment.order.reference_number if payment.order else "",
        transaction_id=payment.transaction_id,
        amount=owed.amount,
        currency=payment.currency,
        reason=owed.reason,
        method=str(payment.data.get("method", "")),
    )
    return book(refund_id, registry.gateway(payment.gateway).refund(order))


@transaction.atomic
def book(refund_id: UUID, outcome: RefundOutcome) -> RefundState:
    """Write down how the gateway answered, once."""
    told = Refund.objects.select_related("payment").get(pk=refund_id)
    if outcome.transaction_id:
        locks.movement(told.payment.gateway, outcome.transaction_id)
    order = locks.order(told.order_id) if told.order_id else None
    owed = Refund.objects.select_for_update(no_key=True).get(pk=refund_id)
    if owed.state in FINAL:
        return RefundState(owed.state)
    state = RefundState(outcome.state)
    Refund.objects.filter(pk=refund_id).update(state=state, message=outcome.message, updated_on=clock.now())
    if state == RefundState.REFUSED:
        said = f"The gateway refuses to give back {owed.amount}: {outcome.message or 'no reason is told'}"
        open_case(CaseKind.REFUND_REFUSED, key=str(owed.pk), said=said, order=order)
    if state == RefundState.SUCCEEDED:
        _returned(owed, told.payment, order, outcome)
    return state


def _returned(owed: Refund, payment: Transaction, order: Order | None, outcome: RefundOutcome) -> None:
    lines = list(RefundLine.objects.filter(refund=owed).select_related("line__course_run", "line__program"))
    back = [Part(Account.SALES, part.amount, part.line_id) for part in lines] or [Part(Account.SUSPENSE, owed.amount)]
    move(
        kind=TransactionType.REFUND,
        amount=owed.amount,
        parts=[Part(Account.GATEWAY, -owed.amount), *back],
        currency=payment.currency,
        gateway=payment.gateway,
        transaction_id=outcome.transaction_id or str(owed.pk),
        order=order,
        refund=owed,
        reason=owed.reason,
        actor_id=owed.actor_id,
        data=dict(outcome.payload),
    )
    if order is None:
        return
    if not owed.keeps_seats:
        _end_seats(owed, lines, order)
    states.refresh(order)
    letters.refunded(order, owed, lines)


def _end_seats(owed: Refund, lines: list[RefundLine], order: Order) -> None:
    """Of the lines of which all went back."""
    ours = Q(refund__state=RefundState.SUCCEEDED)
    whole = RefundLine.objects.filter(ours, line__in=[part.line_id for part in lines]).values("line").order_by()
    returned = dict(whole.annotate(total=Sum("amount")).values_list("line", "total"))
    for part in lines:
        if returned[part.line_id] == part.line.total:
            entitlements.revoke_entitlement(
                line_id=part.line_id, actor=owed.actor_id, cause=f"refund of {order.reference_number}", reason=owed.reason
            )


# --- asked for by learners


@transaction.atomic
def request_refund(user_id: int, order_id: int, *, reason: str, text: str = "", consent: bool) -> RefundRequest:
    """Ask for one's money back. Raises OrderNotFound, RefundNotEligible, RequestOpen and RefundRefused."""
    locks.buyer(user_id)
    order = queries.order_of(user_id, order_id)
    if reason not in RefundReason.values or not consent:
        raise RefundRefused("Choose a reason, and agree that the courses of this order end with it.")
    if order.refund_requests.filter(status=RequestStatus.PENDING).exists():
        raise RequestOpen
    if not queries.can_be_asked_back(order, clock.now()):
        raise RefundNotEligible
    asked = RefundRequest.objects.create(order=order, user_id=user_id, refund_reason=reason, refund_reason_text=text, consent_given=True)
    audit.record(about=user_id, actor=user_id, code="refund.asked", cause=text or reason, object=("order", order.pk))
    letters.refund_asked(order, asked)
    return asked


@transaction.atomic
def decide_request(request_id: int, *, actor: int, approve: bool, note: str = "") -> RefundRequest:
    """Approve, which owes back all that is left of the order, or deny. Raises RequestNotFound and RefundRefused."""
    request = RefundRequest.objects.filter(pk=request_id, status=RequestStatus.PENDING).first()
    if request is None:
        raise RequestNotFound(request_id)
    order = locks.order(request.order_id)
    status = RequestStatus.APPROVED if approve else RequestStatus.DENIED
    decided = {"status": status, "decided_by": actor, "decided_on": clock.now()}
    if not RefundRequest.objects.filter(pk=request_id, status=RequestStatus.PENDING).update(**decided):
        raise RequestNotFound(request_id)
    if approve:
        left: dict[int, Decimal | None] = {line: None for line, of in returnable(order).items() if of.left}
        refund(order.pk, lines=left, actor=actor, reason=note or RefundReason(request.refund_reason).label)
    cause = note or f"refund request {request_id}"
    audit.record(about=request.user_id, actor=actor, code=f"refund.{status}", cause=cause, object=("order", order.pk))
    if not approve:
        letters.refund_denied(order, note)
    request.refresh_from_db()
    return request
