"""Dicts, lists and sums of texts: what is under a key, at a place, in each item, and what parts make together."""

from typing import TYPE_CHECKING

from c4gen.extract.syntax import Const, Each, Expr, Index, Items, Spread, dotted, shown
from c4gen.extract.values import MOST, Given, Number, Row, Scope, Slot, Table, Text, Value, merged, some

if TYPE_CHECKING:
    from c4gen.extract.evaluator import Evaluator

DEEPEST = 20


def listed(table: Table, name: str) -> Value:
    if name == "copy":
        return table
    pairs = [(key, value) for key, value in table.pairs.items if key is not None]
    if name == "items":
        return Row(Items(tuple(Items((key, value)) for key, value in pairs)), table.scope)
    return Row(Items(tuple(value if name == "values" else key for key, value in pairs)), table.scope)


def join(ev: "Evaluator", parts: tuple[Expr, ...], scope: Scope, depth: int) -> list[Value]:
    found: list[tuple[str | Slot, ...]] = [()]
    tables: list[Value] = []
    for part in parts:
        if isinstance(part, Given):
            texts = [part.text]
        else:
            values = ev.values(part, scope, depth + 1)
            tables += [value for value in values if isinstance(value, Row | Table)]
            texts = [value for value in values if isinstance(value, Text)]
            texts += [Text((f"{value.value:g}",)) for value in values if isinstance(value, Number)]
        found = [one + text.parts for one in found for text in texts or [Text((Slot("unknown", shown(part)),))]][:MOST]
    if tables:
        return tables
    return [Text(merged(one)) for one in found]


def index(ev: "Evaluator", expr: Index, scope: Scope, depth: int) -> list[Value]:
    if dotted(expr.base) in ("os.environ", "environ") and isinstance(expr.key, Const) and isinstance(expr.key.value, str):
        return [Text((Slot("env", expr.key.value),))]
    found: list[Value] = []
    for base in ev.values(expr.base, scope, depth + 1):
        for value in ev.expand(base, depth):
            if isinstance(value, Table):
                found += entry(ev, value, expr.key, scope, depth)
            elif isinstance(value, Row):
                found += _place(ev, value, expr.key.value if isinstance(expr.key, Const) else None, depth)
            elif isinstance(value, Text) and isinstance(expr.key, Const) and isinstance(expr.key.value, int):
                found.append(value)
    return some(found)


def entry(ev: "Evaluator", table: Table, key: Expr, scope: Scope, depth: int) -> list[Value]:
    """The values under a key; under any key where the key is not known."""
    keys = {value.plain for value in ev.values(key, scope, depth + 1) if isinstance(value, Text)}
    found: list[Value] = []
    for one, value in table.pairs.items:
        if len(found) > MOST:
            break
        if one is None:
            for inner in ev.values(value, table.scope, depth + 1):
                found += entry(ev, inner, key, scope, depth + 1) if isinstance(inner, Table) and depth < DEEPEST else []
            continue
        own = [text.plain for text in ev.values(one, table.scope, depth + 1) if isinstance(text, Text)]
        if not keys or None in keys or None in own or keys & set(own):
            found += ev.values(value, table.scope, depth + 1)
    return some(found)


def _place(ev: "Evaluator", row: Row, place: object, depth: int) -> list[Value]:
    items = row.items.items
    if isinstance(place, int) and -len(items) <= place < len(items) and not any(isinstance(item, Spread) for item in items):
        items = (items[place],)
    return some(value for item in items for value in _item(ev, item, row.scope, depth))


def _item(ev: "Evaluator", item: Expr, scope: Scope, depth: int) -> list[Value]:
    if not isinstance(item, Spread):
        return ev.values(item, scope, depth + 1)
    rows = [value for base in ev.values(item.of, scope, depth + 1) for value in ev.expand(base, depth)]
    return [found for row in rows if isinstance(row, Row) and depth < DEEPEST for found in _place(ev, row, None, depth + 1)]


def each(ev: "Evaluator", expr: Each, scope: Scope, depth: int) -> list[Value]:
    found: list[Value] = []
    for base in ev.values(expr.of, scope, depth + 1):
        for value in ev.expand(base, depth):
            if isinstance(value, Table):
                value = listed(value, "keys")
            if isinstance(value, Row):
                found += _unpacked(ev, value, expr.place, depth)
    return some(found)


def _unpacked(ev: "Evaluator", row: Row, place: int | None, depth: int) -> list[Value]:
    found: list[Value] = []
    for value in _place(ev, row, None, depth):
        if place is None:
            found.append(value)
        elif isinstance(value, Row):
            found += _place(ev, value, place, depth)
    return found
