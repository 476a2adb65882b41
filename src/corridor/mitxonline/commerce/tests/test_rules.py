"""What state an order is in, what a gateway's word is worth, and what may be asked back: for anything that can be said, in any order."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.mitxonline.commerce import rules
from corridor.mitxonline.commerce.rules import Asked, Returnable, Said, Verdict
from corridor.mitxonline.commerce.vocabulary import OrderState
from corridor.mitxonline.gateways.port import Decision

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
PRICE = Decimal("99.00")
said = st.lists(
    st.builds(Said, st.sampled_from(Decision), st.integers(0, 5).map(lambda minutes: NOW + timedelta(minutes=minutes))), max_size=6
)


@given(said, st.booleans(), st.randoms(use_true_random=False))
def test_the_state_does_not_depend_on_the_order_in_which_things_arrive(heard: list[Said], closed: bool, chance: object) -> None:
    shuffled = list(heard)
    chance.shuffle(shuffled)
    states = {rules.order_state(paid=False, sold=Decimal(0), returned=Decimal(0), said=order, closed=closed) for order in (heard, shuffled)}
    assert len(states) == 1


@given(said, st.booleans(), st.decimals("0", "99.00", places=2))
def test_what_is_paid_is_paid_whatever_else_was_said(heard: list[Said], closed: bool, returned: Decimal) -> None:
    state = rules.order_state(paid=True, sold=PRICE, returned=returned, said=heard, closed=closed)
    expected = OrderState.FULFILLED if not returned else OrderState.REFUNDED if returned == PRICE else OrderState.PARTIALLY_REFUNDED
    assert state is expected


@given(
    st.sampled_from(Decision), st.none() | st.decimals("0", "200", places=2), st.sampled_from(["USD", "EUR"]), st.booleans(), st.booleans()
)
def test_nothing_is_given_but_for_the_money_that_was_asked_for(
    decision: Decision, amount: Decimal | None, currency: str, attempt_known: bool, paid: bool
) -> None:
    asked = Asked(PRICE, "USD", attempt_known=attempt_known, paid=paid)
    verdict = rules.verdict(decision, amount, currency, asked)
    right = decision is Decision.ACCEPTED and (amount, currency) == (PRICE, "USD") and attempt_known and not paid
    assert (verdict is Verdict.FULFIL) == right
    if decision is Decision.ACCEPTED:
        assert verdict is not Verdict.IGNORE


@given(st.dictionaries(st.integers(1, 3), st.none() | st.decimals("-5", "120", places=3)), st.decimals("0", "99.00", places=2))
def test_never_more_goes_back_than_was_paid(asked: dict[int, Decimal | None], returned: Decimal) -> None:
    lines = {line: Returnable(PRICE, returned) for line in (1, 2)}
    found = rules.amounts_to_return(asked, lines)
    if not isinstance(found, str):
        assert all(0 < amount <= lines[line].left for line, amount in found.items())


@pytest.mark.parametrize(
    ("days", "start", "expected"),
    [(6, None, True), (7, None, False), (7, 3, True), (9, 3, True), (10, 3, False), (6, -30, True), (7, -30, False)],
)
def test_money_is_asked_back_within_a_week_of_payment_or_start(days: int, start: int | None, expected: bool) -> None:
    starts = [None if start is None else NOW + timedelta(days=start)]
    assert rules.can_be_asked_back(paid_at=NOW, starts=starts, now=NOW + timedelta(days=days)) is expected


def test_the_number_of_a_card_is_not_kept_of_what_is_not_believed() -> None:
    kept = rules.harmless({"req_card_number": "4111 1111 1111 1111", "message": "x" * 400, "req_amount": "99.00"}, 300)
    assert kept["req_card_number"] == "…"
    assert len(kept["message"]) == 300
    assert kept["req_amount"] == "99.00"
