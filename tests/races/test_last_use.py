"""Of many who buy with the last use of a code exactly one succeeds. A hundred repetitions: bench/last_use.py."""

from unittest.mock import patch

import pytest

from corridor.mitxonline.commerce import invariants, locks
from corridor.mitxonline.commerce.tests.gateway import PretendGateway
from corridor.mitxonline.discounts.models import Discount
from corridor.mitxonline.enrollments.tests.cast import a_sold_run

from .last_use import Outcome, the_last_use

pytestmark = pytest.mark.django_db(transaction=True)


def test_exactly_one_of_fifty_buys_with_the_last_use() -> None:
    run, gateway = a_sold_run(), PretendGateway()
    assert [the_last_use(run, gateway) for _ in range(2)] == [Outcome(1, 49, 2)] * 2
    assert invariants.broken() == []


def test_without_our_lock_the_database_still_lets_one_succeed() -> None:
    with patch.object(locks, "discount", lambda id: Discount.objects.get(pk=id)):
        assert the_last_use(a_sold_run(), PretendGateway(), buyers=12) == Outcome(1, 11, 2)
    assert invariants.broken() == []
