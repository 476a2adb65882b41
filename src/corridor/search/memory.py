"""What was worked out for one state of an index, kept within a limit. It goes with the state: a change of the index forgets it."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Memory(Generic[Value]):
    def __init__(self, most: int) -> None:
        """`most`: how much all values may weigh together. What was not asked for the longest goes first."""
        self._most = most
        self._weight = 0
        self._known: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Value | None:
        with self._lock:
            if key not in self._known:
                return None
            self._known.move_to_end(key)
            return self._known[key][0]

    def keep(self, key: Hashable, value: Value, weight: int = 1) -> None:
        """A value heavier than the limit is not kept."""
        with self._lock:
            if key in self._known or weight > self._most:
                return
            self._known[key] = (value, weight)
            self._weight += weight
            while self._weight > self._most:
                _, (_, freed) = self._known.popitem(last=False)
                self._weight -= freed
