"""Whatever happens to buyers, processes and notifications: the books close. The long run is bench/invariants.py."""

import random
import time

import pytest

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
