"""Documents that are like one document."""

import math
from collections import Counter
from collections.abc import Sequence

from .clauses import All, Any, Everything, Field, Filters, Ids, Scaled, Term
from .model import Likeness
from .ports import Found
from .store import Snapshot
from .text import words

# Words that a document is known by, and how many of them another must have.
_TELLING, _SHARED = 25, 0.3
_NEAREST = 200


def similar(snapshot: Snapshot, id: int, limit: int, filters: Filters, by: Likeness) -> Sequence[Found]:
    """The likest first, without the document itself. By words where there is no vector to go by."""
    if by is Likeness.MEANING and (found := _by_meaning(snapshot, id, limit, filters)) is not None:
        return found
    return _by_words(snapshot, id, limit, filters)


def _by_meaning(snapshot: Snapshot, id: int, limit: int, filters: Filters) -> list[Found] | None:
    vector = snapshot.vectors.vectors([id])
    if not vector.any():
        return None
    wanted = max(limit + 1, _NEAREST)
    while True:
        neighbours = snapshot.vectors.nearest(vector[0], wanted)
        cosines = dict(zip(neighbours.ids.tolist(), neighbours.cosines.tolist(), strict=True))
        cosines.pop(id, None)
        # When all are asked for, the filter alone is quicker than a list of everything.
        match = Ids(tuple(cosines)) if wanted < snapshot.vectors.size else Everything()
        found = [each for each in snapshot.words.top(match, filters, snapshot.words.documents) if each.id in cosines]
        if len(found) >= limit or wanted >= snapshot.vectors.size:
            found.sort(key=lambda each: (-cosines[each.id], each.id))
            return [each._replace(score=cosines[each.id]) for each in found[:limit]]
        wanted *= 10


def _by_words(snapshot: Snapshot, id: int, limit: int, filters: Filters) -> Sequence[Found]:
    reader = snapshot.words
    itself = reader.top(Ids((id,)), {}, 1)
    if not itself:
        return []
    said = [word for values in reader.load(itself)[0].texts.values() for value in values for word in words(value)]
    counts = Counter(stem for stem in reader.stems(said) if stem)
    worth = {
        stem: math.sqrt(count) * math.log(1 + reader.documents / (1 + reader.frequency(Field.BAG, stem))) for stem, count in counts.items()
    }
    telling = sorted(worth, key=lambda stem: (-worth[stem], stem))[:_TELLING]
    if not telling:
        return []
    clause = Any(tuple(Scaled(Term(Field.BAG, stem), worth[stem]) for stem in telling), math.ceil(_SHARED * len(telling)))
    return [each for each in reader.top(All((clause,)), filters, limit + 1) if each.id != id][:limit]
