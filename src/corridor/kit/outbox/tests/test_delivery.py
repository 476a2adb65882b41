"""What the outbox promises, each promise on a real database."""

from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from corridor.kit import request_ids
from corridor.kit.outbox import lanes, publish
from corridor.kit.outbox.lanes import Lane, rounds
from corridor.kit.outbox.models import OutboxEvent
from corridor.kit.outbox.queries import backlog, next_messages
from corridor.kit.outbox.receivers import Delivery, Receiver
from corridor.kit.outbox.relay import drain, replay

pytestmark = pytest.mark.django_db

Register = Callable[..., list[list[Delivery]]]


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Register:
    """Registers a receiver for a topic and gives the calls that it gets. `fails` says for a batch what goes wrong with it."""
    registered: dict[str, Receiver] = {}
    monkeypatch.setattr(lanes, "RECEIVERS", registered)

    def register(
        topic: str = "catalogue", batch: int = 100, fails: Callable[[Sequence[Delivery]], dict[int, str] | None] = lambda part: None
    ) -> list:
        calls: list[list[Delivery]] = []

        def receive(part: Sequence[Delivery]) -> dict[int, str] | None:
            calls.append(list(part))
            return fails(part)

        registered[topic] = Receiver(topic, receive, batch)
        return calls

    return register


def owe(*aggregates: str, topic: str = "catalogue") -> None:
    with transaction.atomic():
        publish(topic, aggregates)


def raise_for(*bad: str) -> Callable[[Sequence[Delivery]], None]:
    def fails(part: Sequence[Delivery]) -> None:
        if any(delivery.aggregate in bad for delivery in part):
            raise ValueError("cannot take this")

    return fails


def make_due() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kit_outboxevent SET due_at = statement_timestamp() - interval '1 second'")


def delivered(calls: list[list[Delivery]]) -> list[str]:
    return [delivery.aggregate for part in calls for delivery in part]


def test_what_is_owed_is_delivered_once_and_forgotten(receiver: Register) -> None:
    calls = receiver()
    owe("a", "b", "c")
    assert drain() == 3
    assert delivered(calls) == ["a", "b", "c"]
    assert drain() == 0
    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nothing_can_be_owed_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        publish("catalogue", ["a"])


def test_a_change_that_is_rolled_back_owes_nothing(receiver: Register) -> None:
    calls = receiver()

    def change() -> None:
        with transaction.atomic():
            publish("catalogue", ["a"])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()
    assert drain() == 0
    assert calls == []


def test_a_bad_message_is_singled_out_of_its_batch(receiver: Register) -> None:
    calls = receiver(fails=raise_for("n57"))
    owe(*(f"n{i}" for i in range(100)))
    drain()
    left = OutboxEvent.objects.get()
    assert (left.aggregate, left.attempts, left.error) == ("n57", 1, "ValueError: cannot take this")
    assert len(calls) <= 2 * (100).bit_length() + 2


def test_a_receiver_can_say_which_messages_failed(receiver: Register) -> None:
    receiver(fails=lambda part: {delivery.id: "no such resource" for delivery in part if delivery.aggregate == "b"})
    owe("a", "b", "c")
    drain()
    assert OutboxEvent.objects.values_list("aggregate", "error").get() == ("b", "no such resource")


def test_later_messages_of_an_aggregate_wait_for_the_one_that_failed(receiver: Register) -> None:
    broken = {"a"}
    calls = receiver(batch=2, fails=lambda part: raise_for(*broken)(part))
    owe("a", "b", "a", "a", "b")
    drain()
    assert Counter(OutboxEvent.objects.values_list("aggregate", flat=True)) == {"a": 3}
    assert list(OutboxEvent.objects.order_by("id").values_list("attempts", flat=True)) == [1, 0, 0]
    broken.clear()
    calls.clear()
    make_due()
    drain()
    ids = [delivery.id for part in calls for delivery in part]
    assert len(ids) == 3
    assert ids == sorted(ids)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    owed=st.lists(st.sampled_from("abcd"), min_size=4, max_size=25),
    weather=st.lists(st.sets(st.integers(0, 24), max_size=5), min_size=1, max_size=6),
    partly=st.booleans(),
    batch=st.integers(1, 12),
)
@example(owed=list("abaa"), weather=[{1}], partly=False, batch=8)
@example(owed=list("aab"), weather=[{0}], partly=True, batch=8)
def test_whatever_fails_each_aggregate_ends_with_its_messages_in_order(
    receiver: Register, owed: list[str], weather: list[set[int]], partly: bool, batch: int
) -> None:
    """`weather` says for each round which messages fail, counted from the first; a batch with one fails as a whole, or says which."""
    OutboxEvent.objects.all().delete()
    done: dict[str, list[int]] = {}
    bad: set[int] = set()

    def fails(part: Sequence[Delivery]) -> dict[int, str] | None:
        failed = {delivery.id: "bad" for delivery in part if delivery.id - first in bad}
        if failed and not partly:
            raise ValueError("bad")
        for delivery in part:
            if delivery.id not in failed:
                done.setdefault(delivery.aggregate, []).append(delivery.id)
        return failed

    receiver(batch=batch, fails=fails)
    for aggregate in owed:
        owe(aggregate)
    written = {
        aggregate: list(OutboxEvent.objects.filter(aggregate=aggregate).order_by("id").values_list("id", flat=True)) for aggregate in owed
    }
    first = min(min(ids) for ids in written.values())
    for bad in [*weather, set()]:  # noqa: B007 - the receiver above looks at it
        make_due()
        drain()
    assert not OutboxEvent.objects.exists()
    for aggregate, ids in written.items():
        finally_in_order = list(dict.fromkeys(reversed(done[aggregate])))[::-1]
        assert finally_in_order == ids


