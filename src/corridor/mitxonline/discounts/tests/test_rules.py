"""What a discount makes of a price, for anybody and anything."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.mitxonline.discounts import rules
from corridor.mitxonline.discounts.rules import DiscountFacts, Refusal
from corridor.mitxonline.discounts.vocabulary import DiscountType, PaymentType, RedemptionType

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
prices = st.decimals("0", "99999.99", places=2)
discounts = st.builds(
    DiscountFacts,
    id=st.integers(1, 50),
    code=st.just("LANTERN"),
    discount_type=st.sampled_from(DiscountType.values),
    redemption_type=st.sampled_from(RedemptionType.values),
    amount=st.decimals("0", "100", places=5),
    payment_type=st.sampled_from([None, *PaymentType.values]),
    products=st.frozensets(st.integers(1, 4), max_size=2),
    is_mine=st.booleans(),
)
carts = st.dictionaries(st.integers(1, 4), prices, min_size=1).map(lambda found: list(found.items()))


def a_discount(**told: object) -> DiscountFacts:
    usual = {"id": 1, "code": "LANTERN", "discount_type": "percent-off", "redemption_type": "unlimited", "amount": Decimal(20)}
    return DiscountFacts(**(usual | told))


@pytest.mark.parametrize(
    ("kind", "amount", "price", "expected"),
    [
        ("percent-off", "20", "99.00", "79.20"),
        ("percent-off", "12.5", "0.20", "0.18"),  # 0.175
        ("percent-off", "50", "0.01", "0.01"),  # half a cent upwards
        ("percent-off", "100", "99.00", "0.00"),
        ("dollars-off", "30", "99.00", "69.00"),
        ("dollars-off", "100", "99.00", "0.00"),
        ("dollars-off", "0.005", "1.00", "1.00"),
        ("fixed-price", "49", "99.00", "49.00"),
        ("fixed-price", "149", "99.00", "99.00"),
        ("fixed-price", "0", "99.00", "0.00"),
    ],
)
def test_a_price_is_reduced_to_the_cent(kind: str, amount: str, price: str, expected: str) -> None:
    assert rules.reduced(Decimal(price), a_discount(discount_type=kind, amount=Decimal(amount))) == Decimal(expected)


@given(prices, discounts)
def test_a_reduced_price_is_between_nothing_and_the_price(price: Decimal, discount: DiscountFacts) -> None:
    reduced = rules.reduced(price, discount)
    assert 0 <= reduced <= price
    assert reduced == reduced.quantize(rules.CENT)


@given(carts, discounts)
def test_a_discount_that_names_products_lowers_theirs_alone(cart: list[tuple[int, Decimal]], discount: DiscountFacts) -> None:
    for line in rules.priced(cart, discount):
        if discount.products and line.product not in discount.products:
            assert line.total == line.price


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, None),
        ({"is_active": False}, Refusal.WITHDRAWN),
        ({"starts": NOW}, None),
        ({"starts": NOW + timedelta(seconds=1)}, Refusal.NOT_YET),
        ({"ends": NOW}, Refusal.OVER),
        ({"ends": NOW + timedelta(seconds=1)}, None),
        ({"redemption_type": "one-time", "uses": 1}, Refusal.USED_UP),
        ({"redemption_type": "one-time", "my_uses": 1}, Refusal.USED_UP),
        ({"max_redemptions": 3, "uses": 2}, None),
        ({"max_redemptions": 3, "uses": 2, "my_uses": 1}, Refusal.USED_UP),
        ({"redemption_type": "one-time-per-user", "uses": 9}, None),
        ({"redemption_type": "one-time-per-user", "my_uses": 1}, Refusal.USED_BY_YOU),
        ({"redemption_type": "one-time-per-user", "max_redemptions": 9, "uses": 9}, Refusal.USED_UP),
        ({"is_assigned": True}, Refusal.FOR_OTHERS),
        ({"is_assigned": True, "is_mine": True}, None),
        ({"products": frozenset({7})}, Refusal.FOR_OTHER_PRODUCTS),
        ({"products": frozenset({1, 7})}, None),
    ],
)
def test_why_a_discount_does_not_apply(told: dict[str, object], expected: Refusal | None) -> None:
    assert rules.refusal(a_discount(**told), [1], NOW) is expected


def test_financial_aid_comes_before_what_is_assigned_before_the_best_price() -> None:
    aid = a_discount(id=3, amount=Decimal(10), payment_type=PaymentType.FINANCIAL_ASSISTANCE)
    mine = a_discount(id=2, amount=Decimal(15), is_assigned=True, is_mine=True)
    free, half = a_discount(id=1, amount=Decimal(100)), a_discount(id=4, amount=Decimal(50))
    cart = [(1, Decimal("99.00"))]
    assert rules.best([half, free, mine, aid], cart, NOW) == aid
    assert rules.best([half, free, mine], cart, NOW) == mine
    assert rules.best([half, free], cart, NOW) == free
    assert rules.best([half, replace(free, is_active=False)], cart, NOW) == half
    assert rules.best([], cart, NOW) is None


@given(st.lists(discounts, max_size=6), carts)
def test_no_discount_of_the_same_rank_gives_a_better_price_than_the_one_that_counts(
    candidates: list[DiscountFacts], cart: list[tuple[int, Decimal]]
) -> None:
    chosen = rules.best(candidates, cart, NOW)
    ids = [product for product, _ in cart]
    usable = [each for each in candidates if rules.refusal(each, ids, NOW) is None]
    assert (chosen is None) == (not usable)
    for other in usable:
        assert chosen is not None
        same_rank = (other.payment_type == chosen.payment_type) and other.is_mine == chosen.is_mine
        assert not same_rank or rules.total(rules.priced(cart, chosen)) <= rules.total(rules.priced(cart, other))


@given(st.sets(st.integers(1, 8)), st.integers(1, 8))
def test_a_free_slot_is_nobodys_and_within_the_limit(taken: set[int], most: int) -> None:
    slot = rules.free_slot(taken, most)
    assert slot is None if set(range(1, most + 1)) <= taken else slot not in taken and 1 <= slot <= most
