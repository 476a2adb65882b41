"""Entries of the ledger, what gateways said, and cases for staff. Each belongs into the transaction of what it tells of."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import structlog
from django.db import transaction

from corridor.kit import audit, clock
from corridor.mitxonline.commerce.models import CURRENCY, Order
from corridor.mitxonline.gateways.port import Notice

from .errors import CaseNotFound
from .models import Case, Posting, Transaction
from .vocabulary import Account, CaseKind, TransactionType

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Part:
    """A part of a movement; sales name their line."""

    account: Account
    amount: Decimal
    line: int | None = None


@transaction.atomic
def move(*, kind: TransactionType, amount: Decimal, parts: Iterable[Part], currency: str = CURRENCY, **told: Any) -> Transaction:
    """Add a movement of money. `told` are further columns of the transaction; parts of nothing are left out."""
    moved = Transaction.objects.create(transaction_type=kind, amount=amount, currency=currency, **{"occurred_at": clock.now(), **told})
    Posting.objects.bulk_create(
        Posting(transaction=moved, account=part.account, line_id=part.line, amount=part.amount) for part in parts if part.amount
    )
    log.info("ledger.moved", kind=kind, gateway=moved.gateway, transaction=moved.transaction_id, amount=str(amount), order=moved.order_id)
    return moved


def receipts_of(notice: Notice) -> dict[str, Any]:
    """What the ledger keeps of a payment's notice."""
    return {
        "gateway": notice.gateway,
        "transaction_id": notice.transaction_id,
        "currency": notice.currency,
        "occurred_at": notice.occurred_at,
        "data": {
            "method": notice.method,
            "card_brand": notice.card_brand,
            "card_last4": notice.card_last4,
            "payer_name": notice.payer_name,
            "payer_email": notice.payer_email,
        },
    }


def open_case(
    kind: CaseKind,
    *,
    key: str,
    said: str,
    order: Order | None = None,
    notice_id: int | None = None,
    moved: Transaction | None = None,
) -> Case:
    """Have staff look at something, once however often it is found."""
    defaults = {"said": said, "order": order, "notice_id": notice_id, "transaction": moved}
    case, is_new = Case.objects.get_or_create(kind=kind, key=key, defaults=defaults)
    if is_new:
        log.warning("ledger.case_opened", kind=kind, key=key, order=order and order.reference_number)
    return case


@transaction.atomic
def close_case(case_id: int, *, actor: int, note: str) -> None:
    """Say what was done about it. Raises CaseNotFound for one that is closed."""
    closed = Case.objects.filter(pk=case_id, closed_on=None).update(closed_on=clock.now(), closed_by=actor, note=note)
    if not closed:
        raise CaseNotFound(case_id)
    case = Case.objects.select_related("order").get(pk=case_id)
    about = case.order.purchaser_id if case.order else None
    audit.record(about=about, actor=actor, code="case.closed", cause=note, object=("case", case_id), after={"kind": case.kind})
