"""Vectors of texts, kept in the database by what was embedded: a text that did not change costs nothing."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import blake2b
from itertools import accumulate

from django.db import connection

from corridor.kit import clock
from corridor.search import Document
from corridor.search.passages import combine, passages
from corridor.search.ports import Encoder

from . import entries
from .index import RESOURCES
from .models import TextVector

KNOWN = "SELECT digest, vector FROM learn_textvector WHERE encoder = %s AND digest = ANY(%s)"
KEEP = """
    INSERT INTO learn_textvector (encoder, digest, vector) SELECT %s, * FROM unnest(%s::text[], %s::bytea[])
    ON CONFLICT (encoder, digest) DO NOTHING
"""
# A vector that no resource needs is kept so long: what was withdrawn by mistake returns within days.
UNUSED_DAYS = 14
# How the passages of a document are weighed decides its vector as well.
SHARES = repr([(text.name, text.semantic) for text in RESOURCES.texts if text.semantic])
SWEPT_AT_ONCE = 5000


def attach(documents: Sequence[Document], encoder: str) -> tuple[list[Document], list[int]]:
    """The documents with the vectors that are known, and the ids of those whose texts are still to be embedded. One query."""
    digests = {each.id: digest for each in documents if (digest := digest_of(each))}
    known = _known(encoder, set(digests.values()))
    attached = [replace(each, vector=known.get(digests.get(each.id, ""))) for each in documents]
    return attached, [each.id for each in attached if each.vector is None and each.id in digests]


def embed(documents: Sequence[Document], encoder: Encoder) -> int:
    """Make and keep the vectors of texts that have none yet. Gives how many. Raises EncoderUnavailable."""
    texts = {digest: passages(each, RESOURCES) for each in documents if (digest := digest_of(each))}
    for digest in _known(encoder.name, texts):
        del texts[digest]
    if not texts:
        return 0
    rows = encoder.encode([text for of_one in texts.values() for text in of_one])
    ends = accumulate(map(len, texts.values()))
    made = {digest: combine(rows[end - len(of_one) : end], RESOURCES) for (digest, of_one), end in zip(texts.items(), ends, strict=True)}
    kept = {digest: vector for digest, vector in made.items() if vector}
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [encoder.name, list(kept), list(kept.values())])
    return len(kept)


def digest_of(document: Document) -> str:
    """What tells whether texts are to be embedded anew; empty where there are none."""
    texts = passages(document, RESOURCES)
    return blake2b("\0".join((SHARES, *texts)).encode("utf-8", "ignore"), digest_size=16).hexdigest() if texts else ""


def sweep() -> int:
    """Forget old vectors that no published resource needs. Gives how many."""
    used = {digest_of(each) for chunk in entries.load_all() for each in chunk}
    old = TextVector.objects.filter(created_on__lt=clock.now() - timedelta(days=UNUSED_DAYS))
    unused = [id for id, digest in old.values_list("id", "digest").iterator() if digest not in used]
    for start in range(0, len(unused), SWEPT_AT_ONCE):
        TextVector.objects.filter(id__in=unused[start : start + SWEPT_AT_ONCE]).delete()
    return len(unused)


def _known(encoder: str, digests: Collection[str]) -> dict[str, bytes]:
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [encoder, list(digests)])
        return {digest: bytes(vector) for digest, vector in cursor.fetchall()}
