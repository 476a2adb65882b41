"""The index of content files follows them and their resources. Everything here may be cut short and done again."""

from collections.abc import Callable, Collection, Iterator, Mapping

from corridor.learn.discovery.indexes import content_store
from corridor.search import Document
from corridor.search.clauses import Everything
from corridor.search.errors import IndexMissing
from corridor.search.ports import Found, LexicalReader
from corridor.search.store import Applied, Rebuilt

from . import entries
from .entries import Shape


def apply(resource_ids: Collection[int], *, patience: float) -> Applied:
    """Bring the entries of the files of these resources up to date. What is indexed as it is stays untouched.

    An index that is missing, or was made for another definition, is made anew. Raises IndexBusy, ShrinkRefused.
    """
    store = content_store()
    try:
        store.snapshot()
        with store.writer(patience) as writer:
            reader = store.snapshot().words
            there = {each.id: each for each in _indexed(reader, resource_ids)}
            wanted = entries.versions(resource_ids)
            differing = _differing(reader, there, entries.shapes(wanted))
            return writer.apply(entries.documents(differing), there.keys() - wanted.keys())
    except IndexMissing:
        return Applied(rebuild(patience=patience).documents, 0, 0)


def rebuild(*, allow_shrink: bool = False, patience: float, told: Callable[[int], None] = lambda done: None) -> Rebuilt:
    """Make the index anew beside the live one and put it in its place. Raises ShrinkRefused, IndexBusy."""

    def documents() -> Iterator[Document]:
        done = 0
        for chunk in entries.load_all():
            yield from chunk
            done += len(chunk)
            told(done)

    return content_store().rebuild(documents(), allow_shrink=allow_shrink, patience=patience)


def ids_of(resource_ids: Collection[int]) -> set[int]:
    """Files of these resources that are indexed or should be."""
    return {each.id for each in _indexed(content_store().snapshot().words, resource_ids)} | entries.versions(resource_ids).keys()


def _indexed(reader: LexicalReader, resource_ids: Collection[int]) -> list[Found]:
    if not resource_ids:
        return []
    return list(reader.ordered(Everything(), {"resource_id": [str(id) for id in resource_ids]}, "", 0, reader.documents))


def _differing(reader: LexicalReader, there: Mapping[int, Found], shapes: Collection[Shape]) -> list[Shape]:
    """Shapes that are not in the index as they are: a file changed, or what its resource tells of it."""
    known = [there[each.id] for each in shapes if each.id in there]
    bodies = {found.id: stored.body for found, stored in zip(known, reader.load(known), strict=True)}
    indexed = reader.versions(list(bodies))
    return [each for each in shapes if indexed.get(each.id) != each.version or bodies.get(each.id) != each.body]
