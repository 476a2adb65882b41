"""What CyberSource's search says of transactions. Pure."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from corridor.mitxonline.gateways.port import Decision, Notice, RefundOutcome

from .form import TIME
from .reply import CARDS, NAME

BILL, CREDIT = "ics_bill", "ics_credit"
SUCCEEDED, DECLINED = "1", "0"
REVIEW = "480"
PAGE = 100
Summary = Mapping[str, Any]


def search(query: str, offset: int = 0) -> dict[str, Any]:
    return {
        "save": False,
        "name": "Corridor",
        "timezone": "UTC",
        "query": query,
        "offset": offset,
        "limit": PAGE,
        "sort": "submitTimeUtc:asc",
    }


def between(since: datetime, until: datetime | None = None) -> str:
    return f"submitTimeUtc:[{since.strftime(TIME)} TO {until.strftime(TIME) if until else '*'}]"


def notice_of(summary: Summary) -> Notice:
    """A refund carries the number of our refund, everything else the order's."""
    decision = decision_of(summary)
    amount = _inside(summary, "orderInformation", "amountDetails")
    payer = _inside(summary, "orderInformation", "billTo")
    card = _inside(summary, "paymentInformation", "card")
    transaction = str(summary["id"])
    return Notice(
        gateway=NAME,
        attempt=_attempt(summary),
        reference_number=str(_inside(summary, "clientReferenceInformation").get("code", "")),
        transaction_id=transaction,
        payment_id="" if decision in (Decision.REFUNDED, Decision.BOUNCED) else transaction,
        event_id=f"{transaction}:{decision}",
        decision=decision,
        amount=Decimal(str(amount["totalAmount"])) if amount.get("totalAmount") else None,
        currency=str(amount.get("currency", "")),
        occurred_at=datetime.fromisoformat(summary["submitTimeUtc"]),
        method="card" if card else str(_inside(summary, "paymentInformation", "paymentType").get("method", "")).lower(),
        card_brand=CARDS.get(str(card.get("type", "")), ""),
        card_last4=str(card.get("suffix", "")),
        payer_name=" ".join(filter(None, (payer.get("firstName"), payer.get("lastName")))),
        payer_email=str(payer.get("email", "")),
        payload={name: value for name, value in summary.items() if name != "_links"},
    )


def decision_of(summary: Summary) -> Decision:
    """Money has moved where it was billed or credited; else the first step that failed says why not."""
    steps = _inside(summary, "applicationInformation").get("applications") or ()
    done = {step.get("name") for step in steps if str(step.get("rCode")) == SUCCEEDED}
    if CREDIT in {step.get("name") for step in steps}:
        return Decision.REFUNDED if CREDIT in done else Decision.BOUNCED
    if any(str(step.get("reasonCode")) == REVIEW for step in steps):
        return Decision.REVIEW
    failed = {str(step.get("rCode")) for step in steps} - {SUCCEEDED}
    if failed:
        return Decision.DECLINED if DECLINED in failed else Decision.ERROR
    return Decision.ACCEPTED if BILL in done else Decision.PENDING


def refund_made(summary: Summary) -> RefundOutcome:
    """The outcome of a refund that was made before."""
    state: Literal["succeeded", "refused"] = "succeeded" if decision_of(summary) is Decision.REFUNDED else "refused"
    message = "" if state == "succeeded" else "CyberSource did not make the refund. See its reason there, and begin another."
    return RefundOutcome(state, str(summary["id"]), message, {"found": summary["id"]})


def _attempt(summary: Summary) -> UUID | None:
    """The attempt, which our form names as merchant_defined_data1."""
    for each in summary.get("merchantDefinedInformation") or ():
        if str(each.get("key")) == "1":
            try:
                return UUID(str(each.get("value")))
            except ValueError:
                return None
    return None


def _inside(summary: Summary, *names: str) -> Mapping[str, Any]:
    found: Any = summary
    for name in names:
        found = found.get(name) or {}
    return found if isinstance(found, Mapping) else {}
