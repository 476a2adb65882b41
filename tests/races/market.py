"""A small market that is treated badly: buyers in threads, processes that die anywhere, notifications lost, doubled, late, forged.

A run is made of a seed: who does what, with whom at once, and where somebody dies. After it the gateways are asked, the outbox is
delivered, and the books must close: those of ours among themselves, and against those of the gateway.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from threading import Lock
from typing import Any
from unittest.mock import patch

from django.contrib.contenttypes.models import ContentType
from django.db import Error, connection
from django.db.models import Sum
from django.db.models.functions import Now

from corridor.accounts.models import User
from corridor.kit import clock
from corridor.kit.errors import Problem
from corridor.kit.outbox import receivers
from corridor.kit.outbox.models import OutboxEvent
from corridor.kit.outbox.relay import drain
from corridor.mitxonline.catalog.models import CourseRun, Program
from corridor.mitxonline.commerce import actions, checkout, invariants, payments, refunds, sweeps
from corridor.mitxonline.commerce.models import Order, OrderLine
from corridor.mitxonline.commerce.tests.cast import IP, a_code, product_of
from corridor.mitxonline.commerce.tests.gateway import PretendGateway, in_place_of_all
from corridor.mitxonline.discounts.models import Discount
from corridor.mitxonline.enrollments.tests.cast import a_program_of, a_sold_run
from corridor.mitxonline.gateways.port import Decision, Handoff, Message, Notice, Payment, RefundOrder, RefundOutcome
from corridor.mitxonline.ledger.models import Transaction

from . import doom

# What a run writes, emptied after it; people, courses and codes stay.
WRITTEN = (
    "redemption", "refundrequest", "refundline", "case", "posting", "transaction", "refund", "gatewaynotice", "attempthandoff",
    "checkoutattempt", "entitlement", "enrollmentchange", "runenrollment", "programenrollment", "orderline", "order", "basketitem", "basket",
)  # fmt: skip
AT_ONCE = 3
RELAYED = ("mitxonline.refunds",)  # courseware and mail have tests of their own


class MortalGateway(PretendGateway):
    """Whoever calls it can die before the call and after it."""

    def begin(self, payment: Payment) -> Handoff:
        return self._called(lambda: super(MortalGateway, self).begin(payment))

    def read(self, message: Message) -> Notice:
        return self._called(lambda: super(MortalGateway, self).read(message))

    def refund(self, order: RefundOrder) -> RefundOutcome:
        return self._called(lambda: super(MortalGateway, self).refund(order))

    def look_up(self, reference_number: str, since: object) -> list[Notice]:
        return self._called(lambda: super(MortalGateway, self).look_up(reference_number, since))

    def _called(self, call: Callable[[], Any]) -> Any:
        assert not connection.in_atomic_block, "somebody else's server is asked inside a transaction"
        doom.moment()
        answer = call()
        doom.moment()
        return answer


@dataclass
class Market:
    """What there is to buy, who buys, and what the gateway has said that has not arrived."""

    people: list[User]
    sold: list[CourseRun | Program]
    codes: list[Discount]
    gateway: MortalGateway = field(default_factory=MortalGateway)
    on_the_way: list[Notice] = field(default_factory=list)
    in_review: list[tuple[Payment, str]] = field(default_factory=list)
    deaths: int = 0
    steps: int = 0
    relaying: Lock = field(default_factory=Lock)
    crew: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(AT_ONCE))


def open_market() -> Market:
    """Three people, two runs, a program of them, and codes of every kind."""
    people = [User.objects.create(username=name, email=f"{name}@example.org", name=name.title()) for name in ("ada", "bob", "eve")]
    runs = [a_sold_run("MA.01x"), a_sold_run("MA.02x", price="50.00")]
    program = a_program_of(*runs, code="MARKET")
    codes = [
        a_code("ONCE", "50", redemption_type="one-time"),
        a_code("EACH", "20", redemption_type="one-time-per-user"),
        a_code("TWICE", "10", discount_type="dollars-off", max_redemptions=2),
        a_code("FREE", "0", discount_type="fixed-price", max_redemptions=2, products=[product_of(runs[1])]),
        a_code("ALWAYS", "49.995", discount_type="fixed-price"),
    ]
    return Market(people, [*runs, program], codes)


# --- what people do; each gives what will be done in a thread


Deed = Callable[[], object]


def put_into_cart(market: Market, chance: random.Random) -> Deed:
    person, thing = chance.choice(market.people), chance.choice(market.sold)
    code = chance.choice([None, *market.codes])
    return lambda: actions.add_to_basket(person.pk, product_of(thing).pk, code and code.discount_code)


def pay(market: Market, chance: random.Random) -> Deed:
    """Check out and do something on the gateway's page, in a tab of one's own."""
    person, more = chance.choice(market.people), chance.choice([*market.sold, None])
    decisions = chance.choices(
        [Decision.ACCEPTED, Decision.DECLINED, Decision.CANCELED, Decision.REVIEW, Decision.ERROR],
        [16, 2, 2, 3, 1],
        k=chance.choice([1, 1, 1, 2]),
    )
    changed: dict[str, Any] = chance.choices([{}, {"amount": Decimal("1.00")}, {"currency": "EUR"}], [20, 1, 1])[0]

    def act() -> None:
        if more is not None:
            actions.add_to_basket(person.pk, product_of(more).pk)
        checked = checkout.check_out(person.pk, ip=IP)
        if checked.attempt is None:
            return
        checkout.hand_off(person.pk, checked.attempt, ip=IP)
        for decision in decisions:
            _decide(market, market.gateway.begun[checked.attempt], decision, **changed)

    return act


def _decide(market: Market, payment: Payment, decision: Decision, **changed: Any) -> None:
    notice = market.gateway.decide(payment, decision, **changed)
    market.on_the_way.append(notice)
    if decision is Decision.REVIEW:
        market.in_review.append((payment, notice.transaction_id))


def pay_an_old_form(market: Market, chance: random.Random) -> Deed:
    """Somebody comes back to a page of the gateway that was left open, or pays once more."""
    which, decision = chance.random(), chance.choice([Decision.ACCEPTED, Decision.ACCEPTED, Decision.DECLINED])

    def act() -> None:
        if forms := list(market.gateway.begun.values()):
            _decide(market, forms[int(which * len(forms))], decision)

    return act


def decide_reviews(market: Market, chance: random.Random) -> Deed:
    decision = chance.choice([Decision.ACCEPTED, Decision.DECLINED])

    def act() -> None:
        if market.in_review:
            payment, transaction = market.in_review.pop()
            market.on_the_way.append(market.gateway.decide(payment, decision, transaction=transaction))

    return act


def deliver(market: Market, chance: random.Random) -> Deed:
    """A notification arrives: any of those on the way, by browser or server, perhaps once more later."""
    which, stays, channel = chance.random(), chance.random() < 0.4, chance.choice(["browser", "server"])

    def act() -> None:
        notices = list(market.on_the_way)
        if not notices:
            return
        notice = notices[int(which * len(notices))]
        payments.receive(market.gateway.message(notice, channel), market.gateway)
        if not stays and notice in market.on_the_way:
            market.on_the_way.remove(notice)

    return act


def lose(market: Market, chance: random.Random) -> Deed:
    return lambda: market.on_the_way.clear()


def forge(market: Market, chance: random.Random) -> Deed:
    """Somebody else says that an order is paid."""
    which = chance.random()

    def act() -> None:
        if forms := list(market.gateway.begun.values()):
            form = forms[int(which * len(forms))]
            forged = PretendGateway().decide(form, transaction="FORGED")
            payments.receive(market.gateway.message(forged, signature="forged"), market.gateway)

    return act


def give_back(market: Market, chance: random.Random) -> Deed:
    """Staff refund lines of an order, whole or in part."""
    which, part, keeps = chance.random(), chance.choice([None, None, None, Decimal("10.00"), Decimal("25.00")]), chance.random() < 0.2
    staff = market.people[0].pk

    def act() -> None:
        if orders := list(Order.objects.exclude(fulfilled_on=None).order_by("pk")):
            order = orders[int(which * len(orders))]
            lines = list(OrderLine.objects.filter(order=order).order_by("id").values_list("pk", flat=True))
            chosen = lines[: 1 + int(which * 10) % len(lines)]
            refunds.refund(order.pk, lines=dict.fromkeys(chosen, part), actor=staff, reason="asked for", keeps_seats=keeps)

    return act


def ask_gateways(market: Market, chance: random.Random) -> Deed:
    later = timedelta(minutes=chance.choice([16, 61, 70]))
    return lambda: sweeps.resolve_orders(clock.now() + later)


def relay(market: Market, chance: random.Random) -> Deed:
    def act() -> None:
        with market.relaying:
            drain()

    return act


def gateway_trouble(market: Market, chance: random.Random) -> Deed:
    down, state = chance.random() < 0.3, chance.choice(["succeeded", "succeeded", "pending", "refused"])

    def act() -> None:
        market.gateway.down, market.gateway.refund_state = down, state

    return act


DEEDS: Sequence[tuple[Callable[[Market, random.Random], Deed], int]] = (
    (put_into_cart, 2), (pay, 12), (pay_an_old_form, 3), (decide_reviews, 2), (deliver, 10), (lose, 1), (forge, 1), (give_back, 6),
    (ask_gateways, 1), (relay, 3), (gateway_trouble, 1),
)  # fmt: skip


# --- a run


def run(seed: int, market: Market) -> list[str]:
    """What is wrong after a run of that seed: nothing, if all is well. The market is empty again afterwards."""
    chance = random.Random(seed)
    market.gateway = MortalGateway()
    market.on_the_way, market.in_review, market.deaths, market.steps = [], [], 0, 0
    try:
        with in_place_of_all(market.gateway):
            for _ in range(chance.randint(1, 3)):
                _do(market, chance, [put_into_cart(market, chance)])
            for _ in range(chance.randint(2, 6)):
                deeds = chance.choices([deed for deed, _ in DEEDS], [weight for _, weight in DEEDS], k=chance.choice([1, 1, 2, 3]))
                _do(market, chance, [deed(market, chance) for deed in deeds])
            _settle(market, chance)
            return wrong(market)
    except Error as error:  # the database guards what the code did not
        return [f"refused by the database: {error}"]
    finally:
        empty()


def _do(market: Market, chance: random.Random, deeds: Sequence[Deed]) -> None:
    """Some deeds at once, each in a thread with a connection of its own; one in four dies on the way."""
    market.steps += len(deeds)
    mortal = [(deed, chance.randint(1, 120) if chance.random() < 0.2 else None) for deed in deeds]
    for done in [market.crew.submit(_live, market, deed, dies_after) for deed, dies_after in mortal]:
        done.result()


def _live(market: Market, deed: Deed, dies_after: int | None) -> None:
    try:
        with doom.dying_after(dies_after):
            deed()
    except (doom.Died, Problem, Error):  # dead, refused, or the database would not have it, which is what it is asked for
        pass
    finally:
        market.deaths += doom.bury()


def _settle(market: Market, chance: random.Random) -> None:
    """Time passes: everybody is well again, gateways are asked, reviews decided, something is given back, the outbox is delivered."""
    market.gateway.down, market.gateway.refund_state = False, "succeeded"
    for payment, transaction in market.in_review:
        market.gateway.decide(payment, Decision.DECLINED, transaction=transaction)
    with clock.fixed(clock.now() + timedelta(minutes=70)):
        sweeps.resolve_orders(clock.now())
    with clock.fixed(clock.now() + timedelta(minutes=90)):
        sweeps.take_unheard(clock.now())
    if chance.random() < 0.5:
        _do(market, chance, [give_back(market, chance)])
    with clock.fixed(clock.now() + timedelta(hours=2)):
        sweeps.ask_again_for_refunds(clock.now())
    while OutboxEvent.objects.filter(topic__in=RELAYED, attempts__lt=3).update(due_at=Now()):
        drain()


def wrong(market: Market) -> list[str]:
    """Against the books of ours, and of the gateway."""
    found = [f"{each.rule}: {each.about} {each.said}" for each in invariants.broken()]
    found += [f"undelivered: {event.topic} {event.error}" for event in OutboxEvent.objects.filter(topic__in=RELAYED)]
    booked = {moved.transaction_id: moved for moved in Transaction.objects.filter(transaction_type="payment").exclude(gateway="")}
    accepted = market.gateway.moves(Decision.ACCEPTED)
    found += [f"lost: {notice.transaction_id} of {notice.reference_number}" for notice in accepted if notice.transaction_id not in booked]
    found += [f"invented: {name}" for name in booked.keys() - {notice.transaction_id for notice in accepted}]
    for name, moved in booked.items():
        back = sum((each.amount for each in Transaction.objects.filter(refund__payment=moved)), Decimal(0))
        if back != market.gateway.returned(name):
            found.append(f"gateway and ledger differ: {name} gave back {market.gateway.returned(name)}, booked {back}")
    return found + list(_charged_twice())


def _charged_twice() -> Iterator[str]:
    """Nobody keeps paying for one thing in two orders, but where staff know that a refund was refused."""
    kept: set[tuple[object, ...]] = set()
    lines = (
        OrderLine.objects.exclude(order__fulfilled_on=None)
        .exclude(order__cases__kind="refund_refused")
        .annotate(left=Sum("postings__amount"))
    )
    for line in lines.filter(left__lt=0).select_related("order"):
        what = (line.order.purchaser_id, line.course_run_id, line.program_id)
        if what in kept:
            yield f"charged twice: {what}"
        kept.add(what)


def empty() -> None:
    """Nothing of a run is left; triggers that keep rows for good are asleep meanwhile."""
    tables = ", ".join(f"DELETE FROM mitxonline_{name}" for name in WRITTEN).replace(", DELETE", "; DELETE")
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f"{tables}; DELETE FROM kit_outboxevent; DELETE FROM kit_auditentry")
        cursor.execute("SET session_replication_role = DEFAULT")


@contextmanager
def quiet_surroundings() -> Iterator[None]:
    """Around runs: what has nothing to do with money is not delivered, and commits are moments to die at."""
    ContentType.objects.clear_cache()
    relayed = {topic: found for topic, found in receivers.RECEIVERS.items() if topic in RELAYED}
    with patch.dict(receivers.RECEIVERS, relayed, clear=True), doom.counting_commits():
        yield
