"""A payment gateway in this process, for tests: it moves money that is none and says what it did. The wire is tested with the plug-ins."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from threading import Lock
from typing import Any
from unittest.mock import patch
from uuid import UUID

from corridor.kit import clock
from corridor.mitxonline.gateways import registry
from corridor.mitxonline.gateways.errors import GatewayUnavailable, NoticeRefused
from corridor.mitxonline.gateways.port import Decision, Handoff, Message, Notice, Payment, RefundOrder, RefundOutcome


class PretendGateway:
    """Knows every payment and refund that was made at it; the same refund id gives money back once."""

    name = "CyberSource"

    def __init__(self) -> None:
        self.begun: dict[UUID, Payment] = {}
        self.said: dict[str, Notice] = {}
        self.refunds: dict[UUID, tuple[RefundOrder, RefundOutcome]] = {}
        self.down = False
        self.refund_state: Any = "succeeded"
        self._numbers = itertools.count(1)
        self._lock = Lock()

    def copy(self) -> "PretendGateway":
        """Another, which knows what this one does so far."""
        other = PretendGateway()
        other.begun, other.said, other.refunds = dict(self.begun), dict(self.said), dict(self.refunds)
        other._numbers = itertools.count(next(self._numbers))
        return other

    # --- what commerce asks of it

    def begin(self, payment: Payment) -> Handoff:
        self._reached()
        self.begun[payment.attempt] = payment
        return Handoff("POST", "https://pay.example/", {"transaction_uuid": str(payment.attempt)})

    def read(self, message: Message) -> Notice:
        if message.fields.get("signature") != "good":
            raise NoticeRefused("signature_wrong", "The signature is not the gateway's.")
        return self.said[message.fields["event"]]

    def refund(self, order: RefundOrder) -> RefundOutcome:
        self._reached()
        with self._lock:
            if order.id in self.refunds:
                earlier = self.refunds[order.id][1]
                if earlier.state == "pending" and self.refund_state != "pending":
                    self.refunds[order.id] = (order, replace(earlier, state=self.refund_state))
                return self.refunds[order.id][1]
            paid = next(notice for notice in self.moves(Decision.ACCEPTED) if notice.transaction_id == order.transaction_id)
            assert paid.amount is not None
            state = self.refund_state if self.returned(order.transaction_id) + order.amount <= paid.amount else "refused"
            outcome = RefundOutcome(state, "" if state == "refused" else f"R{next(self._numbers)}")
            self.refunds[order.id] = (order, outcome)
            return outcome

    def look_up(self, reference_number: str, since: object) -> list[Notice]:
        self._reached()
        with self._lock:
            return [notice for notice in self.said.values() if notice.reference_number == reference_number]

    def settled(self, since: object, until: object) -> list[Notice]:
        self._reached()
        return list(self.moves(Decision.ACCEPTED))

    def _reached(self) -> None:
        if self.down:
            raise GatewayUnavailable("It is down.")

    # --- what happens at it

    def decide(self, payment: Payment, decision: Decision = Decision.ACCEPTED, *, transaction: str | None = None, **changed: Any) -> Notice:
        """Somebody pays an attempt, or does not."""
        with self._lock:
            number = next(self._numbers)
            transaction = transaction or f"T{number}"
            notice = Notice(
                gateway=self.name,
                attempt=payment.attempt,
                reference_number=payment.reference_number,
                transaction_id=transaction,
                event_id=f"{transaction}/{decision}",
                decision=decision,
                amount=payment.amount,
                currency=payment.currency,
                occurred_at=clock.now(),
                method="card",
                card_brand="Visa",
                card_last4="1111",
            )
            notice = replace(notice, **changed)
            self.said[notice.event_id] = notice
            return notice

    def moves(self, decision: Decision) -> list[Notice]:
        return [notice for notice in self.said.values() if notice.decision is decision]

    def returned(self, transaction_id: str) -> Decimal:
        made = (order for order, outcome in self.refunds.values() if outcome.state == "succeeded")
        return sum((order.amount for order in made if order.transaction_id == transaction_id), Decimal(0))

    def message(self, notice: Notice, channel: Any = "server", signature: str = "good") -> Message:
        return Message(channel, {}, b"", {"event": notice.event_id, "signature": signature}, clock.now())


@contextmanager
def in_place_of_all(gateway: PretendGateway) -> Iterator[None]:
    """Every order is paid at it."""
    with (
        patch.object(registry, "gateway", lambda name: gateway),
        patch.object(registry, "default", lambda: gateway),
        patch.object(registry, "configured", lambda: {gateway.name: gateway}),
    ):
        yield
