"""Whatever happens to buyers, processes and notifications: the books close. The long run is bench/invariants.py."""

import random
import time
from unittest.mock import patch

import pytest

from corridor.mitxonline.commerce import refunds, rules
from corridor.mitxonline.commerce.rules import Verdict
from corridor.mitxonline.discounts import actions as uses

from . import market

SECONDS = 12


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_books_close_whatever_happens() -> None:
    found = market.open_market()
    begun, runs, deaths = time.monotonic(), 0, 0
    seeds = random.Random(20260302)
    with market.quiet_surroundings():
        while time.monotonic() - begun < SECONDS:
            seed = seeds.randrange(10**9)
            assert market.run(seed, found) == [], f"seed {seed}"
            runs, deaths = runs + 1, deaths + found.deaths
    assert runs >= 3
    assert deaths


def _nothing(*args: object, **told: object) -> None:
    """What a guard that was taken out does."""


FOUND_BY = (3, 13, 15, 7, 8)  # seeds whose runs are likely to show it
WITHOUT = {
    "what was asked for is compared with what is paid": (rules, "_of_money", lambda amount, currency, asked: Verdict.FULFIL),
    "a code that was released is reserved anew": (uses, "redeem", lambda order: True),
    "a refund ends its seat": (refunds, "_end_seats", _nothing),
    "a second payment goes back": (refunds, "owe_payment_back", _nothing),
}


@pytest.mark.slow
@pytest.mark.parametrize("guard", WITHOUT)
@pytest.mark.django_db(transaction=True)
def test_the_books_do_not_close_without(guard: str) -> None:
    found = market.open_market()
    with market.quiet_surroundings(), patch.object(*WITHOUT[guard]):
        assert any(market.run(seed, found) for seed in (*FOUND_BY, *range(100, 160)))
