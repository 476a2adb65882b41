"""What Secure Acceptance says by the payer's browser and by its server: whether to believe it, and what it means. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from uuid import UUID

from corridor.mitxonline.gateways.errors import NoticeRefused
from corridor.mitxonline.gateways.port import Decision, Message, Notice

from .form import TIME
from .profile import Profile
from .signing import NAMES, is_ambiguous, is_signed

NAME = "CyberSource"
PAYPAL = "paypal"
ALWAYS_SIGNED = frozenset(
    {
        "decision",
        "req_access_key",
        "req_amount",
        "req_currency",
        "req_profile_id",
        "req_reference_number",
        "req_transaction_uuid",
        "signed_date_time",
        NAMES,
    }
)
SIGNED_WITH_MONEY = frozenset({"reason_code", "transaction_id"})
DECISIONS = {
    "ACCEPT": Decision.ACCEPTED,
    "REVIEW": Decision.REVIEW,
    "DECLINE": Decision.DECLINED,
    "CANCEL": Decision.CANCELED,
    "ERROR": Decision.ERROR,
}
# 110: less than the amount was approved; how much is in auth_amount.
ACCEPTED_REASONS, PARTLY = frozenset({"100", "110"}), "110"
OLDEST = {"browser": timedelta(minutes=30), "server": timedelta(hours=48)}
CLOCK_SKEW = timedelta(minutes=5)
CARDS = {
    "001": "Visa",
    "002": "Mastercard",
    "003": "American Express",
    "004": "Discover",
    "005": "Diners Club",
    "006": "Carte Blanche",
    "007": "JCB",
    "024": "Maestro",
    "042": "Maestro",
    "062": "UnionPay",
}
NOT_KEPT = frozenset({"req_card_number", "req_card_expiry_date", "req_echeck_account_number", "payment_token", "req_payment_token"})


def read_reply(message: Message, profile: Profile) -> Notice:
    """Raises NoticeRefused. Only what is signed is read and kept."""
    names = _signed_names(message.fields)
    if not is_signed(message.fields, names, profile.security_key):
        raise NoticeRefused("signature_wrong", "The signature is not CyberSource's. Nothing was changed.")
    if is_ambiguous(message.fields, names, ALWAYS_SIGNED | SIGNED_WITH_MONEY):
        raise NoticeRefused(
            "fields_ambiguous", "A value of this message passes for a field, so its signature says nothing. Look it up instead."
        )
    fields = {name: message.fields[name] for name in names}
    if (fields["req_access_key"], fields["req_profile_id"]) != (profile.access_key, profile.profile_id):
        raise NoticeRefused("profile_wrong", "This message is of another profile of CyberSource.")
    said_at = _moment(fields["signed_date_time"])
    _check_age(message, said_at)
    return _notice(fields, said_at)


def _signed_names(fields: Mapping[str, str]) -> Sequence[str]:
    """The names that the signature covers, when they are those that a reply must have."""
    names = fields.get(NAMES, "").split(",")
    if "decision" not in names and "reference_number" in names:
        raise NoticeRefused("direction_wrong", "This is a form of ours, not a reply of CyberSource.")
    decision = fields.get("decision", "")
    money_moves = DECISIONS.get(decision) in (Decision.ACCEPTED, Decision.REVIEW)
    wanted = ALWAYS_SIGNED | (SIGNED_WITH_MONEY if money_moves else frozenset())
    if missing := sorted(wanted.difference(names)):
        raise NoticeRefused("fields_unsigned", f"The signature does not cover {', '.join(missing)}.")
    well_named = all(re.fullmatch(r"\w+", name) for name in names) and len(set(names)) == len(names)
    if decision not in DECISIONS or not well_named or not fields.keys() >= set(names):
        raise NoticeRefused("layout_unknown", "This message is laid out as none of CyberSource is.")
    return names


def _moment(text: str) -> datetime:
    try:
        return datetime.strptime(text, TIME).replace(tzinfo=UTC)
    except ValueError:
        raise NoticeRefused("layout_unknown", "The message does not say when it was signed.") from None


def _check_age(message: Message, said_at: datetime) -> None:
    if not -CLOCK_SKEW <= message.received_at - said_at <= OLDEST[message.channel]:
        raise NoticeRefused("stale", f"The message was signed at {said_at:%Y-%m-%d %H:%M} UTC, too far from now to be believed.")


def _notice(fields: Mapping[str, str], said_at: datetime) -> Notice:
    decision = DECISIONS[fields["decision"]]
    if decision is Decision.ACCEPTED and fields["reason_code"] not in ACCEPTED_REASONS:
        raise NoticeRefused("layout_unknown", f"CyberSource accepts with reason {fields['reason_code']}, which it never did.")
    attempt = _attempt(fields["req_transaction_uuid"])
    transaction = fields.get("transaction_id", "")
    return Notice(
        gateway=NAME,
        attempt=attempt,
        reference_number=fields["req_reference_number"],
        transaction_id=transaction,
        payment_id=transaction,
        event_id=f"{transaction or attempt}:{decision}",
        decision=decision,
        amount=_amount(fields),
        currency=fields["req_currency"],
        occurred_at=said_at,
        method=PAYPAL if fields.get("paypal_token") else fields.get("req_payment_method", ""),
        card_brand=fields.get("card_type_name") or CARDS.get(fields.get("req_card_type", ""), ""),
        card_last4=last_digits(fields.get("req_card_number", "")),
        payer_name=" ".join(filter(None, (fields.get("req_bill_to_forename"), fields.get("req_bill_to_surname")))),
        payer_email=fields.get("req_bill_to_email", ""),
        reason=" ".join(filter(None, (fields.get("reason_code"), fields.get("message")))),
        payload={name: value for name, value in fields.items() if name not in NOT_KEPT},
    )


def _attempt(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NoticeRefused("layout_unknown", "The message names no attempt of ours.") from None


def _amount(fields: Mapping[str, str]) -> Decimal:
    """What was approved, which is less than asked for when it was approved in part."""
    partly = fields.get("reason_code") == PARTLY
    if partly and "auth_amount" not in fields:
        raise NoticeRefused("fields_unsigned", "The signature does not cover auth_amount.")
    text = fields["auth_amount" if partly else "req_amount"]
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise NoticeRefused("layout_unknown", "The message names no amount.") from None
    if not amount.is_finite() or amount < 0:
        raise NoticeRefused("layout_unknown", "The message names no amount.")
    return amount


def last_digits(number: str) -> str:
    """The last four digits of a masked card number."""
    found = re.search(r"\d{4}$", number)
    return found[0] if found else ""
