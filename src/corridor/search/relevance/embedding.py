"""Vectors of a collection, remembered by what was embedded, so that a second run is quick."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from corridor.search.ports import Encoder, Vectors

_STEP = 64


class Remembered:
    """An encoder that keeps its vectors (float16) in a file. Has the name of the encoder it stands for."""

    def __init__(self, encoder: Encoder, folder: Path, progress: Callable[[int, int], None] = lambda done, total: None) -> None:
        self._encoder = encoder
        self._path = folder / f"{encoder.name}.npz"
        self._progress = progress
        self._known: dict[bytes, Vectors] = {}
        if self._path.exists():
            with np.load(self._path) as kept:
                self._known = {bytes(digest): row for digest, row in zip(kept["digests"], kept["rows"], strict=True)}

    @property
    def name(self) -> str:
        return self._encoder.name

    def encode(self, texts: Sequence[str]) -> Vectors:
        digests = [hashlib.sha256(text.encode("utf-8", "ignore")).digest() for text in texts]
        unknown = list({digest: text for digest, text in zip(digests, texts, strict=True) if digest not in self._known}.items())
        # Texts of like length share a batch.
        unknown.sort(key=lambda each: len(each[1]))
        for start in range(0, len(unknown), _STEP):
            batch = unknown[start : start + _STEP]
            for (digest, _), row in zip(batch, self._encoder.encode([text for _, text in batch]), strict=True):
                self._known[digest] = row.astype(np.float16)
            self._progress(start + len(batch), len(unknown))
        if unknown:
            self._keep()
        return np.array([self._known[digest] for digest in digests], dtype=np.float32)

    def _keep(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        digests = np.frombuffer(b"".join(self._known), dtype=np.uint8).reshape(len(self._known), 32)
        np.savez(self._path.with_suffix(".new.npz"), digests=digests, rows=np.array(list(self._known.values()), dtype=np.float16))
        self._path.with_suffix(".new.npz").replace(self._path)
