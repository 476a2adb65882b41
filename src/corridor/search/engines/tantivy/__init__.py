"""Search by words with Tantivy, in process, one folder a generation."""

from .engine import TantivyEngine

__all__ = ["TantivyEngine"]
