"""What the analyses found, as tables for the pages and as text for a terminal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from c4gen.analysis.blast import Blast, of_operation, of_setting, shared_knobs
from c4gen.analysis.calendar import DAYS, Calendar, calendar
from c4gen.analysis.cycles import Cycle, Cycles, cycles_of
from c4gen.analysis.fragility import fragility
from c4gen.check.drift import one_line
from c4gen.model.facts import Evidence, Facts
from c4gen.model.graph import Graph
from c4gen.model.merge import systems_of
from c4gen.pages.tables import Table
from c4gen.views.share import Owners, share

MOST_ROWS = 200
MOST_SAID = 6  # arrows or jobs in one cell
HOURS = tuple(f"{hour:02d}" for hour in range(24))

Names = Mapping[str, str]


def tables(graphs: Sequence[Graph]) -> dict[str, dict[str, Sequence[Table]]]:
    """By model and page: cycles with their cut, fragility and reach, the week of jobs. Those of all models together stand under ""."""
    place = {id: system for one in graphs for id, system in systems_of(one.model, one.facts).items()}
    cycles = cycles_of([connection for one in graphs for connection in one.connections if connection.sure], place)
    owners, names = Owners(graphs), _names(graphs)
    made: dict[str, dict[str, Sequence[Table]]] = {
        graph.model.meta.name: _of(graph, share(graph, owners), cycles, names, place) for graph in graphs
    }
    return made | {"": {"index.html": [_cycles("Cycles", cycles.cycles, cycles, names), _cut(cycles, names)]}}


def _names(graphs: Iterable[Graph]) -> dict[str, str]:
    """What boxes are called: as the model says that is about them, or any."""
    named: dict[str, str] = {}
    for graph in graphs:
        for system in graph.model.systems:
            named.setdefault(system.id, system.name)
            named.update({container.id: container.name for container in system.containers})
        named.update({actor.id: actor.name for actor in graph.model.actors})
    return named | {graph.model.primary.id: graph.model.primary.name for graph in graphs}


def _of(graph: Graph, facts: Facts, cycles: Cycles, names: Names, place: Names) -> dict[str, Sequence[Table]]:
    own = [cycle for cycle in cycles.cycles if graph.model.meta.primary_system in cycle.boxes]
    on_cycle = frozenset(arrow for cycle in cycles.cycles for arrow in cycle.arrows)
    week = calendar(facts)
    everything = replace(facts, settings=graph.facts.settings)  # variables of a shared settings module reach arrows of every system
    answered = replace(facts, edges=tuple(edge for edge in graph.facts.edges if place.get(edge.target) == graph.model.meta.primary_system))
    return {
        "dependencies-and-cycles.html": [_cycles("Cycles through this system", own, cycles, names), _cut(cycles if own else None, names)],
        "fragility.html": [_fragility(graph, on_cycle, names), _variables(everything, names), _operations(answered, names)],
        "calendar.html": [_load(week, names), _week(week, names), _collisions(week, names), _knobs(facts)],
    }


def _cycles(title: str, listed: Sequence[Cycle], found: Cycles, names: Names) -> Table:
    note = "" if found.complete else f"There are more; the first {len(found.cycles)} are listed."
    rows = tuple(
        (
            " → ".join(names.get(box, box) for box in (*cycle.boxes, cycle.boxes[0])),
            "every step waits for an answer" if cycle.sync else "some steps do not wait",
        )
        for cycle in listed[:MOST_ROWS]
    )
    return Table(title, ("Cycle", "Waiting"), rows, note)


def _cut(found: Cycles | None, names: Names) -> Table:
    heads = ("Arrow", "Place to edit")
    if found is None or found.cut is None:
        return Table("The cheapest cut", heads, ())
    arrows = ", ".join(f"{names.get(source, source)} → {names.get(target, target)}" for source, target in found.cut.arrows)
    rows = tuple((arrows, _line(line)) for line in found.cut.lines) or ((arrows, "stated by hand"),)
    note = f"{found.cut.cost} places to edit end every cycle. " + (
        "No cheaper set does." if found.cut.exact else "Found greedily: a cheaper set may exist."
    )
    return Table("The cheapest cut", heads, rows, note, lags=True, grouped=True)


def _fragility(graph: Graph, on_cycle: frozenset[tuple[str, str]], names: Names) -> Table:
    rows = tuple(
        (
            str(one.score),
            names.get(one.connection.source, one.connection.source),
            names.get(one.connection.target, one.connection.target),
            one.connection.label,
            "; ".join(one.reasons),
        )
        for one in fragility(graph, on_cycle)[:MOST_ROWS]
        if one.connection.sure
    )
    return Table("Fragile linkages", ("Score", "From", "To", "What", "Why"), rows, "The score is the sum of the reasons.")


def _variables(facts: Facts, names: Names) -> Table:
    """What a change of each environment variable reaches."""
    found = {env: of_setting(facts, env) for env in sorted({one.env for one in facts.settings if one.env})}
    rows = tuple((env, *_reached(blast, names)) for env, blast in found.items() if blast.edges or blast.schedules)
    note = "Change the variable, and these arrows and jobs change with it."
    return Table("Reach of a variable", ("Variable", "Arrows", "Jobs"), rows[:MOST_ROWS], note)


def _operations(facts: Facts, names: Names) -> Table:
    found = [(one, of_operation(facts, one.method, one.path)) for one in facts.operations]
    rows = tuple((f"{one.method} {one.path}", *_reached(blast, names)) for one, blast in found if blast.edges)
    note = "Change the operation, and these callers must follow."
    return Table("Reach of an operation", ("Operation", "Callers", "Jobs"), rows[:MOST_ROWS], note)


def _reached(blast: Blast, names: Names) -> tuple[str, str]:
    arrows = [f"{names.get(edge.source, edge.source)} → {names.get(edge.target, edge.target)}: {edge.label}" for edge in blast.edges]
    return _some(arrows), _some([schedule.name for schedule in blast.schedules])


def _some(listed: Sequence[str]) -> str:
    said = list(dict.fromkeys(listed))
    return "; ".join([*said[:MOST_SAID], *([f"and {len(said) - MOST_SAID} more"] if len(said) > MOST_SAID else [])])


def _load(found: Calendar, names: Names) -> Table:
    rows = tuple((names.get(week.system, week.system), *row) for week in found.weeks for row in _days(week.hours))
    note = "How many jobs begin against an outside system in each hour, in the time zone of the scheduler."
    return Table("Load of a week", ("System", "Day", *HOURS), rows, note, grouped=True, heat=True)


def _days(hours: Sequence[int]) -> Iterable[tuple[str, ...]]:
    """A row for each day; days that are alike and follow one another share one."""
    days = [(day, hours[number * 24 : number * 24 + 24]) for number, day in enumerate(DAYS)]
    for counts, alike in groupby(days, key=lambda each: each[1]):
        named = [day for day, _ in alike]
        said = "Every day" if len(named) == 7 else named[0] if len(named) == 1 else f"{named[0]} to {named[-1]}"
        yield said, *map(str, counts)


def _week(found: Calendar, names: Names) -> Table:
    rows = tuple(
        (names.get(week.system, week.system), str(sum(week.hours)), str(max(week.hours)), ", ".join(week.jobs)) for week in found.weeks
    )
    return Table("Jobs by outside system", ("Outside system", "Starts in a week", "In the busiest hour", "Jobs"), rows)


def _collisions(found: Calendar, names: Names) -> Table:
    rows = tuple((names.get(one.system, one.system), one.when, str(one.times), ", ".join(one.jobs)) for one in found.collisions)
    return Table("Jobs that begin together", ("Outside system", "First in the week", "Times a week", "Jobs"), rows)


def _knobs(facts: Facts) -> Table:
    rows = tuple((knob.env, ", ".join(one.name for one in knob.schedules)) for knob in shared_knobs(facts))
    return Table("One variable, several schedules", ("Variable", "Schedules"), rows, "Who turns one of these moves several jobs.")


def _line(line: Evidence) -> str:
    return f"{line.repo}/{line.path}:{line.line} ({line.symbol})"


def told_blast(found: Blast) -> str:
    lines = [
        f"{one_line(found.subject)} reaches {len(found.edges)} edges, {len(found.schedules)} schedules and {len(found.triggers)} starting points."
    ]
    lines += [one_line(f"  {edge.source} → {edge.target}  {edge.label}") for edge in found.edges]
    lines += [one_line(f"  {schedule.name}: {schedule.cadence}") for schedule in found.schedules]
    lines += [one_line(f"  from {trigger}") for trigger in found.triggers]
    lines += [one_line(f"  {_line(line)}") for line in found.lines]
    return "\n".join(lines)
