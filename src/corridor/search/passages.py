"""What of a document is embedded, and how the vectors of its passages become one."""

from collections.abc import Sequence

import numpy as np

from .definition import IndexDefinition, Text
from .model import Document
from .ports import Vectors

# An encoder looks at no more (256 word pieces); what comes after would change digests for nothing.
LONGEST = 2_000


def passages(document: Document, definition: IndexDefinition) -> tuple[str, ...]:
    """At most two texts: the title, and title and body together. Equal passages mean an equal vector, so a digest of them tells what to embed anew."""
    title = _joined(document, [text for text in definition.texts if text.semantic and text.title])
    body = _joined(document, [text for text in definition.texts if text.semantic and not text.title])
    if not title or not body:
        return tuple(text[:LONGEST] for text in (title, body) if text)
    return title[:LONGEST], f"{title}. {body}"[:LONGEST]


def combine(vectors: Vectors, definition: IndexDefinition) -> bytes | None:
    """The vector of a document (float16) from those of its passages, in their order; None without passages."""
    if not len(vectors):
        return None
    title = sum(text.semantic for text in definition.texts if text.title)
    share = title / (sum(text.semantic for text in definition.texts) or 1.0)
    shares = (share, 1 - share) if len(vectors) == 2 else (1.0,)
    mixed = np.average(vectors, axis=0, weights=shares)
    length = float(np.linalg.norm(mixed))
    return (mixed / length).astype("<f2").tobytes() if length else None


def _joined(document: Document, texts: Sequence[Text]) -> str:
    given = (document.texts.get(text.name) or () for text in texts)
    return " ".join(" ".join(value for each in given for value in ([each] if isinstance(each, str) else each) if value).split())
