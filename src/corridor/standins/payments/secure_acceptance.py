"""CyberSource's hosted checkout: which forms it takes, and the replies that it signs."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from django.conf import settings
from django.utils import timezone

from .choices import CHOICES
from .models import Delivery, Forgery, Payment, Service, Stage

WANTED = frozenset(
    [
        "access_key",
        "amount",
        "currency",
        "locale",
        "profile_id",
        "reference_number",
        "signed_date_time",
        "signed_field_names",
        "transaction_type",
        "transaction_uuid",
        "unsigned_field_names",
    ]
)
OLDEST = timedelta(minutes=15)
TIME = "%Y-%m-%dT%H:%M:%SZ"
DECISIONS = {Stage.ACCEPTED: "ACCEPT", Stage.REVIEW: "REVIEW", Stage.DECLINED: "DECLINE", Stage.CANCELED: "CANCEL", Stage.ERROR: "ERROR"}
CARD_NAMES = {"001": "Visa", "002": "Mastercard", "003": "American Express"}
DUPLICATE = ("ERROR", "104", "A payment with this transaction_uuid was accepted before.")
WRONG_SECRET = "of somebody else"  # noqa: S105 - what forgeries are signed with


def signature(fields: Mapping[str, str], secret: str) -> str:
    text = ",".join(f"{name}={fields[name]}" for name in fields["signed_field_names"].split(","))
    return base64.b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()).decode()


def wrong_with(form: Mapping[str, str]) -> str:
    """Why a form is not taken; empty when it is."""
    names = form.get("signed_field_names", "").split(",")
    if missing := WANTED.difference(names):
        return f"Not signed: {', '.join(sorted(missing))}."
    if absent := [name for name in names if name not in form]:
        return f"Signed but not sent: {', '.join(absent)}."
    unsigned = set(form) - set(names) - {"signature"} - set(form["unsigned_field_names"].split(","))
    if unsigned:
        return f"Neither signed nor named as unsigned: {', '.join(sorted(unsigned))}."
    if not hmac.compare_digest(signature(form, secret()), form.get("signature", "")):
        return "The signature does not fit."
    if (form["access_key"], form["profile_id"]) != (settings.CONFIG.cybersource_access_key, settings.CONFIG.cybersource_profile):
        return "There is no such profile."
    return _wrong_values(form)


def _wrong_values(form: Mapping[str, str]) -> str:
    try:
        signed_at = datetime.strptime(form["signed_date_time"], TIME).replace(tzinfo=UTC)
        amount = Decimal(form["amount"])
    except (ValueError, InvalidOperation):
        return "signed_date_time or amount cannot be read."
    if abs(timezone.now() - signed_at) > OLDEST:
        return "The form was signed more than 15 minutes ago."
    count = int(form["line_item_count"]) if form.get("line_item_count", "").isdigit() else 0
    prices = [Decimal(form.get(f"item_{n}_unit_price") or 0) * int(form.get(f"item_{n}_quantity") or 1) for n in range(count)]
    if prices and sum(prices) != amount:
        return f"The items come to {sum(prices)}, the amount is {amount}."
    return "" if form["transaction_type"] == "sale" else "Only sales are played here."


def secret() -> str:
    known = settings.CONFIG.cybersource_security_key
    return known.get_secret_value() if known else ""


# --- what it says


def told(payment: Payment) -> tuple[str, dict[str, object]] | None:
    """Of a decided payment its decision; of others nothing. Nobody is told of what was canceled but the browser."""
    if payment.stage not in DECISIONS or payment.stage == Stage.CANCELED:
        return None
    return DECISIONS[Stage(payment.stage)], dict(reply(payment))


def reply(payment: Payment) -> dict[str, str]:
    """The fields of a reply, not signed yet."""
    asked = {f"req_{name}": value for name, value in payment.asked.items() if not re.search("signed|signature", name)}
    return asked | _paid_with(payment) | _decided(payment) | {"signed_date_time": timezone.now().strftime(TIME)}


def _paid_with(payment: Payment) -> dict[str, str]:
    choice = CHOICES[Service.CYBERSOURCE].get(payment.choice)
    if choice is None:
        return {}
    forename, _, surname = payment.name.rpartition(" ")
    payer = {"req_bill_to_forename": forename or surname, "req_bill_to_surname": surname, "req_bill_to_email": payment.email}
    if choice.method == "paypal":
        return payer | {"req_payment_method": "paypal", "paypal_token": f"EC-{payment.number[-12:]}"}
    card = {"req_card_number": f"xxxxxxxxxxxx{choice.last4}", "req_card_type": choice.brand, "req_card_expiry_date": "12-2031"}
    return payer | card | {"req_payment_method": "card", "card_type_name": CARD_NAMES[choice.brand]}


def _decided(payment: Payment) -> dict[str, str]:
    if payment.stage == Stage.CANCELED:
        return {"decision": "CANCEL", "message": "The consumer has canceled the transaction."}
    if is_repeated(payment):
        decision, code, message = DUPLICATE
        return {"decision": decision, "reason_code": code, "message": message}
    choice = CHOICES[Service.CYBERSOURCE][payment.choice]
    accepted = payment.stage == Stage.ACCEPTED
    ruled = payment.stage != choice.stage  # by staff, after a review
    code = ("100" if accepted else "481") if ruled else choice.reason
    message = ("Accepted after review." if accepted else "Rejected after review.") if ruled else choice.message
    said = {"decision": DECISIONS[Stage(payment.stage)], "reason_code": code, "message": message, "transaction_id": payment.number}
    return said | ({"auth_amount": str(approved(payment)), "auth_code": "888888", "auth_response": "100"} if accepted else {})


def approved(payment: Payment) -> Decimal:
    return (payment.amount / 2).quantize(Decimal("0.01")) if payment.choice == "partly" else payment.amount


def is_repeated(payment: Payment) -> bool:
    """Whether another page of the same attempt was paid before."""
    paid = Payment.objects.filter(attempt=payment.attempt, stage__in=(Stage.ACCEPTED, Stage.REVIEW)).exclude(pk=payment.pk)
    return payment.stage not in (Stage.ACCEPTED, Stage.REVIEW) and paid.exists()


def signed(fields: Mapping[str, str], key: str) -> dict[str, str]:
    form = {**fields, "signed_field_names": ",".join([*fields, "signed_field_names"])}
    return form | {"signature": signature(form, key)}


def sealed(delivery: Delivery) -> tuple[bytes, dict[str, str]]:
    """The notification's body and headers; a forged one as somebody without the secret would send it."""
    form = signed(json.loads(delivery.body), WRONG_SECRET if delivery.forged == Forgery.SIGNATURE else secret())
    if delivery.forged == Forgery.AMOUNT:
        form["req_amount"] = "0.01"
    return urlencode(form).encode(), {"Content-Type": "application/x-www-form-urlencoded"}
