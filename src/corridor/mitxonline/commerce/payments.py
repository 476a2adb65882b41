"""What gateways say, and what follows: whatever comes, in whatever order and however often, is kept, and acted upon once."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

import structlog
from django.db import transaction

from corridor.accounts.models import LegalAddress
from corridor.kit import clock
from corridor.mitxonline.discounts import actions as uses
from corridor.mitxonline.enrollments import entitlements
from corridor.mitxonline.enrollments.errors import AlreadyEntitled
from corridor.mitxonline.gateways.errors import NoticeRefused
from corridor.mitxonline.gateways.port import Gateway, Message, Notice
from corridor.mitxonline.ledger.actions import Part, move, open_case, receipts_of
from corridor.mitxonline.ledger.models import GatewayNotice, Transaction
from corridor.mitxonline.ledger.vocabulary import Account, CaseKind, NoticeOutcome, TransactionType

from . import letters, locks, refunds, rules, states
from .actions import settle_discount
from .models import Basket, CheckoutAttempt, Order, OrderLine, Refund
from .rules import Asked, Verdict
from .vocabulary import RefundState

log = structlog.get_logger(__name__)

LONGEST_KEPT = 300  # characters of a field of what is not believed


@dataclass(frozen=True)
class Received:
    """What became of a notice."""

    outcome: NoticeOutcome
    notice_id: int
    order_id: int | None = None


def receive(message: Message, gateway: Gateway) -> Received:
    """Take what came in at an address of ours. Belongs outside of transactions: the gateway may be asked.

    Raises NoticeRefused for what is not the gateway's word, which is kept for staff and changes nothing, and NoticeUnneeded.
    """
    try:
        notice = gateway.read(message)
    except NoticeRefused as refusal:
        _keep_refused(message, gateway.name, refusal)
        raise
    return take(notice, message.channel)


@transaction.atomic
def _keep_refused(message: Message, gateway: str, refusal: NoticeRefused) -> None:
    """One case a day and reason, however many come: the notices themselves are listed with it."""
    kept = GatewayNotice.objects.create(
        gateway=gateway,
        channel=message.channel,
        digest=sha256(message.body or repr(sorted(message.fields.items())).encode()).hexdigest(),
        reference_number=message.fields.get("req_reference_number", "")[:255],
        payload=rules.harmless(message.fields, LONGEST_KEPT),
        outcome=NoticeOutcome.REFUSED,
        said=f"{refusal.code}: {refusal.message}",
    )
    log.warning("payments.notice_refused", gateway=gateway, channel=message.channel, code=refusal.code)
    key = f"{gateway} {refusal.code} {clock.now():%Y-%m-%d}"
    open_case(CaseKind.NOTICE_REFUSED, key=key, said=refusal.message, notice_id=kept.pk)


@transaction.atomic
def take(notice: Notice, channel: str) -> Received:
    """Act upon a genuine notice, whether the gateway sent it or was asked."""
    locks.movement(notice.gateway, notice.transaction_id or notice.event_id)
    order, attempt = _order_of(notice)
    if _is_known(notice):
        return _kept(notice, channel, NoticeOutcome.KNOWN, order, attempt)
    asked = _asked(order, attempt) if order else None
    verdict = rules.verdict(notice.decision, notice.amount, notice.currency, asked)
    return ACTIONS[verdict](Taken(notice, channel, order, attempt))


def _order_of(notice: Notice) -> tuple[Order | None, CheckoutAttempt | None]:
    """The order of that reference under its lock, and its attempt: the one named, else the newest."""
    number = Order.objects.filter(reference_number=notice.reference_number).values_list("pk", flat=True).first()
    if number is None:
        return None, None
    order = locks.order(number)
    attempts = CheckoutAttempt.objects.filter(order=order, gateway=notice.gateway).order_by("-number")
    return order, attempts.filter(pk=notice.attempt).first() if notice.attempt else attempts.first()


def _asked(order: Order, attempt: CheckoutAttempt | None) -> Asked:
    if attempt is None:
        return Asked(order.total_price_paid, "", attempt_known=False, paid=order.fulfilled_on is not None)
    return Asked(attempt.amount, attempt.currency, attempt_known=True, paid=order.fulfilled_on is not None)


def _is_known(notice: Notice) -> bool:
    """Whether the same was said before, or the money it tells of is booked."""
    heard = GatewayNotice.objects.filter(
        gateway=notice.gateway, digest=_digest(notice), outcome__in=[NoticeOutcome.APPLIED, NoticeOutcome.CASE]
    )
    if heard.exists():
        return True
    booked = Transaction.objects.filter(gateway=notice.gateway, transaction_id=notice.transaction_id)
    return notice.decision in rules.MOVES_MONEY and booked.exists()


def _digest(notice: Notice) -> str:
    return sha256(f"{notice.gateway}|{notice.event_id}".encode()).hexdigest()


# --- what follows, by verdict


@dataclass(frozen=True)
class Taken:
    """A genuine notice on its way to what follows from it."""

    notice: Notice
    channel: str
    order: Order | None
    attempt: CheckoutAttempt | None

    def kept(self, outcome: NoticeOutcome, said: str = "") -> Received:
        return _kept(self.notice, self.channel, outcome, self.order, self.attempt, said)


def _kept(
    notice: Notice, channel: str, outcome: NoticeOutcome, order: Order | None, attempt: CheckoutAttempt | None, said: str = ""
) -> Received:
    kept = GatewayNotice.objects.create(
        gateway=notice.gateway,
        channel=channel,
        digest=_digest(notice),
        attempt=attempt,
        order=order,
        reference_number=notice.reference_number[:255],
        transaction_id=notice.transaction_id[:255],
        decision=notice.decision,
        amount=notice.amount,
        currency=notice.currency[:3],
        payload=dict(notice.payload),
        occurred_at=notice.occurred_at,
        outcome=outcome,
        said=said or notice.reason,
    )
    return Received(outcome, kept.pk, order.pk if order else None)


def _fulfil(taken: Taken) -> Received:
    order, notice = taken.order, taken.notice
    assert order is not None
    done = taken.kept(NoticeOutcome.APPLIED)
    lines = list(OrderLine.objects.filter(order=order).order_by("id"))
    assert notice.amount is not None
    payment = move(
        kind=TransactionType.PAYMENT,
        amount=notice.amount,
        parts=[Part(Account.GATEWAY, notice.amount), *(Part(Account.SALES, -line.total, line.pk) for line in lines)],
        order=order,
        attempt=taken.attempt,
        **receipts_of(notice),
    )
    fulfil(order, payment)
    return done


def _note(taken: Taken) -> Received:
    """The payer was refused or gave up, or the gateway's staff look at it. What the order reserved goes back once nothing is under way."""
    assert taken.order is not None
    done = taken.kept(NoticeOutcome.APPLIED)
    if states.refresh(taken.order) in states.OVER:
        uses.release(taken.order, f"the gateway says {taken.notice.decision}")
    return done


