"""What was paid, by whom and how, as it was then: on a page and as a PDF."""

from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path

from corridor.accounts.countries import countries
from corridor.kit import typesetting
from corridor.mitxonline.catalog.telling import day_name

from . import bills, telling
from .models import Order, OrderLine

SELLER = "MITx Online"
TEMPLATE = Path(__file__).with_name("receipt.typ")


@dataclass(frozen=True)
class ReceiptLine:
    title: str
    said: str
    price: str
    discount: str
    paid: str


@dataclass(frozen=True)
class Receipt:
    """`blocks` are headings with lines below, `sums` names with amounts, the last of which is what was paid in the end."""

    reference: str
    seller: str
    blocks: list[tuple[str, list[str]]]
    lines: list[ReceiptLine]
    sums: list[tuple[str, str]]


def receipt(order: Order) -> Receipt:
    """Of an order that was paid, as `queries` loads it."""
    return Receipt(order.reference_number, SELLER, _blocks(order), [_line(line) for line in order.lines.all()], _sums(order))


def _blocks(order: Order) -> list[tuple[str, list[str]]]:
    paid = [day_name(order.fulfilled_on)] if order.fulfilled_on else []
    return [("Order", [order.reference_number, *paid]), ("Sold to", buyer(order)), ("Paid by", [card(order) or "Nothing was to be paid"])]


def buyer(order: Order) -> list[str]:
    where = telling.address_of(order)
    name = f"{where['first_name']} {where['last_name']}".strip() or str((order.receipt or {}).get("name", ""))
    country = countries()[where["country"]].name if where["country"] in countries() else where["country"]
    town = " ".join(part for part in (where["city"], where["state"].partition("-")[2], where["postal_code"]) if part)
    email = str((order.receipt or {}).get("email", ""))
    return [line for line in (name, where["street_address_1"], where["street_address_2"], town, country, email) if line]


def card(order: Order) -> str:
    """Such as `Visa ending in 1111`; the method where it was no card; nothing where nothing was paid."""
    paid = telling.payment_of(order)
    if paid.get("card_last4"):
        return f"{paid.get('card_brand') or 'Card'} ending in {paid['card_last4']}"
    return paid.get("method", "") or (order.gateway_type if order.total_price_paid else "")


def _line(line: OrderLine) -> ReceiptLine:
    sold = line.course_run
    said = f"{sold.courseware_id}, {bills.held(sold)}".removesuffix(", ") if sold else line.program.readable_id if line.program else ""
    return ReceiptLine(telling.title(line), said, bills.money(line.price), bills.money(line.discount), bills.money(line.total))


def _sums(order: Order) -> list[tuple[str, str]]:
    back = telling.given_back(order)
    left = order.total_price_paid - sum((each.amount for each in back), Decimal(0))
    sums = [("Paid", bills.money(order.total_price_paid))]
    sums += [(f"Refunded on {day_name(each.updated_on)}", f"−{bills.money(each.amount)}") for each in back]
    return [*sums, ("Paid in the end", bills.money(left))] if back else sums


def sheet(order: Order) -> bytes:
    """The same bytes each time, for as long as nothing is refunded."""
    said = receipt(order)
    words = "".join([*(part for _, parts in said.blocks for part in parts), *(line.title for line in said.lines)])
    values = {**asdict(said), "title": f"Receipt {said.reference}", "faces": typesetting.faces(words)}
    return typesetting.pdf(TEMPLATE, values, dated=order.fulfilled_on or order.created_on)
