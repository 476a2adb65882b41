"""Stripe as a payment gateway."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlencode

from corridor.config import Config
from corridor.mitxonline.gateways.calls import Calls, Reply
from corridor.mitxonline.gateways.errors import GatewayUnavailable, NoticeRefused, NoticeUnneeded
from corridor.mitxonline.gateways.port import Decision, Handoff, Message, Notice, Payment, RefundOrder, RefundOutcome

from .events import event_of
from .notices import NAME, Object, notice_of, of_charge, of_refund, of_session
from .session import SESSION, cents, session_form

VERSION = "2024-06-20"
PAGE, MOST_PAGES = 100, 100
REFUNDS = {"succeeded": "succeeded", "pending": "pending", "requires_action": "pending"}
WHO_PAID = {"expand[]": "payment_intent.latest_charge"}


class Stripe:
    name = NAME

    def __init__(self, key: str, webhook_secret: str, address: str) -> None:
        self.key = key
        self.webhook_secret = webhook_secret
        self.calls = Calls(NAME, address)

    @classmethod
    def of(cls, config: Config) -> Self | None:
        if not (config.stripe_key and config.stripe_webhook_secret):
            return None
        return cls(config.stripe_key.get_secret_value(), config.stripe_webhook_secret.get_secret_value(), config.stripe_api)

    def begin(self, payment: Payment) -> Handoff:
        """Opens a Checkout Session; the same one for the same attempt."""
        reply = self._post("/v1/checkout/sessions", session_form(payment), once=str(payment.attempt))
        if not reply.good:
            raise GatewayUnavailable(f"Stripe opens no session: {_refusal(reply)}")
        return Handoff("GET", str(reply.data["url"]), {}, str(reply.data["id"]))

    def read(self, message: Message) -> Notice:
        """An event, or the session that a browser comes back with: Stripe is asked what became of it."""
        if message.channel == "browser":
            return self._brought(message.fields.get("session_id", ""))
        event = event_of(message, self.webhook_secret)
        found = notice_of(event)
        if found.decision is Decision.ACCEPTED and event["data"]["object"]["object"] == "checkout.session":
            return self._with_card(found, event["data"]["object"])
        return found

    def refund(self, order: RefundOrder) -> RefundOutcome:
        """Stripe forgets its keys after a day or more, so refunds of the payment that bear our id count first."""
        earlier = [each for each in self._refunds_of(order) if (each.get("metadata") or {}).get("refund") == str(order.id)]
        if earlier:
            return _outcome(earlier[0])
        known = {"metadata[refund]": str(order.id), "metadata[reference_number]": order.reference_number}
        form = {"payment_intent": order.transaction_id, "amount": str(cents(order.amount)), **known}
        reply = self._post("/v1/refunds", form, once=f"refund-{order.id}")
        if not reply.good:
            return RefundOutcome("refused", "", f"Stripe refuses the refund: {_refusal(reply)}", reply.data)
        return _outcome(reply.data)

    def look_up(self, reference_number: str, since: datetime) -> list[Notice]:
        asked = {"created[gte]": str(int(since.timestamp())), "expand[]": "data.payment_intent.latest_charge"}
        sessions = [each for each in self._all("/v1/checkout/sessions", asked) if each.get("client_reference_id") == reference_number]
        return sorted(map(of_session, sessions), key=lambda notice: notice.occurred_at)

    def settled(self, since: datetime, until: datetime) -> list[Notice]:
        period = {"created[gte]": str(int(since.timestamp())), "created[lt]": str(int(until.timestamp()))}
        paid = [of_charge(each) for each in self._all("/v1/charges", period) if each.get("status") == "succeeded"]
        refunds = map(of_refund, self._all("/v1/refunds", period | {"expand[]": "data.charge"}))
        given_back = [each for each in refunds if each.decision is Decision.REFUNDED]
        return sorted(paid + given_back, key=lambda notice: notice.occurred_at)

    def _brought(self, id: str) -> Notice:
        if id == SESSION:
            raise NoticeUnneeded("The payer came back without having paid. The session stays open until it expires.")
        return of_session(self._session(id))

    def _session(self, id: str) -> Object:
        """Raises NoticeRefused for an id that is none of Stripe's."""
        if not id.startswith("cs_") or not id.replace("_", "").isalnum() or not id.isascii():
            raise NoticeRefused("layout_unknown", "The browser brought no session of Stripe.")
        reply = self._get(f"/v1/checkout/sessions/{id}", WHO_PAID)
        if not reply.good:
            raise NoticeRefused("session_unknown", "Stripe knows no such session.")
        return reply.data

    def _with_card(self, found: Notice, session: Object) -> Notice:
        """The notice with what a receipt shows, which events of sessions do not hold. Without it when Stripe does not answer now."""
        try:
            full = of_session(self._session(str(session["id"])))
        except (GatewayUnavailable, NoticeRefused):
            return found
        return Notice(**{**vars(full), "event_id": found.event_id, "occurred_at": found.occurred_at, "decision": found.decision})

    def _refunds_of(self, order: RefundOrder) -> Iterator[Object]:
        return self._all("/v1/refunds", {"payment_intent": order.transaction_id})

    def _all(self, path: str, asked: Mapping[str, str]) -> Iterator[Object]:
        """Every object of a list, page by page."""
        after: dict[str, str] = {}
        for _ in range(MOST_PAGES):
            reply = self._get(path, {**asked, **after, "limit": str(PAGE)})
            if not reply.good:
                raise GatewayUnavailable(f"Stripe refuses the list: {_refusal(reply)}")
            yield from reply.data["data"]
            if not reply.data.get("has_more"):
                return
            after = {"starting_after": reply.data["data"][-1]["id"]}

    def _get(self, path: str, asked: Mapping[str, str]) -> Reply:
        return self.calls.make("GET", f"{path}?{urlencode(asked)}", headers=self._headers())

    def _post(self, path: str, form: Mapping[str, str], *, once: str) -> Reply:
        """`once` is the key under which Stripe does a thing one time."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Idempotency-Key": once}
        return self.calls.make("POST", path, body=urlencode(form).encode(), headers=self._headers() | headers)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}", "Stripe-Version": VERSION, "Accept": "application/json"}


def _refusal(reply: Reply) -> Any:
    return (reply.data.get("error") or {}).get("message") or f"status {reply.status}"


def _outcome(refund: Object) -> RefundOutcome:
    state = REFUNDS.get(str(refund.get("status")), "refused")
    message = "" if state != "refused" else f"Stripe could not make the refund: {refund.get('failure_reason') or refund.get('status')}."
    kept = {name: refund.get(name) for name in ("id", "amount", "currency", "status", "metadata")}
    return RefundOutcome(state, str(refund["id"]), message, kept)  # type: ignore[arg-type]  # one of the three
