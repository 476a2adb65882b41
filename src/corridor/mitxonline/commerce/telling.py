"""Baskets, discounts and orders in published shape."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from corridor.accounts.models import User
from corridor.mitxonline.catalog import products
from corridor.mitxonline.catalog.facts import Json
from corridor.mitxonline.discounts.models import Discount
from corridor.mitxonline.discounts.rules import DiscountFacts
from corridor.mitxonline.discounts.vocabulary import RedemptionState
from corridor.mitxonline.openedx.names import username_of

from .models import Order, OrderLine, Refund
from .queries import PricedBasket
from .vocabulary import RefundState

ADDRESS = ("first_name", "last_name", "street_address_1", "street_address_2", "city", "state", "postal_code", "country")


def discount(found: Discount, *, is_redeemed: bool) -> Json:
    return {
        "id": found.pk,
        "amount": f"{found.amount:.5f}",
        "automatic": found.automatic,
        "discount_type": found.discount_type,
        "redemption_type": found.redemption_type,
        "max_redemptions": found.max_redemptions,
        "discount_code": found.discount_code,
        "payment_type": found.payment_type,
        "is_redeemed": is_redeemed,
        "activation_date": found.activation_date,
        "expiration_date": found.expiration_date,
    }


# --- baskets


def baskets(found: Collection[PricedBasket]) -> list[Json]:
    """Two queries however many, one where none has a discount."""
    sold = products_by_id(line.product for each in found for line in each.lines)
    lowered = Discount.objects.in_bulk([each.discount.id for each in found if each.discount])
    return [_basket(each, sold, lowered) for each in found]


def _basket(basket: PricedBasket, sold: Mapping[int, Json], lowered: Mapping[int, Discount]) -> Json:
    return {
        "id": basket.id,
        "user": basket.user,
        "anonymous_id": basket.anonymous_id,
        "basket_items": [
            {"basket": basket.id, "product": {**sold[line.product], "price": float(line.price)}, "id": line.item} for line in basket.lines
        ],
        "total_price": float(basket.list_price),
        "discounted_price": float(basket.total),
        "discounts": [_discount_of(basket, basket.discount, lowered[basket.discount.id])] if basket.discount else [],
    }


def _discount_of(basket: PricedBasket, facts: DiscountFacts, found: Discount) -> Json:
    items = [item(basket.id, line.item, line.product) for line in basket.lines]
    return {
        "redeemed_discount": discount(found, is_redeemed=facts.uses + facts.my_uses > 0),
        "redeemed_basket": {"id": basket.id, "user": basket.user, "basket_items": items},
    }


def item(basket: int, id: int, product: int) -> Json:
    return {"basket": basket, "product": product, "id": id}


def products_by_id(ids: Iterable[int]) -> dict[int, Json]:
    """Of products that are sold no longer, too."""
    return {row.pk: products.told(row) for row in products.everything().filter(pk__in=set(ids))}


# --- orders


def history(orders: Collection[Order], eligible: Collection[int]) -> list[Json]:
    """One purchaser's orders, as `queries` loads them; `eligible` are those whose money can be asked back. Two queries."""
    if not orders:
        return []
    sold = products_by_id(line.product_version.product_id for order in orders for line in order.lines.all())
    purchaser = _public(next(iter(orders)).purchaser)
    return [_order_of_history(order, purchaser, sold, order.pk in eligible) for order in orders]


def _order_of_history(order: Order, purchaser: Json, sold: Mapping[int, Json], eligible: bool) -> Json:
    lines = list(order.lines.all())
    return {
        "id": order.pk,
        "state": order.state,
        "reference_number": order.reference_number,
        "purchaser": purchaser,
        "total_price_paid": money(order.total_price_paid),
        "lines": [_line(line, sold[line.product_version.product_id]) for line in lines],
        "created_on": order.created_on,
        "titles": [title(line) for line in lines],
        "updated_on": order.updated_on,
        "refund_eligible": eligible,
    }


