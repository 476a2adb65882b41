"""What carts, orders and receipts show of prices: values for templates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from corridor.mitxonline.catalog.cards import course_path, program_path
from corridor.mitxonline.catalog.facts import Json
from corridor.mitxonline.catalog.telling import day_name
from corridor.mitxonline.catalog.telling import money as shortly

from .models import Order, OrderLine
from .queries import CartLine, PricedBasket


def money(amount: Decimal) -> str:
    """$1,250.00, as sums stand below one another."""
    return f"${amount:,.2f}"


@dataclass(frozen=True)
class BillLine:
    """`id` is the item's of a cart, or the line's of an order."""

    id: int
    label: str
    title: str
    path: str
    said: str
    price: str
    discount: str  # empty for none, as is that of a bill
    total: str
    is_sold: bool = True


@dataclass(frozen=True)
class Bill:
    lines: Sequence[BillLine]
    price: str
    discount: str
    discount_name: str
    total: str
    exact: str
    is_free: bool


NOTHING = Bill((), money(Decimal(0)), "", "", money(Decimal(0)), "0.00", is_free=True)


def of_basket(basket: PricedBasket | None, sold: dict[int, Json]) -> Bill:
    """`sold` are its products, as `telling.products_by_id` gives them."""
    if basket is None:
        return NOTHING
    lines = [_of_cart(line, sold[line.product]["purchasable_object"]) for line in basket.lines]
    return _bill(lines, basket.list_price, basket.total, basket.discount.code if basket.discount else "")


def of_order(order: Order) -> Bill:
    """Of an order as `queries` loads it."""
    lines = list(order.lines.all())
    used = next((each.discount.discount_code for each in order.redemptions.all()), "")
    return _bill([_of_order(line) for line in lines], sum((line.price for line in lines), Decimal(0)), order.total_price_paid, used)


def of_product(product: Json) -> BillLine:
    """What is put into a cart, before it is."""
    sold = product["purchasable_object"]
    price = shortly(product["price"])
    return BillLine(product["id"], "", sold["title"], _page(sold), _dates(sold), price, "", price)


def _bill(lines: Sequence[BillLine], price: Decimal, total: Decimal, code: str) -> Bill:
    saved = money(price - total) if total < price else ""
    return Bill(lines, money(price), saved, f"Discount {code}" if code else "Discount", money(total), f"{total:.2f}", is_free=not total)


def _of_cart(line: CartLine, sold: Json) -> BillLine:
    label = "Verified track of a course" if line.run else "Whole program"
    return _line(line.item, label, line.title, _page(sold), _dates(sold), line.price, line.total, is_sold=line.is_sold)


def _of_order(line: OrderLine) -> BillLine:
    run, program = line.course_run, line.program
    if run:
        return _line(
            line.pk, "Verified track of a course", run.title, course_path(run.course.readable_id), held(run), line.price, line.total
        )
    assert program is not None
    return _line(line.pk, "Whole program", program.title, program_path(program.readable_id), "", line.price, line.total)


def _line(id: int, label: str, title: str, path: str, said: str, price: Decimal, total: Decimal, *, is_sold: bool = True) -> BillLine:
    return BillLine(id, label, title, path, said, money(price), money(price - total) if total < price else "", money(total), is_sold)


def _page(sold: Json) -> str:
    """Of runs the page is their course's."""
    return str((sold.get("course") or sold)["page"]["page_url"])


def _dates(sold: Json) -> str:
    return _span(sold.get("start_date"), sold.get("end_date"))


def held(sold: Any) -> str:
    """When a run is."""
    return _span(sold.start_date, sold.end_date)


def _span(start: datetime | None, end: datetime | None) -> str:
    if start and end:
        return f"{day_name(start)} – {day_name(end)}"
    return f"From {day_name(start)}" if start else ""
