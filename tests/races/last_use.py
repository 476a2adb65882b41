"""Many people buy at once with the last use of a code."""

import contextvars
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from uuid import uuid4

from django.db import IntegrityError, connection

from corridor.accounts.models import User
from corridor.mitxonline.catalog.models import CourseRun
from corridor.mitxonline.commerce import checkout, payments
from corridor.mitxonline.commerce.errors import DiscountGone
from corridor.mitxonline.commerce.models import Basket, BasketItem, Order
from corridor.mitxonline.commerce.tests.cast import IP, a_code, buy, product_of
from corridor.mitxonline.commerce.tests.gateway import PretendGateway, in_place_of_all
from corridor.mitxonline.discounts.models import Redemption


@dataclass(frozen=True)
class Outcome:
    bought_with_code: int
    refused: int
    uses: int


def the_last_use(run: CourseRun, gateway: PretendGateway, *, buyers: int = 50) -> Outcome:
    """A code for two, used once; then everybody at once."""
    code = a_code(f"LAST-{uuid4()}", "50", max_redemptions=2)
    people = User.objects.bulk_create(User(username=uuid4().hex, email=f"{uuid4().hex}@example.org") for _ in range(buyers + 1))
    start = Barrier(buyers)
    with in_place_of_all(gateway):
        buy(people[0], gateway, run, code=code.discount_code)
        baskets = Basket.objects.bulk_create(Basket(user=person, discount=code, discount_typed=True) for person in people[1:])
        BasketItem.objects.bulk_create(BasketItem(basket=basket, product=product_of(run)) for basket in baskets)

        def attempt(person: User) -> bool:
            try:
                start.wait(timeout=60)
                checked = checkout.check_out(person.pk, ip=IP)
                assert checked.attempt is not None
                checkout.hand_off(person.pk, checked.attempt, ip=IP)
                payments.receive(gateway.message(gateway.decide(gateway.begun[checked.attempt])), gateway)
            except (DiscountGone, IntegrityError):
                return False
            finally:
                connection.close()
            return True

        contexts = [contextvars.copy_context() for _ in people[1:]]
        with ThreadPoolExecutor(buyers) as threads:
            bought = list(threads.map(lambda person, context: context.run(attempt, person), people[1:], contexts))
    paid = Order.objects.filter(redemptions__discount=code, redemptions__state="redeemed", state="fulfilled").count() - 1
    assert paid == sum(bought)
    return Outcome(sum(bought), len(bought) - sum(bought), Redemption.objects.filter(discount=code, state="redeemed").count())
