"""What readers ask of the index of content files. Hits carry the prepared bytes of their published shape, without the text."""

from corridor.learn.discovery import indexes
from corridor.learn.discovery.errors import NotIndexedYet
from corridor.search import Results, Search
from corridor.search.errors import IndexMissing


def search(search: Search) -> Results:
    """Files that a question asks for, by words. Raises NotIndexedYet and UnknownField (see `index.CONTENTS`)."""
    try:
        return indexes.contents().search(search)
    except IndexMissing as error:
        raise NotIndexedYet from error