def _public(person: User) -> Json:
    return {
        "id": person.pk,
        "username": username_of(person),
        "name": person.name,
        "created_on": person.date_joined,
        "updated_on": person.updated_on,
    }


def _line(line: OrderLine, product: Json) -> Json:
    return {
        "quantity": line.quantity,
        "item_description": line.product_version.description,
        "unit_price": money(line.price),
        "total_price": money(line.total),
        "id": line.pk,
        "product": product,
    }


def status(order: Order) -> Json:
    return {
        "id": order.pk,
        "reference_number": order.reference_number,
        "total_price_paid": money(order.total_price_paid),
        "state": order.state,
    }


def receipt(order: Order, *, eligible: bool) -> Json:
    """Of an order as `queries` loads it."""
    address = address_of(order)
    return {
        "id": order.pk,
        "state": order.state,
        "purchaser": {**address, "email": str((order.receipt or {}).get("email", ""))},
        "total_price_paid": money(order.total_price_paid),
        "lines": [_receipt_line(line) for line in order.lines.all()],
        "discounts": [_used(each.discount) for each in order.redemptions.all() if each.state == RedemptionState.REDEEMED],
        "refunds": [{"amount": float(each.amount), "date": each.updated_on} for each in given_back(order)],
        "reference_number": order.reference_number,
        "created_on": order.created_on,
        "transactions": _card(order),
        "street_address": {
            "line": [each for each in (address["street_address_1"], address["street_address_2"]) if each],
            **{name: address[name] for name in ("postal_code", "state", "city", "country")},
        },
        "refund_eligible": eligible,
    }


def address_of(order: Order) -> dict[str, str]:
    """Where its purchaser lived when it was paid."""
    kept = (order.receipt or {}).get("address", {})
    return {name: str(kept.get(name) or "") for name in ADDRESS}


def payment_of(order: Order) -> dict[str, str]:
    """How it was paid: method, card_brand, card_last4, payer_name and payer_email, as far as the gateway told."""
    return {name: str(value or "") for name, value in (order.receipt or {}).get("payment", {}).items()}


def _card(order: Order) -> Json:
    paid = payment_of(order)
    last4 = paid.get("card_last4")
    return {
        "card_number": f"xxxxxxxxxxxx{last4}" if last4 else "",
        "card_type": paid.get("card_brand", ""),
        "name": paid.get("payer_name", ""),
        "bill_to_email": paid.get("payer_email", ""),
        "payment_method": paid.get("method", ""),
    }


def _receipt_line(line: OrderLine) -> Json:
    run, program = line.course_run, line.program
    sold: Any = run or program
    return {
        "quantity": line.quantity,
        "CEUs": "",
        "content_title": sold.title,
        "content_type": "courserun" if run else "program",
        "readable_id": run.courseware_id if run else sold.readable_id,
        "start_date": _moment(sold.start_date),
        "end_date": _moment(sold.end_date),
        "total_paid": money(line.total),
        "discount": money(line.discount),
        "price": money(line.price),
    }


def _moment(date: datetime | None) -> str:
    return date.isoformat().replace("+00:00", "Z") if date else ""


def _used(found: Discount) -> Json:
    told = discount(found, is_redeemed=True)
    del told["is_redeemed"]
    kept = {name: getattr(found, name) for name in ("created_on", "updated_on", "is_bulk", "is_program_discount")}
    return {"redeemed_discount": told | kept | {"b2b_sheet_location": None}}


def given_back(order: Order) -> list[Refund]:
    """What the gateway has given back."""
    return [each for each in order.refunds.all() if each.state == RefundState.SUCCEEDED]


def title(line: OrderLine) -> str:
    sold = line.course_run or line.program
    return sold.title if sold else ""


def money(amount: Decimal) -> str:
    return f"{amount:.2f}"
