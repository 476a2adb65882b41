"""CyberSource's REST interface as far as Corridor calls it: refunds and searches, proved by HTTP Signature."""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from . import actions, secure_acceptance
from .choices import CHOICES
from .models import Payment, Refund, Service, Settings, Stage
from .moods import for_programs

SIGNED = ("host", "date", "(request-target)", "digest", "v-c-merchant-id")
OLDEST = timedelta(minutes=5)
TIME = "%Y-%m-%dT%H:%M:%SZ"
STEPS = {
    Stage.ACCEPTED: [("ics_auth", "1", "100", "SOK"), ("ics_bill", "1", "100", "SOK")],
    Stage.REVIEW: [("ics_auth", "1", "100", "SOK"), ("ics_decision", "0", "480", "DREVIEW")],
    Stage.DECLINED: [("ics_auth", "0", "203", "DCARDREFUSED")],
    Stage.ERROR: [("ics_auth", "-1", "150", "ESYSTEM")],
}
View = Callable[..., HttpResponse]


def proved(view: View) -> View:
    """A view for the merchant, who signs each call."""

    @for_programs
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not _is_proved(request):
            return JsonResponse({"response": {"rmsg": "Authentication Failed"}}, status=401)
        return view(request, *args, **kwargs)

    return answer


def _is_proved(request: HttpRequest) -> bool:
    config = settings.CONFIG
    given = dict(re.findall(r'(\w+)="([^"]*)"', request.headers.get("Signature", "")))
    digest = "SHA-256=" + base64.b64encode(hashlib.sha256(request.body).digest()).decode()
    values = {
        "host": request.headers.get("Host", ""),
        "date": request.headers.get("Date", ""),
        "(request-target)": f"post {request.get_full_path()}",
        "digest": digest,
        "v-c-merchant-id": config.cybersource_merchant or "",
    }
    key = config.cybersource_merchant_secret
    if key is None or set(given.get("headers", "").split()) != set(SIGNED) or given.get("keyid") != config.cybersource_merchant_key:
        return False
    text = "\n".join(f"{name}: {values[name]}" for name in given["headers"].split())
    wanted = hmac.new(base64.b64decode(key.get_secret_value()), text.encode(), hashlib.sha256).digest()
    return _is_recent(values["date"]) and hmac.compare_digest(wanted, _unpacked(given.get("signature", "")))


def _is_recent(date: str) -> bool:
    try:
        return abs(timezone.now() - parsedate_to_datetime(date)) < OLDEST
    except (ValueError, TypeError):
        return False


def _unpacked(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except binascii.Error:
        return b""


# --- refunds


@require_POST
@proved
def refund(request: HttpRequest, number: str) -> HttpResponse:
    body = json.loads(request.body)
    try:
        amount = Decimal(body["orderInformation"]["amountDetails"]["totalAmount"])
        code = str(body["clientReferenceInformation"]["code"])
    except (KeyError, TypeError, InvalidOperation):
        return _refused("MISSING_FIELD", "A field is missing or cannot be read.")
    try:
        made = actions.give_back(number_of_payment=number, code=code, amount=amount, number_of_refund=actions.number(), told={})
    except actions.RefundRefused as refused:
        return _refused("DUPLICATE_REQUEST" if refused.again else "INVALID_DATA", str(refused))
    said = {
        "id": made.number,
        "submitTimeUtc": made.at.strftime(TIME),
        "status": "PENDING",
        "reconciliationId": made.number[-10:],
        "clientReferenceInformation": {"code": made.code},
        "refundAmountDetails": {"refundAmount": str(made.amount), "currency": made.payment.currency},
    }
    return JsonResponse(said, status=201)


def _refused(reason: str, message: str) -> JsonResponse:
    said = {"submitTimeUtc": timezone.now().strftime(TIME), "status": "INVALID_REQUEST", "reason": reason, "message": message}
    return JsonResponse(said, status=400)


# --- searches


@require_POST
@proved
def search(request: HttpRequest) -> HttpResponse:
    asked = json.loads(request.body)
    found = [] if Settings.current().finds_nothing else _found(str(asked.get("query", "")))
    offset, limit = int(asked.get("offset", 0)), int(asked.get("limit", 20))
    page = found[offset : offset + limit]
    said = {**asked, "totalCount": len(found), "count": len(page), "submitTimeUtc": timezone.now().strftime(TIME)}
    return JsonResponse(said | {"_embedded": {"transactionSummaries": page}}, status=201)


def _found(query: str) -> list[dict[str, Any]]:
    code = re.search(r'clientReferenceInformation\.code:"?([^"\s]+)"?', query)
    period = re.search(r"submitTimeUtc:\[(\S+) TO (\S+)\]", query)
    paid = Payment.objects.filter(service=Service.CYBERSOURCE).exclude(number="")
    given_back = Refund.objects.filter(payment__service=Service.CYBERSOURCE).select_related("payment")
    if code:
        paid, given_back = paid.filter(reference=code[1]), given_back.filter(code=code[1])
    everything = [*map(_summary, paid), *map(_summary_of_refund, given_back)]
    return sorted(filter(lambda each: _is_within(each, period), everything), key=lambda each: each["submitTimeUtc"])


def _is_within(summary: dict[str, Any], period: re.Match[str] | None) -> bool:
    if period is None:
        return True
    at = datetime.fromisoformat(summary["submitTimeUtc"])
    return at >= datetime.fromisoformat(period[1]) and (period[2] == "*" or at <= datetime.fromisoformat(period[2]))


def _summary(payment: Payment) -> dict[str, Any]:
    choice = CHOICES[Service.CYBERSOURCE][payment.choice]
    forename, _, surname = payment.name.rpartition(" ")
    card = {"card": {"prefix": "411111", "suffix": choice.last4, "type": choice.brand}} if choice.method == "card" else {}
    return {
        **_frame(payment.number, payment.decided or payment.begun, payment.reference, STEPS[Stage(payment.stage)]),
        "merchantDefinedInformation": [{"key": "1", "value": payment.asked.get("merchant_defined_data1", "")}],
        "orderInformation": {
            "amountDetails": {"totalAmount": str(secure_acceptance.approved(payment)), "currency": payment.currency},
            "billTo": {"firstName": forename, "lastName": surname, "email": payment.email},
        },
        "paymentInformation": card or {"paymentType": {"type": "WALLET", "method": "PAYPAL"}},
    }


def _summary_of_refund(made: Refund) -> dict[str, Any]:
    amount = {"amountDetails": {"totalAmount": str(made.amount), "currency": made.payment.currency}}
    return _frame(made.number, made.at, made.code, [("ics_credit", "1", "100", "SOK")]) | {"orderInformation": amount}


def _frame(number: str, at: datetime, code: str, steps: list[tuple[str, str, str, str]]) -> dict[str, Any]:
    names = ("name", "rCode", "reasonCode", "rFlag")
    return {
        "id": number,
        "submitTimeUtc": at.strftime(TIME),
        "merchantId": settings.CONFIG.cybersource_merchant,
        "applicationInformation": {"applications": [dict(zip(names, step, strict=True)) for step in steps]},
        "clientReferenceInformation": {"code": code},
    }
