"""What the analyses found, as tables for the pages and as text for a terminal."""

from collections.abc import Sequence

from c4gen.analysis.blast import Blast, shared_knobs
from c4gen.analysis.calendar import DAYS, Calendar, calendar
from c4gen.analysis.cycles import Cycles, cycles_of
from c4gen.analysis.fragility import fragility
from c4gen.check.drift import one_line
from c4gen.model.facts import Evidence
from c4gen.model.graph import Graph
from c4gen.model.merge import systems_of
from c4gen.pages.build import Table

PAGE = "dependencies-and-cycles.html"
MOST_ROWS = 200


def tables(graphs: Sequence[Graph]) -> dict[str, dict[str, Sequence[Table]]]:
    """For each model: cycles with their cut, fragility, the week, knobs that several schedules share, and what stayed unresolved."""
    return {graph.model.meta.name: {PAGE: _of(graph, graphs)} for graph in graphs}


def _of(graph: Graph, graphs: Sequence[Graph]) -> list[Table]:
    place = {id: system for one in graphs for id, system in systems_of(one.model, one.facts).items()}
    found = cycles_of([connection for one in graphs for connection in one.connections], place)
    on_cycle = frozenset(arrow for cycle in found.cycles for arrow in cycle.arrows)
    made = [
        _cycles(found),
        _cut(found),
        _fragility(graph, on_cycle),
        _week(calendar(graph.facts)),
        _collisions(calendar(graph.facts)),
        _knobs(graph),
        _unresolved(graph),
    ]
    return [table for table in made if table is not None]


def _cycles(found: Cycles) -> Table | None:
    if not found.cycles:
        return None
    note = "" if found.complete else f"There are more; the first {len(found.cycles)} are listed."
    rows = tuple(
        (" → ".join((*cycle.boxes, cycle.boxes[0])), "every step waits for an answer" if cycle.sync else "some steps do not wait")
        for cycle in found.cycles[:MOST_ROWS]
    )
    return Table("All cycles", ("Cycle", "Waiting"), rows, note)


def _cut(found: Cycles) -> Table | None:
    if found.cut is None:
        return None
    rows = tuple((f"{source} → {target}", "") for source, target in found.cut.arrows) + tuple(("", _line(line)) for line in found.cut.lines)
    note = f"{found.cut.cost} places to edit. " + (
        "No cheaper set ends every cycle." if found.cut.exact else "Found greedily: a cheaper set may exist."
    )
    return Table("The cheapest cut", ("Arrow", "Line"), rows, note, lags=True)


def _fragility(graph: Graph, on_cycle: frozenset[tuple[str, str]]) -> Table | None:
    ranked = fragility(graph, on_cycle)[:MOST_ROWS]
    rows = tuple(
        (str(one.score), one.connection.source, one.connection.target, one.connection.label, "; ".join(one.reasons)) for one in ranked
    )
    return Table("Fragile linkages", ("Score", "From", "To", "What", "Why"), rows, "The score is the sum of the reasons.") if rows else None


def _week(found: Calendar) -> Table | None:
    rows = tuple(
        (week.system, *(str(sum(week.hours[day * 24 : day * 24 + 24])) for day in range(7)), str(max(week.hours)), ", ".join(week.jobs))
        for week in found.weeks
    )
    return Table("Scheduled starts in a week", ("Outside system", *DAYS, "Busiest hour", "Jobs"), rows) if rows else None


def _collisions(found: Calendar) -> Table | None:
    rows = tuple((one.system, one.when, str(one.times), ", ".join(one.jobs)) for one in found.collisions)
    return Table("Jobs that begin together", ("Outside system", "First in the week", "Times a week", "Jobs"), rows) if rows else None


def _knobs(graph: Graph) -> Table | None:
    rows = tuple((knob.env, ", ".join(one.name for one in knob.schedules)) for knob in shared_knobs(graph.facts))
    return Table("One variable, several schedules", ("Variable", "Schedules"), rows) if rows else None


def _unresolved(graph: Graph) -> Table | None:
    rows = tuple((f"{one.repo}/{one.path}:{one.line}", one.expression, one.reason) for one in graph.facts.unresolved[:MOST_ROWS])
    return Table("Calls whose target code does not tell", ("Where", "Call", "Why"), rows, lags=True) if rows else None


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
