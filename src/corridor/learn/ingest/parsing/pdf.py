"""Text of PDF files, read in a process of its own that may crash, hang or eat memory without harm to ours."""

import atexit
import json
import select
import struct
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import IO

MOST_BYTES = 100 << 20
MOST_SECONDS = 60.0
_LENGTH = struct.Struct(">I")


@dataclass(frozen=True)
class PdfText:
    """The text layer of a PDF; `note` says in a sentence what is missing from it, and is empty when nothing is."""

    text: str
    pages: int = 0
    note: str = ""


class PdfReader:
    """Reads one PDF after the other in a child process, which is replaced when it does not answer."""

    def __init__(self, seconds: float = MOST_SECONDS) -> None:
        self.seconds = seconds
        self.lock = threading.Lock()
        self.child: subprocess.Popen[bytes] | None = None
        atexit.register(self.close)

    def read(self, data: bytes) -> PdfText:
        if len(data) > MOST_BYTES:
            return PdfText("", note=f"larger than {MOST_BYTES >> 20} MB, not read")
        with self.lock:
            try:
                return PdfText(**json.loads(self._ask(data)))
            except TimeoutError:
                self._stop()
                return PdfText("", note=f"took more than {self.seconds:g} seconds, not read")
            except (OSError, ValueError, TypeError):
                self._stop()
                return PdfText("", note="broke the reader, not read")

    def close(self) -> None:
        with self.lock:
            self._stop()

    def _ask(self, data: bytes) -> bytes:
        child = self.child = self.child or subprocess.Popen(
            [sys.executable, "-m", "corridor.learn.ingest.parsing.pdf_child"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert child.stdin
        assert child.stdout
        child.stdin.write(_LENGTH.pack(len(data)) + data)
        child.stdin.flush()
        until = time.monotonic() + self.seconds
        (length,) = _LENGTH.unpack(_exactly(child.stdout, _LENGTH.size, until))
        return _exactly(child.stdout, length, until)

    def _stop(self) -> None:
        if child := self.child:
            self.child = None
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                try:
                    if pipe:
                        pipe.close()
                except OSError:  # what was not yet written to the dead
                    pass


def _exactly(pipe: IO[bytes], size: int, until: float) -> bytes:
    """`size` bytes of a pipe by a moment of the monotonic clock. Raises TimeoutError, or OSError when the pipe ends."""
    parts = bytearray()
    while len(parts) < size:
        if not select.select([pipe], [], [], max(0.0, until - time.monotonic()))[0]:
            raise TimeoutError
        part = pipe.read1(size - len(parts))  # type: ignore[attr-defined]  # a buffered pipe has it
        if not part:
            raise OSError("the reader ended")
        parts += part
    return bytes(parts)


_reader = PdfReader()


def pdf_text(data: bytes) -> PdfText:
    return _reader.read(data)