def test_a_failing_message_is_tried_less_and_less_often_and_then_given_up(receiver: Register) -> None:
    receiver(fails=raise_for("a"))
    owe("a")
    pauses = []
    for _ in range(lanes.LARGEST_ATTEMPTS):
        make_due()
        drain()
        event = OutboxEvent.objects.get()
        with connection.cursor() as cursor:
            cursor.execute("SELECT round(extract(epoch FROM due_at - statement_timestamp())) FROM kit_outboxevent")
            pauses.append(int(cursor.fetchone()[0]))
    assert pauses[:4] == [2, 4, 8, 16]
    assert max(pauses) == 3600
    assert event.dead_at is not None
    make_due()
    assert drain() == 0


def test_dead_letters_come_back_to_life(receiver: Register) -> None:
    broken = {"a"}
    calls = receiver(fails=lambda part: raise_for(*broken)(part))
    owe("a", "b")
    OutboxEvent.objects.filter(aggregate="a").update(dead_at="2026-01-01T00:00Z", attempts=24)
    drain()
    assert delivered(calls) == ["b"]
    broken.clear()
    assert replay("other") == 0
    assert replay("catalogue") == 1
    drain()
    assert delivered(calls) == ["b", "a"]


def test_a_slow_topic_holds_up_another_for_no_longer_than_a_batch(receiver: Register) -> None:
    order: list[str] = []
    for topic in ("slow", "quick"):
        receiver(topic, batch=10, fails=lambda part, topic=topic: order.append(topic))
    owe(*(f"s{i}" for i in range(50)), topic="slow")
    owe("q1", topic="quick")
    drain()
    assert order.index("quick") == 1
    assert order.count("slow") == 5


def test_an_outage_does_not_wear_out_the_messages(receiver: Register) -> None:
    """When nothing gets through, the receiver rests; most messages have not been tried at all."""
    calls = receiver(batch=25, fails=lambda part: raise_for(*(delivery.aggregate for delivery in part))(part))
    owe(*(f"n{i}" for i in range(500)))
    drain()
    assert OutboxEvent.objects.filter(attempts=0).count() >= 450
    assert len(calls) < 60


def test_a_message_knows_the_request_that_owed_it(receiver: Register) -> None:
    seen: list[str] = []
    calls = receiver(fails=lambda part: seen.append(request_ids.current()))
    with request_ids.belonging_to("req-12345678"):
        owe("a")
    drain()
    assert calls[0][0].request_id == "req-12345678"
    assert seen == ["req-12345678"]
    assert request_ids.current() == ""


def test_the_backlog_tells_what_waits_and_since_when(receiver: Register) -> None:
    receiver(fails=raise_for("a"))
    owe("a", "a", "b")
    drain()
    owe("c")
    OutboxEvent.objects.filter(aggregate="c").update(due_at="2026-01-01T00:00Z")
    OutboxEvent.objects.create(topic="catalogue", aggregate="d", dead_at="2026-01-01T00:00Z")
    (topic,) = backlog()
    assert (topic.topic, topic.pending, topic.dead) == ("catalogue", 3, 1)
    assert topic.lag_seconds > 3600
    OutboxEvent.objects.filter(aggregate="c").delete()
    assert backlog()[0].lag_seconds == 0, "what waits for a failed one is not late"


def test_a_large_debt_is_written_with_two_statements(django_assert_num_queries: Callable) -> None:
    with transaction.atomic(), django_assert_num_queries(2):
        publish("catalogue", (f"n{i}" for i in range(20_000)))
    assert OutboxEvent.objects.count() == 20_000


def test_the_next_messages_are_found_quickly_behind_many_postponed_ones(receiver: Register) -> None:
    owe(*(f"n{i}" for i in range(20_000)))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kit_outboxevent SET attempts = 1, due_at = statement_timestamp() + interval '1 hour'")
        cursor.execute("ANALYZE kit_outboxevent")
    owe("new")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '300ms'")
    assert [delivery.aggregate for delivery in next_messages("catalogue", 100)] == ["new"]


def test_a_topic_without_receiver_keeps_its_messages(receiver: Register) -> None:
    receiver("other")
    owe("a", topic="unknown")
    assert list(rounds()) == []
    assert OutboxEvent.objects.get().topic == "unknown"


def test_a_lane_hands_over_no_more_than_its_batch(receiver: Register) -> None:
    calls = receiver(batch=7)
    owe(*(f"n{i}" for i in range(20)))
    lane = Lane(lanes.RECEIVERS["catalogue"])
    assert lane.advance() == 7
    assert [len(part) for part in calls] == [7]