def _unknown_order(taken: Taken) -> Received:
    said = f"Money for {taken.notice.reference_number or 'no order'}, which is no order of ours, or an attempt of another."
    return _suspend(taken, CaseKind.UNKNOWN_ORDER, said)


def _amount_differs(taken: Taken) -> Received:
    assert taken.attempt is not None
    notice = taken.notice
    said = (
        f"{notice.amount} {notice.currency} came where {taken.attempt.amount} {taken.attempt.currency} was asked for. Nothing is fulfilled."
    )
    return _suspend(taken, CaseKind.AMOUNT_DIFFERS, said)


def _paid_twice(taken: Taken) -> Received:
    """A second payment of an order goes back by itself."""
    assert taken.order is not None
    done = _suspend(taken, CaseKind.PAID_TWICE, f"{taken.order.reference_number} was paid before. This payment goes back.")
    payment = Transaction.objects.get(gateway=taken.notice.gateway, transaction_id=taken.notice.transaction_id)
    refunds.owe_payment_back(payment, actor=None, reason="The order was paid twice.")
    return done


def _suspend(taken: Taken, kind: CaseKind, said: str) -> Received:
    """Book money that nothing can be given for, and have staff look at it."""
    notice = taken.notice
    done = taken.kept(NoticeOutcome.CASE, said)
    moved = None
    if notice.amount:
        parts = [Part(Account.GATEWAY, notice.amount), Part(Account.SUSPENSE, -notice.amount)]
        moved = move(
            kind=TransactionType.PAYMENT,
            amount=notice.amount,
            parts=parts,
            order=taken.order,
            attempt=taken.attempt,
            **receipts_of(notice),
        )
    open_case(kind, key=_key(notice), said=said, order=taken.order, notice_id=done.notice_id, moved=moved)
    return done


