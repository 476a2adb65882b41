"""The signature of Stripe's events: HMAC-SHA256 over `t.body`, several in one header while a secret is exchanged. Pure."""

import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from corridor.mitxonline.gateways.errors import NoticeRefused
from corridor.mitxonline.gateways.port import Message

HEADER = "stripe-signature"
TOLERANCE = timedelta(seconds=300)  # Stripe signs anew whenever it sends again


def event_of(message: Message, secret: str) -> Mapping[str, Any]:
    """The event of a webhook's message. Raises NoticeRefused."""
    given = next((value for name, value in message.headers.items() if name.lower() == HEADER), "")
    parts = [part.strip().partition("=") for part in given.split(",")]
    said_at = next((value for name, _, value in parts if name == "t"), "")
    wanted = signature(said_at, message.body, secret).encode()
    if not any(hmac.compare_digest(wanted, value.encode(errors="replace")) for name, _, value in parts if name == "v1"):
        raise NoticeRefused("signature_wrong", "The signature is not Stripe's. Nothing was changed.")
    _check_age(said_at, message.received_at)
    return _event(message.body)


def signature(said_at: str, body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), said_at.encode(errors="replace") + b"." + body, "sha256").hexdigest()


def _check_age(said_at: str, now: datetime) -> None:
    if not said_at.isascii() or not said_at.isdigit() or len(said_at) > 11:
        raise NoticeRefused("layout_unknown", "The event does not say when it was signed.")
    if abs(now - datetime.fromtimestamp(int(said_at), UTC)) > TOLERANCE:
        raise NoticeRefused("stale", "The event was signed more than five minutes ago, or in the future.")


def _event(body: bytes) -> Mapping[str, Any]:
    try:
        event = json.loads(body)
        whole = event["object"] == "event" and event["id"] and event["type"] and isinstance(event["data"]["object"], dict)
    except (ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        raise NoticeRefused("layout_unknown", "This message is no event of Stripe.")
    return event  # type: ignore[no-any-return]  # JSON, looked at above
