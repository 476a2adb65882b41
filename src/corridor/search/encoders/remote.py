"""An embeddings service that speaks OpenAI's protocol (OpenAI, LiteLLM, vLLM, Ollama, …)."""

from collections.abc import Sequence

import numpy as np
import requests

from corridor.search.errors import EncoderUnavailable
from corridor.search.ports import Vectors

_BATCH = 128


class RemoteEncoder:
    def __init__(self, url: str, model: str, key: str | None = None, *, timeout: float = 5.0) -> None:
        self._url = f"{url.rstrip('/')}/embeddings"
        self._model = model
        self._timeout = timeout
        self._session = requests.Session()
        if key:
            self._session.headers["Authorization"] = f"Bearer {key}"

    @property
    def name(self) -> str:
        return f"remote-{self._model}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, 0), np.float32)
        return np.vstack([self._batch(list(texts[start : start + _BATCH])) for start in range(0, len(texts), _BATCH)])

    def _batch(self, texts: list[str]) -> Vectors:
        # Services refuse empty input.
        body = {"model": self._model, "input": [text.encode("utf-8", "ignore").decode() or " " for text in texts]}
        try:
            response = self._session.post(self._url, json=body, timeout=self._timeout)
            response.raise_for_status()
            rows = sorted(response.json()["data"], key=lambda row: row["index"])
            vectors = np.array([row["embedding"] for row in rows], dtype=np.float32)
        except (requests.RequestException, ValueError, KeyError, TypeError) as error:
            raise EncoderUnavailable(f"{self._url} gave no vectors: {error}") from error
        if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
            raise EncoderUnavailable(f"{self._url} gave {len(vectors)} vectors for {len(texts)} texts, or unequal ones.")
        return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), dtype=np.float32)
