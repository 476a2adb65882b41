"""Texts to vectors: the packaged model on this machine's processor, another model, or a service."""

from pathlib import Path

from corridor.search.ports import Encoder

from .local import LocalEncoder, packaged_model
from .remote import RemoteEncoder

__all__ = ["LocalEncoder", "RemoteEncoder", "choose_encoder"]


def choose_encoder(
    *, model: Path | None = None, url: str | None = None, key: str | None = None, name: str | None = None, threads: int = 1
) -> Encoder | None:
    """The service if an address is given, else the model at a path, else the packaged one; None where none is installed."""
    if url:
        return RemoteEncoder(url, name or "text-embedding-3-small", key)
    path = model or packaged_model()
    return LocalEncoder(path, threads=threads) if path else None
