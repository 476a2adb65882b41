"""Tables of pages: what they hold, how long ones are grouped, folded and found in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import compress, groupby

from c4gen.markup import Html, el, joined

LONG = 120  # rows, from which a list is folded at first
HEAT = 4  # shades

Row = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """What an analysis found, for a page: `build(…, tables={"learn": {"calendar.html": (Table(…),)}})`."""

    title: str
    heads: Row
    rows: tuple[Row, ...]
    note: str = ""
    lags: bool = False  # tells of lines that move with every edit
    grouped: bool = False  # rows that begin alike stand below a heading of their own
    heat: bool = False  # numbers are shaded by their size


def section(found: Table) -> Html:
    """A table below its heading; nothing where it has no rows."""
    if not found.rows:
        return Html()
    content = _rows_as_table(found if found.heat else _without_empty_columns(found))
    if len(found.rows) > LONG:
        content = el("details", el("summary", f"{len(found.rows)} rows"), content, class_="long")
    return joined((el("h2", found.title), _note(found.note), content))


def _without_empty_columns(found: Table) -> Table:
    said = [any(row[column] for row in found.rows) for column in range(len(found.heads))]
    return replace(found, heads=tuple(compress(found.heads, said)), rows=tuple(tuple(compress(row, said)) for row in found.rows))


def _note(text: str) -> Html:
    return el("p", text) if text else Html()


def _rows_as_table(found: Table) -> Html:
    groups = (
        [(name, list(rows)) for name, rows in groupby(found.rows, key=lambda row: row[0])] if found.grouped else [("", list(found.rows))]
    )
    heads = found.heads[1:] if found.grouped else found.heads
    bodies = [_body(name, [row[1:] if found.grouped else row for row in rows], found) for name, rows in groups]
    return framed(found.title, heads, bodies, lags=found.lags, hidden_title=True)


def _body(name: str, rows: list[Row], found: Table) -> Html:
    head = el("tr", el("th", name, colspan=len(rows[0]), scope="rowgroup"), class_="group") if name else Html()
    most = max((int(cell) for row in rows for cell in row if cell.isdigit()), default=0) if found.heat else 0
    return el("tbody", head, *(el("tr", *(_cell(cell, most) for cell in row)) for row in rows))


def _cell(text: str, most: int) -> Html:
    if not most or not text.isdigit():
        return el("td", text)
    shade = -(-int(text) * HEAT // most)
    return el("td", text if shade else "", class_=f"heat heat-{shade}" if shade else "heat")


def table(title: str, heads: Row, rows: Sequence[Row], hidden_title: bool = False) -> Html:
    return framed(
        title, heads, [el("tbody", joined((el("tr", *(el("td", cell) for cell in row)) for row in rows), "\n"))], hidden_title=hidden_title
    )


def framed(title: str, heads: Row, bodies: Iterable[Html], lags: bool = False, hidden_title: bool = False) -> Html:
    """`lags`: places in code are its content, which may have moved since (see `pages.folder`)."""
    head = el("thead", el("tr", *(el("th", name, scope="col") for name in heads)))
    caption = el("caption", title, class_="unseen" if hidden_title else None)
    content = el("table", caption, head, *bodies, class_="lags" if lags else None)
    return el("div", content, class_="wide", tabindex=0, role="region", aria_label=title)