def _foreign_refund(taken: Taken) -> Received:
    """Money that went back at the gateway and not by us. One of ours that is under way tells of itself when it is made."""
    notice = taken.notice
    payment = _payment_of(taken)
    under_way = Refund.objects.filter(payment=payment, state__in=[RefundState.OWED, RefundState.PENDING])
    if payment is not None and under_way.exists():
        return taken.kept(NoticeOutcome.KNOWN, "A refund of ours is under way.")
    said = f"{notice.amount} {notice.currency} went back at the gateway, and no refund here says so. Seats stay until you decide."
    done = taken.kept(NoticeOutcome.CASE, said)
    moved = None
    if notice.amount:
        parts = [Part(Account.GATEWAY, -notice.amount), Part(Account.SUSPENSE, notice.amount)]
        moved = move(kind=TransactionType.REFUND, amount=notice.amount, parts=parts, order=taken.order, **receipts_of(notice))
    open_case(CaseKind.REFUND_UNKNOWN, key=_key(notice), said=said, order=taken.order, notice_id=done.notice_id, moved=moved)
    return done


def _bounced_refund(taken: Taken) -> Received:
    """A refund that was booked is with the gateway again. One that was not booked is found refused when it is asked about."""
    notice = taken.notice
    refund = Transaction.objects.filter(
        gateway=notice.gateway, transaction_id=notice.transaction_id, transaction_type=TransactionType.REFUND
    )
    booked = refund.select_related("order").first()
    if booked is None:
        return taken.kept(NoticeOutcome.KNOWN, "No refund of that number is booked.")
    said = f"The payer's bank did not take {booked.amount} {booked.currency}. The gateway holds it again."
    done = taken.kept(NoticeOutcome.CASE, said)
    moved = move(
        kind=TransactionType.TRANSFER,
        amount=booked.amount,
        parts=[Part(Account.GATEWAY, booked.amount), Part(Account.SUSPENSE, -booked.amount)],
        order=booked.order,
        **receipts_of(notice) | {"transaction_id": f"{notice.transaction_id} bounced"},
    )
    open_case(CaseKind.REFUND_BOUNCED, key=_key(notice), said=said, order=booked.order, notice_id=done.notice_id, moved=moved)
    return done


def _payment_of(taken: Taken) -> Transaction | None:
    payments = Transaction.objects.filter(transaction_type=TransactionType.PAYMENT, gateway=taken.notice.gateway)
    if taken.notice.payment_id:
        return payments.filter(transaction_id=taken.notice.payment_id).first()
    return payments.filter(order=taken.order).order_by("id").first() if taken.order else None


def _dispute(taken: Taken) -> Received:
    said = f"The payer disputes {taken.notice.amount} {taken.notice.currency}: {taken.notice.reason or 'no reason is told'}."
    done = taken.kept(NoticeOutcome.CASE, said)
    open_case(CaseKind.DISPUTE, key=_key(taken.notice), said=said, order=taken.order, notice_id=done.notice_id)
    return done


def _ignore(taken: Taken) -> Received:
    return taken.kept(NoticeOutcome.KNOWN, "Nothing follows from it.")


