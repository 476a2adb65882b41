"""How the messages of one topic are handed over: call by call, so that no topic holds up another for longer than a batch."""

import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import nullcontext

import structlog
from django.db import connection, transaction

from corridor.kit import request_ids

from .models import OutboxEvent
from .queries import next_messages
from .receivers import RECEIVERS, Delivery, Receiver

log = structlog.get_logger(__name__)

# With pauses of 2 s, 4 s, 8 s … up to an hour these are about half a day.
LARGEST_ATTEMPTS = 24
LONGEST_PAUSE_SECONDS = 3600
# So many failures in a row are the receiver's, not the messages': it gets a rest, and batches are not searched for what is wrong with them.
OUTAGE = 20
REST_SECONDS = 5.0

POSTPONE = """
    UPDATE kit_outboxevent SET
        attempts = attempts + 1, error = failed.reason,
        due_at = statement_timestamp() + make_interval(secs => least(power(2, attempts + 1), %s)),
        dead_at = CASE WHEN attempts + 1 >= %s THEN statement_timestamp() END
    FROM unnest(%s::bigint[], %s::text[]) AS failed (id, reason) WHERE kit_outboxevent.id = failed.id
"""


class Lane:
    """The messages of a topic under way: a batch, or the halves of one that failed as a whole."""

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver
        self._parts: deque[list[Delivery]] = deque()
        self._halvings = 0
        self._held: set[str] = set()
        self._failures_in_a_row = 0
        self._rests_until = 0.0

    def advance(self) -> int:
        """Call the receiver once. Gives how many messages it was handed: 0 when nothing is due."""
        part = self._next_part()
        if not part:
            return 0
        try:
            failed = self._hand_over(part)
        except Exception as error:  # a receiver's failure is data: it is kept with the message, which is tried again
            log.exception("outbox.call_failed", topic=self.receiver.topic, messages=len(part))
            if self._halve(part):
                return len(part)
            failed = {delivery.id: f"{type(error).__name__}: {error}" for delivery in part}
        self._settle(part, failed)
        return len(part)

    def _next_part(self) -> list[Delivery]:
        """What to hand over next. A message stays behind when an earlier one of its aggregate has just failed."""
        while self._parts:
            if part := [delivery for delivery in self._parts.popleft() if delivery.aggregate not in self._held]:
                return part
        if time.monotonic() < self._rests_until:
            return []
        part = next_messages(self.receiver.topic, self.receiver.batch)
        self._held.clear()
        # Enough to find one bad message, and some more.
        self._halvings = 0 if self._failures_in_a_row >= OUTAGE else 2 * len(part).bit_length()
        return part

    def _hand_over(self, part: Sequence[Delivery]) -> dict[int, str]:
        owed_by = {delivery.request_id for delivery in part}
        with request_ids.belonging_to(owed_by.pop()) if len(owed_by) == 1 else nullcontext():
            return self.receiver.receive(part) or {}

    def _halve(self, part: list[Delivery]) -> bool:
        """Try a failed part again in halves, to find what is wrong with it, as long as that seems to lead somewhere."""
        if len(part) == 1 or not self._halvings:
            return False
        self._halvings -= 1
        middle = len(part) // 2
        self._parts.extendleft([part[middle:], part[:middle]])
        return True

    def _settle(self, part: Sequence[Delivery], failed: dict[int, str]) -> None:
        """Forget what was delivered and postpone what failed. What came after a failure of its aggregate waits for it and comes again."""
        first_failure = {d.aggregate: d.id for d in reversed(part) if d.id in failed}
        delivered = [d.id for d in part if d.id < first_failure.get(d.aggregate, d.id + 1)]
        with transaction.atomic():
            OutboxEvent.objects.filter(id__in=delivered).delete()
            if failed:
                self._postpone({d.id: failed[d.id] for d in part if first_failure.get(d.aggregate) == d.id})
        self._held |= first_failure.keys()
        self._take_note(len(first_failure), len(delivered))

    def _postpone(self, failed: dict[int, str]) -> None:
        reasons = [reason.replace("\0", "")[:2000] for reason in failed.values()]
        with connection.cursor() as cursor:
            cursor.execute(POSTPONE, [LONGEST_PAUSE_SECONDS, LARGEST_ATTEMPTS, list(failed), reasons])
        log.warning("outbox.messages_failed", topic=self.receiver.topic, messages=len(failed), reason=reasons[0][:200])

    def _take_note(self, failed: int, delivered: int) -> None:
        self._failures_in_a_row = 0 if delivered else self._failures_in_a_row + failed
        if self._failures_in_a_row >= OUTAGE:
            self._rests_until = time.monotonic() + REST_SECONDS


def rounds() -> Iterator[int]:
    """Go round the topics, a call each, until nothing is due. Gives for each round how many messages were handed over."""
    lanes = [Lane(receiver) for receiver in RECEIVERS.values()]
    while taken := sum(lane.advance() for lane in lanes):
        yield taken
