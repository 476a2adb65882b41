"""Replies of Secure Acceptance, as it signs them."""

from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

from corridor.mitxonline.gateways.cybersource.profile import Profile
from corridor.mitxonline.gateways.cybersource.signing import NAMES, SIGNATURE, signature
from corridor.mitxonline.gateways.port import Message

NOW = datetime(2031, 3, 1, 12, 0, tzinfo=UTC)
ATTEMPT = UUID("6b8e1d86-2f8d-4f40-9ad8-0f4f8fb2a9c1")
PROFILE = Profile("access", "profile", "https://secure.example/pay", "a secret of ours", rest_address="https://api.example")
ACCEPTED = {
    "req_access_key": PROFILE.access_key,
    "req_profile_id": PROFILE.profile_id,
    "req_transaction_uuid": str(ATTEMPT),
    "req_reference_number": "mitxonline-test-17",
    "req_amount": "150.00",
    "req_currency": "USD",
    "req_bill_to_forename": "Pat",
    "req_bill_to_surname": "Example",
    "req_card_number": "xxxxxxxxxxxx1111",
    "req_card_type": "001",
    "decision": "ACCEPT",
    "reason_code": "100",
    "message": "Request was processed successfully.",
    "transaction_id": "6012345678901234567890",
    "auth_amount": "150.00",
    "signed_date_time": "2031-03-01T12:00:00Z",
}


def signed(fields: dict[str, str], secret: str = PROFILE.security_key) -> dict[str, str]:
    form = fields | {NAMES: ",".join([*fields, NAMES])}
    return form | {SIGNATURE: signature(form, form[NAMES].split(","), secret)}


def message(fields: dict[str, str], channel: Literal["browser", "server"] = "server", after: timedelta = timedelta()) -> Message:
    return Message(channel, {}, b"", fields, NOW + after)


def without(*names: str) -> dict[str, str]:
    return {name: value for name, value in ACCEPTED.items() if name not in names}
