"""Every elementary cycle, found in strongly connected components; which of them wait for each other, and the cheapest cut."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from c4gen.model.facts import Evidence
from c4gen.model.graph import Connection

MOST_CYCLES = 1_000
MOST_STEPS = 200_000
_EXACT = 18  # arrows among which the cheapest cut is searched, not guessed

N = TypeVar("N", bound=Hashable)


@dataclass(frozen=True)
class Cycle:
    """Boxes in order; the last one leads back to the first. `sync` when every arrow of it waits for an answer."""

    boxes: tuple[str, ...]
    sync: bool

    @property
    def arrows(self) -> tuple[tuple[str, str], ...]:
        return tuple(zip(self.boxes, (*self.boxes[1:], self.boxes[0]), strict=True))


@dataclass(frozen=True)
class Cut:
    """Arrows whose removal ends every cycle; `cost` is the number of places in code to edit, `lines` are those places."""

    arrows: tuple[tuple[str, str], ...]
    cost: int
    lines: tuple[Evidence, ...]
    exact: bool


@dataclass(frozen=True)
class Cycles:
    groups: tuple[tuple[str, ...], ...]
    cycles: tuple[Cycle, ...]
    complete: bool  # False when there are more than were listed
    cut: Cut | None


def cycles_of(connections: Iterable[Connection], place: Mapping[str, str]) -> Cycles:
    """`place` lifts boxes, containers to their systems for example. Arrows within one place do not count."""
    arrows: dict[tuple[str, str], list[Connection]] = defaultdict(list)
    for one in connections:
        pair = (place.get(one.source, one.source), place.get(one.target, one.target))
        if pair[0] != pair[1]:
            arrows[pair].append(one)
    after: dict[str, list[str]] = defaultdict(list)
    for source, target in sorted(arrows):
        after[source].append(target)
    groups = [tuple(sorted(group)) for group in components(after) if len(group) > 1]
    listed, complete = elementary(after, groups)
    found = [
        Cycle(boxes, all(any(one.sync != "async" for one in arrows[arrow]) for arrow in Cycle(boxes, True).arrows)) for boxes in listed
    ]
    ordered = sorted(found, key=lambda cycle: (not cycle.sync, len(cycle.boxes), cycle.boxes))
    return Cycles(tuple(sorted(groups)), tuple(ordered), complete, _cut(ordered, arrows))


def components(after: Mapping[N, Iterable[N]]) -> list[list[N]]:
    """Strongly connected components (Tarjan), without recursion."""
    number: dict[N, int] = {}
    low: dict[N, int] = {}
    stack: list[N] = []
    on_stack: set[N] = set()
    found: list[list[N]] = []
    for root in list(after):
        if root in number:
            continue
        work: list[tuple[N, Iterator[N]]] = [(root, iter(after.get(root, ())))]
        number[root] = low[root] = len(number)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, rest = work[-1]
            following = next(rest, None)
            if following is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == number[node]:
                    group: list[N] = []
                    while not group or group[-1] != node:
                        group.append(stack.pop())
                        on_stack.discard(group[-1])
                    found.append(group)
            elif following not in number:
                number[following] = low[following] = len(number)
                stack.append(following)
                on_stack.add(following)
                work.append((following, iter(after.get(following, ()))))
            elif following in on_stack:
                low[node] = min(low[node], number[following])
    return found


def elementary(after: Mapping[str, list[str]], groups: Iterable[tuple[str, ...]]) -> tuple[list[tuple[str, ...]], bool]:
    """Elementary cycles (Johnson), each once, beginning at its least box; and whether these are all."""
    found: list[tuple[str, ...]] = []
    steps = 0
    for group in groups:
        for place, start in enumerate(group):
            inside = set(group[place:])
            near = {node: [one for one in after.get(node, ()) if one in inside] for node in inside}
            reach = next((set(one) for one in components(near) if start in one), set())
            if len(reach) < 2:
                continue
            for cycle in _from(start, {node: [one for one in near[node] if one in reach] for node in reach}):
                steps += 1
                if cycle:
                    found.append(cycle)
                if len(found) >= MOST_CYCLES or steps >= MOST_STEPS:
                    return found, False
    return found, True


def _from(start: str, near: Mapping[str, list[str]]) -> Iterator[tuple[str, ...]]:
    """Cycles through `start`; an empty one for each step that closes none, so that the caller can count."""
    path = [start]
    blocked = {start}
    waiting: dict[str, set[str]] = defaultdict(set)
    closed: set[str] = set()
    work = [iter(near[start])]
    while work:
        following = next(work[-1], None)
        node = path[-1]
        if following is None:
            work.pop()
            path.pop()
            if node in closed:
                _free(node, blocked, waiting)
                if path:
                    closed.add(path[-1])
            else:
                for one in near[node]:
                    waiting[one].add(node)
            closed.discard(node)
        elif following == start:
            closed.add(node)
            yield tuple(path)
        elif following not in blocked:
            path.append(following)
            blocked.add(following)
            closed.discard(following)
            work.append(iter(near[following]))
            yield ()


def _free(node: str, blocked: set[str], waiting: dict[str, set[str]]) -> None:
    todo = [node]
    while todo:
        one = todo.pop()
        if one in blocked:
            blocked.discard(one)
            todo += waiting.pop(one, set())


def _cut(cycles: list[Cycle], arrows: Mapping[tuple[str, str], list[Connection]]) -> Cut | None:
    """The cheapest set of arrows that meets every cycle: searched among few arrows, otherwise taken greedily."""
    if not cycles:
        return None
    cost = {arrow: max(1, len(_lines(arrows[arrow]))) for cycle in cycles for arrow in cycle.arrows}
    wanted = [set(cycle.arrows) for cycle in cycles]
    exact = len(cost) <= _EXACT
    chosen = _searched(wanted, cost) if exact else _greedy(wanted, cost)
    lines = tuple(line for arrow in chosen for line in _lines(arrows[arrow]))
    return Cut(tuple(chosen), sum(cost[arrow] for arrow in chosen), lines, exact)


def _searched(wanted: list[set[tuple[str, str]]], cost: Mapping[tuple[str, str], int]) -> list[tuple[str, str]]:
    """Branch over the arrows of a cycle that is not met yet; an arrow that was tried is not tried again beside its siblings."""
    best = _greedy(wanted, cost)
    total = sum(cost[arrow] for arrow in best)
    waiting: list[tuple[tuple[tuple[str, str], ...], frozenset[tuple[str, str]]]] = [((), frozenset())]
    while waiting:
        chosen, refused = waiting.pop()
        price = sum(cost[arrow] for arrow in chosen)
        left = next((one for one in wanted if one.isdisjoint(chosen)), None)
        if left is None:
            if (price, sorted(chosen)) < (total, sorted(best)):
                best, total = list(chosen), price
            continue
        for arrow in sorted(left - refused):
            if price + cost[arrow] <= total:
                waiting.append(((*chosen, arrow), refused))
            refused = refused | {arrow}
    return sorted(best)


def _greedy(wanted: list[set[tuple[str, str]]], cost: Mapping[tuple[str, str], int]) -> list[tuple[str, str]]:
    left = list(wanted)
    chosen: list[tuple[str, str]] = []
    while left:
        counted: dict[tuple[str, str], int] = defaultdict(int)
        for cycle in left:
            for arrow in cycle:
                counted[arrow] += 1
        best = min(counted, key=lambda arrow: (cost[arrow] / counted[arrow], arrow))
        chosen.append(best)
        left = [cycle for cycle in left if best not in cycle]
    return chosen


def _lines(connections: Iterable[Connection]) -> list[Evidence]:
    return sorted({line for one in connections for line in one.evidence if line.side == "consumer"})
