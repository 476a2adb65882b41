"""What a person sees while something long runs: a line for each step, with its time."""

import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

CLEAR = "\r\033[K"


class Step:
    """A step under way. On a terminal its line changes as it goes on; elsewhere only the finished line is written."""

    def __init__(self, title: str, out: TextIO, began: float) -> None:
        self.title = title
        self._out = out
        self.live = out.isatty()
        self._began = began
        self._mark = "✓"
        self.note("")

    def note(self, detail: str) -> None:
        """Show how far it is."""
        if self.live:
            self._write(f"{CLEAR}  ·  {self.title} … {detail}")

    def fail(self, title: str) -> None:
        """Have the step end as failed although nothing was raised."""
        self.title = title
        self._mark = "✗"

    def end(self) -> None:
        self._write(f"{CLEAR if self.live else ''}  {self._mark}  {self.title} ({time.monotonic() - self._began:.1f} s)\n")

    def _write(self, text: str) -> None:
        encoding = self._out.encoding or "utf-8"
        self._out.write(text.encode(encoding, "replace").decode(encoding))
        self._out.flush()


@contextmanager
def step(title: str, out: TextIO | None = None, began: float | None = None) -> Iterator[Step]:
    """A step of `title`; the block may set `step.title` to say what came of it. `began` is a monotonic time, now unless given.

    On a terminal, log entries below warnings are left out meanwhile: they would tear the line apart.
    """
    current = Step(title, out or sys.stderr, time.monotonic() if began is None else began)
    hidden = logging.root.manager.disable
    if current.live:
        logging.disable(max(hidden, logging.INFO))
    try:
        yield current
    except BaseException:
        current.fail(current.title)
        raise
    finally:
        logging.disable(hidden)
        current.end()


@contextmanager
def no_warnings() -> Iterator[None]:
    """Keep the log silent but for errors: what a demo does is no news to whoever loads it."""
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
