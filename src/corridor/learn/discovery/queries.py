"""What readers ask of the index of learning resources. Hits carry the prepared bytes of their bodies; the database is not asked.

Each raises NotIndexedYet while there is no index, and UnknownField for a filter, facet or order that `index.RESOURCES` does not declare.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from corridor.search import Hit, Results, Search, Suggestion
from corridor.search.errors import IndexMissing
from corridor.search.model import Likeness

from . import indexes
from .errors import NotIndexedYet


@contextmanager
def _asked() -> Iterator[None]:
    try:
        yield
    except IndexMissing as error:
        raise NotIndexedYet from error


def search(search: Search) -> Results:
    """The resources that a question asks for; without words all of them, in the order asked for or to browse."""
    with _asked():
        return indexes.resources().search(search)


def suggest(prefix: str, limit: int = 8) -> list[Suggestion]:
    """How a question may go on that begins so."""
    with _asked():
        return indexes.resources().suggest(prefix, limit)


def similar(
    resource_id: int, *, limit: int = 12, filters: Mapping[str, Sequence[str]] | None = None, by: Likeness = Likeness.MEANING
) -> list[Hit]:
    """The resources most like one, without itself; none for one that is not indexed. By words where it has no vector yet."""
    with _asked():
        return indexes.resources().similar(resource_id, limit, filters, by)


def explain(search: Search, resource_id: int) -> dict[str, Any]:
    """For staff: why a resource stands where it stands in the answer to a question."""
    with _asked():
        return indexes.resources().explain(search, resource_id)
