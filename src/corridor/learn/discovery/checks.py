"""Whether the catalogue can be searched, for /health/full/."""

from corridor.kit.health import Details, Unwell, check
from corridor.search.errors import IndexMissing

from .indexes import resource_store


@check("index")
def index() -> Details:
    try:
        snapshot = resource_store().snapshot()
    except IndexMissing as error:
        raise Unwell("the catalogue is not indexed: ./corridor index rebuild") from error
    return {"documents": snapshot.words.documents, "vectors": snapshot.vectors.size, "generation": snapshot.generation}
