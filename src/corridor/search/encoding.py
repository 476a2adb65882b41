"""Vectors of queries, remembered; a failing encoder is no failing search."""

import logging
import time

from .errors import EncoderUnavailable
from .memory import Memory
from .ports import Encoder, Vectors

_REMEMBERED = 4_096
# After a failure the encoder is left alone for so many seconds, lest every search wait for its time-out.
_REST = 30.0

log = logging.getLogger(__name__)


class QueryEncoder:
    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: Memory[Vectors] = Memory(_REMEMBERED)
        self._resting_until = 0.0

    @property
    def name(self) -> str:
        return self._encoder.name

    def encode(self, text: str) -> Vectors | None:
        """None when the encoder is not to be had."""
        known = self._known.get(text)
        if known is not None:
            return known
        if time.monotonic() < self._resting_until:
            return None
        try:
            vector: Vectors = self._encoder.encode([text])[0]
        except EncoderUnavailable as error:
            self._resting_until = time.monotonic() + _REST
            log.warning("Searching by words: %s", error)
            return None
        self._known.keep(text, vector)
        return vector
