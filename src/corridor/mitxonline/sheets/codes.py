"""Codes that a company has paid for: a row names how many, for what and until when. Each buys one seat, once."""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from corridor.accounts.models import User
from corridor.kit import audit, clock
from corridor.mitxonline.catalog import products
from corridor.mitxonline.discounts.editing import create_batch
from corridor.mitxonline.discounts.models import Discount
from corridor.mitxonline.discounts.vocabulary import DiscountType, PaymentType, RedemptionType

from . import rows
from .errors import RowRefused
from .rows import Outcome, Row, Told

COLUMNS = ("Purchase Order", "Coupon Name", "# Codes", "Product Id", "Activation", "Expiration", "Date Processed", "Ignored?")
DRAWN = 36  # characters of a code that nobody guesses
MAY = "mitxonline.add_discount"


def make_codes(file: Path, *, by: str, apply: bool) -> Sequence[Told]:
    """Make the codes that a sheet asks for, once however often it is read. Raises SheetUnreadable and NotStaff."""
    actor = rows.staff(by, MAY)
    return rows.work(rows.read(file, COLUMNS), partial(_make, actor=actor), apply=apply)


def _make(row: Row, *, actor: User) -> Told:
    if row["Ignored?"].upper() == "TRUE" or row["Date Processed"]:
        return Told(row.line, Outcome.BEFORE, f"{row['Coupon Name']}: passed over, as the sheet says.")
    name, count, fields = row.needed("Coupon Name"), _count(row), _fields(row)
    product = _product(row.needed("Product Id"))
    known = _batch(f"{name}-").count()
    if known and known != count:
        raise RowRefused(f"{name} has {known} codes already, and this asks for {count}. Give the request a name of its own.")
    if known:
        return Told(row.line, Outcome.BEFORE, f"{name}: its {count} codes were made before.")
    made = create_batch(actor=actor.pk, prefix=f"{name}-", count=count, fields=fields, products=[product])
    _note(row, made[0], actor)
    return Told(row.line, Outcome.DONE, f"{name}: {count} codes for {row['Product Id']}.", [each.discount_code for each in made])


def _count(row: Row) -> int:
    told = row.needed("# Codes")
    if not told.isdecimal():
        raise RowRefused(f"“{told}” is no number of codes.")
    return int(told)


def _fields(row: Row) -> dict[str, Any]:
    ends = row.moment("Expiration")
    if ends and ends <= clock.now():
        raise RowRefused(f"These codes would have expired on {ends:%d %b %Y}.")
    return {
        "amount": Decimal(100),
        "discount_type": DiscountType.PERCENT_OFF,
        "redemption_type": RedemptionType.ONE_TIME,
        "payment_type": PaymentType.SALES,
        "activation_date": row.moment("Activation"),
        "expiration_date": ends,
    }


def _product(key: str) -> int:
    product = products.active().filter(Q(course_run__courseware_id=key) | Q(program__readable_id=key)).first()
    if product is None:
        raise RowRefused(f"Nothing is sold as {key}. Name a run of a course, or a program, as its address does.")
    return product.pk


def _batch(prefix: str) -> QuerySet[Discount]:
    alike = Discount.objects.filter(is_bulk=True, discount_code__istartswith=prefix)
    return alike.annotate(length=Length("discount_code")).filter(length=len(prefix) + DRAWN)


def _note(row: Row, first: Discount, actor: User) -> None:
    """Who asked, and which purchase order pays."""
    after = {column: row[column] for column in ("Purchase Order", "Company", "Requested By")}
    audit.record(about=None, actor=actor.pk, code="discount.requested", cause="sheet", object=("discount", first.pk), after=after)
