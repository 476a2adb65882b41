"""How the indexes are, for people and monitors."""

from dataclasses import dataclass
from pathlib import Path

from corridor.kit.outbox.queries import backlog
from corridor.learn.catalog.documents import TOPIC
from corridor.learn.content.index import TOPIC as CONTENTS_TOPIC
from corridor.search.errors import IndexMissing
from corridor.search.store import IndexStore

from .indexes import content_store, resource_store
from .indexing import VECTORS_TOPIC

STORES = {"resources": resource_store, "contents": content_store}
TOPICS = {"resources": (TOPIC, VECTORS_TOPIC), "contents": (CONTENTS_TOPIC,)}


@dataclass(frozen=True)
class State:
    """`waiting` counts messages to deliver, `lag_seconds` says how long the first of them has waited; `problem` says why there is no index."""

    index: str
    documents: int
    vectors: int
    generation: str
    encoder: str | None
    bytes: int
    waiting: int
    dead: int
    lag_seconds: float
    problem: str = ""


def states() -> list[State]:
    """One query."""
    topics = {each.topic: each for each in backlog()}
    found = []
    for name, store in STORES.items():
        owed = [topics[topic] for topic in TOPICS[name] if topic in topics]
        found.append(
            _state(
                name,
                store(),
                waiting=sum(each.pending for each in owed),
                dead=sum(each.dead for each in owed),
                lag_seconds=round(max((each.lag_seconds for each in owed), default=0.0), 1),
            )
        )
    return found


def _state(name: str, store: IndexStore, *, waiting: int, dead: int, lag_seconds: float) -> State:
    try:
        snapshot = store.snapshot()
    except IndexMissing as error:
        return State(name, 0, 0, "", store.encoder, size_of(store.folder), waiting, dead, lag_seconds, str(error))
    return State(
        name, snapshot.words.documents, snapshot.vectors.size, snapshot.generation, snapshot.encoder,
        size_of(store.folder / snapshot.generation), waiting, dead, lag_seconds,
    )  # fmt: skip


def size_of(folder: Path) -> int:
    """Bytes of the files in a folder. Those that a writer removes meanwhile do not count."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue
    return total