def _key(notice: Notice) -> str:
    return f"{notice.gateway} {notice.transaction_id or notice.event_id}"[:255]


ACTIONS: dict[Verdict, Callable[[Taken], Received]] = {
    Verdict.FULFIL: _fulfil,
    Verdict.NOTE: _note,
    Verdict.UNKNOWN_ORDER: _unknown_order,
    Verdict.AMOUNT_DIFFERS: _amount_differs,
    Verdict.PAID_TWICE: _paid_twice,
    Verdict.FOREIGN_REFUND: _foreign_refund,
    Verdict.BOUNCED_REFUND: _bounced_refund,
    Verdict.DISPUTE: _dispute,
    Verdict.IGNORE: _ignore,
}


# --- what is paid is given


def fulfil_for_nothing(order: Order) -> None:
    """An order that costs nothing is paid by nobody: a movement of nothing says when. Its lock is held."""
    payment = move(
        kind=TransactionType.PAYMENT,
        amount=order.total_price_paid,
        parts=[],
        order=order,
        transaction_id=order.reference_number,
        reason="No payment required",
    )
    fulfil(order, payment)


def fulfil(order: Order, payment: Transaction) -> None:
    """Give what was bought: seats, the code's use, the receipt; all in the transaction of the payment."""
    if not uses.redeem(order):
        said = f"{order.reference_number} was paid at the price of a code that others have used up since. The learner keeps price and seat."
        open_case(CaseKind.CODE_GONE, key=order.reference_number, said=said, order=order, moved=payment)
    order.fulfilled_on, order.gateway_type, order.receipt = clock.now(), payment.gateway, _receipt(order, payment)
    order.save(update_fields=["fulfilled_on", "gateway_type", "receipt"])
    lines = list(OrderLine.objects.filter(order=order).select_related("course_run", "program", "product_version").order_by("id"))
    not_needed = [line for line in lines if not _seated(order, line)]
    states.refresh(order)
    _empty_basket(order, lines)
    letters.receipt(order, lines)
    if not_needed:
        _give_back(order, payment, not_needed)


def _seated(order: Order, line: OrderLine) -> bool:
    """False where the learner has bought it before."""
    try:
        with transaction.atomic():
            entitlements.grant(
                user_id=order.purchaser_id,
                run_id=line.course_run_id,
                program_id=line.program_id,
                line_id=line.pk,
                cause=f"order {order.reference_number}",
            )
    except AlreadyEntitled:
        return False
    return True


def _give_back(order: Order, payment: Transaction, lines: list[OrderLine]) -> None:
    """Lines that the learner had before are refunded by themselves."""
    named = ", ".join(str(line.course_run or line.program) for line in lines)
    said = f"{order.reference_number} pays for {named}, which the learner has bought before."
    if owed := {line.pk: line.total for line in lines if line.total}:
        refunds.owe_lines_back(order, payment, owed, actor=None, reason="You had bought this before.", keeps_seats=True)
        said += " That goes back."
    open_case(CaseKind.BOUGHT_BEFORE, key=order.reference_number, said=said, order=order, moved=payment)


def _receipt(order: Order, payment: Transaction) -> dict[str, object]:
    """Name, address and card as they are now; later changes of the account do not touch it."""
    buyer = order.purchaser
    address = LegalAddress.objects.filter(user=buyer).values(
        "first_name", "last_name", "street_address_1", "street_address_2", "city", "state", "postal_code", "country"
    )
    return {"name": buyer.shown_name, "email": buyer.email, "address": address.first() or {}, "payment": dict(payment.data)}


def _empty_basket(order: Order, lines: list[OrderLine]) -> None:
    basket = Basket.objects.filter(user=order.purchaser_id).first()
    bought = [line.product_version.product_id for line in lines]
    if basket and basket.items.filter(product__in=bought).delete()[0]:
        if not basket.items.exists():
            Basket.objects.filter(pk=basket.pk).update(discount=None, discount_typed=False)
            return
        settle_discount(basket)
