"""Who takes the messages of a topic. Systems register theirs in their domains' events.py."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Delivery:
    """One message as a receiver sees it. `request_id` names the request that owed it, if one did."""

    id: int
    aggregate: str
    payload: dict[str, Any]
    attempts: int
    request_id: str = ""


# Takes messages in order of writing; raises when nothing of it was done, or gives what failed: {event id: reason}.
Receive = Callable[[Sequence[Delivery]], dict[int, str] | None]


@dataclass(frozen=True)
class Receiver:
    topic: str
    receive: Receive
    batch: int
    patient: bool = False


RECEIVERS: dict[str, Receiver] = {}


def receiver(topic: str, batch: int = 100, *, patient: bool = False) -> Callable[[Receive], Receive]:
    """Register a function as the receiver of a topic. It must be idempotent: a message may come twice.

    The messages of a `patient` one may wait for long while much is done: that they do tells nothing of the relay's health.
    """

    def register(receive: Receive) -> Receive:
        RECEIVERS[topic] = Receiver(topic, receive, batch, patient)
        return receive

    return register
