"""CyberSource as a payment gateway."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Self

from corridor.config import Config
from corridor.kit import clock
from corridor.mitxonline.gateways.errors import GatewayUnavailable
from corridor.mitxonline.gateways.port import Decision, Handoff, Message, Notice, Payment, RefundOrder, RefundOutcome

from .form import money, payment_form
from .profile import Profile
from .reply import NAME, PAYPAL, read_reply
from .rest import Rest
from .searches import PAGE, Summary, between, notice_of, refund_made, search

MOST_PAGES = 100
MONEY_MOVED = frozenset({Decision.ACCEPTED, Decision.REFUNDED})


class CyberSource:
    name = NAME

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.rest = Rest(NAME, profile)

    @classmethod
    def of(cls, config: Config) -> Self | None:
        """None without a profile. Without the merchant's keys it takes payments, and can neither refund nor look up."""
        if not (config.cybersource_access_key and config.cybersource_profile and config.cybersource_security_key):
            return None
        return cls(
            Profile(
                access_key=config.cybersource_access_key,
                profile_id=config.cybersource_profile,
                address=config.cybersource_address,
                security_key=config.cybersource_security_key.get_secret_value(),
                merchant_id=config.cybersource_merchant or "",
                merchant_key_id=config.cybersource_merchant_key or "",
                merchant_secret=config.cybersource_merchant_secret.get_secret_value() if config.cybersource_merchant_secret else "",
                rest_address=config.cybersource_rest,
            )
        )

    def begin(self, payment: Payment) -> Handoff:
        """A form for the browser. Asks nobody: CyberSource hears of the payment from the payer."""
        return Handoff("POST", self.profile.address, payment_form(payment, self.profile, clock.now()))

    def read(self, message: Message) -> Notice:
        return read_reply(message, self.profile)

    def refund(self, order: RefundOrder) -> RefundOutcome:
        """CyberSource keeps our refund's id as the reference of the refund; what bears it already is the outcome."""
        if order.method == PAYPAL:
            return RefundOutcome(
                "refused", "", "PayPal payments cannot be refunded from here. Refund it in PayPal and note it with the order."
            )
        if earlier := self._refunds(order):
            return refund_made(earlier[0])
        reply = self.rest.signed_post(f"/pts/v2/payments/{order.transaction_id}/refunds", _refund(order))
        if reply.good:
            return RefundOutcome("succeeded", str(reply.data["id"]), "", reply.data)
        if reply.data.get("reason") == "DUPLICATE_REQUEST":
            return self._made_before(order)
        said = reply.data.get("message") or reply.data.get("reason") or f"status {reply.status}"
        return RefundOutcome("refused", "", f"CyberSource refuses the refund: {said}", reply.data)

    def look_up(self, reference_number: str, since: datetime) -> list[Notice]:
        found = self._search(f'clientReferenceInformation.code:"{reference_number}" AND {between(since)}')
        return [notice_of(summary) for summary in found]

    def settled(self, since: datetime, until: datetime) -> list[Notice]:
        notices = (notice_of(summary) for summary in self._search(between(since, until)))
        return [notice for notice in notices if notice.decision in MONEY_MOVED]

    def _made_before(self, order: RefundOrder) -> RefundOutcome:
        if earlier := self._refunds(order):
            return refund_made(earlier[0])
        raise GatewayUnavailable("CyberSource has made this refund already and does not list it yet. It is looked up again later.")

    def _refunds(self, order: RefundOrder) -> list[Summary]:
        return list(self._search(f'clientReferenceInformation.code:"{order.id}"'))

    def _search(self, query: str) -> Iterator[Summary]:
        for page in range(MOST_PAGES):
            reply = self.rest.signed_post("/tss/v2/searches", search(query, page * PAGE))
            if not reply.good:
                raise GatewayUnavailable(f"CyberSource refuses the search: {reply.data.get('message') or reply.status}")
            found = (reply.data.get("_embedded") or {}).get("transactionSummaries") or []
            yield from found
            if len(found) < PAGE:
                return


def _refund(order: RefundOrder) -> dict[str, Any]:
    return {
        "clientReferenceInformation": {"code": str(order.id), "comments": f"{order.reference_number} {order.reason}".strip()[:255]},
        "orderInformation": {"amountDetails": {"totalAmount": money(order.amount), "currency": order.currency}},
    }
