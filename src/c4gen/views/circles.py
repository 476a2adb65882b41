"""Which arrows lie on a circle: those within one strongly connected component (Tarjan's algorithm, without recursion)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator


def in_circles(arrows: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    listed = list(arrows)
    after: dict[str, list[str]] = defaultdict(list)
    for source, target in listed:
        after[source].append(target)
    part = {id: index for index, members in enumerate(_components(after)) for id in members}
    return {(source, target) for source, target in listed if part[source] == part[target]}


def _components(after: dict[str, list[str]]) -> Iterator[list[str]]:
    found: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_: list[str] = []
    closed: set[str] = set()
    for root in sorted(after):
        way: list[tuple[str, Iterator[str] | None]] = [(root, None)] if root not in found else []
        while way:
            id, rest = way[-1]
            if rest is None:
                found[id] = lowest[id] = len(found)
                open_.append(id)
                rest = iter(after.get(id, ()))
                way[-1] = (id, rest)
            following = next(rest, None)
            if following is None:
                way.pop()
                if way:
                    lowest[way[-1][0]] = min(lowest[way[-1][0]], lowest[id])
                if lowest[id] == found[id]:
                    members = open_[open_.index(id) :]
                    del open_[-len(members) :]
                    closed.update(members)
                    yield members
            elif following not in found:
                way.append((following, None))
            elif following not in closed:
                lowest[id] = min(lowest[id], found[following])
