"""What commerce asks of a payment gateway, whichever it is. Plain values; amounts are decimals of the currency's unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal, Protocol
from uuid import UUID

from .errors import GatewayUnavailable, NoticeRefused, NoticeUnneeded

__all__ = [
    "Decision",
    "Gateway",
    "GatewayUnavailable",
    "Handoff",
    "Item",
    "Message",
    "Notice",
    "NoticeRefused",
    "NoticeUnneeded",
    "Payment",
    "RefundOrder",
    "RefundOutcome",
]


class Decision(StrEnum):
    ACCEPTED = "accepted"
    REVIEW = "review"  # the gateway's staff will decide; ACCEPTED or DECLINED follows
    DECLINED = "declined"
    CANCELED = "canceled"
    ERROR = "error"
    EXPIRED = "expired"  # nobody can pay any more
    PENDING = "pending"  # nobody has paid yet, or the money is on its way
    REFUNDED = "refunded"
    BOUNCED = "bounced"  # a refund came back: the payer's bank did not take it
    DISPUTED = "disputed"


@dataclass(frozen=True)
class Item:
    code: str
    name: str
    sku: str
    quantity: int
    unit_price: Decimal  # what is really paid, after discounts


@dataclass(frozen=True)
class Payment:
    """One attempt to pay for an order. `amount` is what the items come to."""

    attempt: UUID
    reference_number: str
    amount: Decimal
    currency: str
    items: Sequence[Item]
    consumer_id: str  # who pays, as we call them; gateways see its digest
    customer_ip: str
    return_url: str
    cancel_url: str
    started_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Handoff:
    """Where the browser goes to pay, and with which fields. `gateway_reference` is the gateway's own name of the attempt."""

    method: Literal["POST", "GET"]
    url: str
    fields: Mapping[str, str]
    gateway_reference: str = ""


@dataclass(frozen=True)
class Message:
    """What came in at an address of ours, untouched. `fields` are those of the form or the query."""

    channel: Literal["browser", "server"]
    headers: Mapping[str, str]
    body: bytes
    fields: Mapping[str, str]
    received_at: datetime


@dataclass(frozen=True)
class Notice:
    """What a gateway says of one movement of money, believed.

    `event_id` is the same whenever the same thing is said again. `transaction_id` is the payment's, of REFUNDED and BOUNCED the refund's;
    `payment_id` is always the payment's, where the gateway tells it. `payload` is what may be kept: it holds no full card number.
    """

    gateway: str
    attempt: UUID | None
    reference_number: str
    transaction_id: str
    event_id: str
    decision: Decision
    amount: Decimal | None
    currency: str
    occurred_at: datetime
    method: str = ""
    card_brand: str = ""
    card_last4: str = ""
    payer_name: str = ""
    payer_email: str = ""
    reason: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)
    payment_id: str = ""


@dataclass(frozen=True)
class RefundOrder:
    """`id` makes it once: the same id never gives money back twice. `transaction_id` is the payment's, `reason` for the gateway's staff."""

    id: UUID
    reference_number: str
    transaction_id: str
    amount: Decimal
    currency: str
    reason: str = ""
    method: str = ""  # the payment's, as its notice told


@dataclass(frozen=True)
class RefundOutcome:
    state: Literal["succeeded", "pending", "refused"]
    transaction_id: str
    message: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)


class Gateway(Protocol):
    """Any of it may ask the network, so none of it belongs into a transaction."""

    @property
    def name(self) -> str:
        """The published gateway_type."""
        ...

    def begin(self, payment: Payment) -> Handoff:
        """Raises GatewayUnavailable."""
        ...

    def read(self, message: Message) -> Notice:
        """Raises NoticeRefused when the message is not to be believed, NoticeUnneeded when it is about something else."""
        ...

    def refund(self, order: RefundOrder) -> RefundOutcome:
        """Raises GatewayUnavailable when it is not known whether it was made: it is to be tried again with the same id."""
        ...

    def look_up(self, reference_number: str, since: datetime) -> list[Notice]:
        """What became of the payments of an order, the oldest first. Raises GatewayUnavailable."""
        ...

    def settled(self, since: datetime, until: datetime) -> list[Notice]:
        """Every movement of money of a period: payments accepted, refunds. Raises GatewayUnavailable."""
        ...
