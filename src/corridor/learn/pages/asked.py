"""What the address of a search page asks, and the addresses of the questions beside it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlencode

from corridor.kit.errors import Problem
from corridor.learn.catalog.vocabulary import CertificationType, Delivery, Level, ResourceType, ResourceTypeGroup
from corridor.search import Search
from corridor.search.model import Mode

PAGE_SIZE = 20
LAST_PAGE = 50
LONGEST_TEXT = 500
LONGEST_VALUE = 256
MOST_VALUES = 50
FLAGS = ("true", "false")

# Closed vocabularies by filter; filters that are not in here take any value.
CLOSED: dict[str, tuple[str, ...]] = {
    "resource_type": tuple(ResourceType.values),
    "resource_type_group": tuple(ResourceTypeGroup.values),
    "level": tuple(Level.values),
    "delivery": tuple(Delivery.values),
    "certification_type": tuple(CertificationType.values),
    "free": FLAGS,
    "professional": FLAGS,
    "certification": FLAGS,
}
FILTERS = (*CLOSED, "resource_category", "topic", "offered_by", "platform", "department", "course_feature", "language")
MODES = {"": Mode.HYBRID, "words": Mode.LEXICAL, "meaning": Mode.SEMANTIC}
SORTS = ("new", "-views", "upcoming")
PARAMETERS = ("q", "page", "sortby", "mode", *FILTERS)
# Counters of visits put these behind links; they ask nothing.
IGNORED = ("utm_", "fbclid", "gclid")


class BadQuestion(Problem):
    """A search page was asked something that it cannot answer; `parameter` is to blame."""

    code = "bad_question"

    def __init__(self, parameter: str, reason: str) -> None:
        self.parameter = parameter
        super().__init__(reason)


@dataclass(frozen=True)
class Asked:
    """A question as it stands in the address. `pinned` filters belong to the page, not to its query."""

    path: str
    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = ""
    mode: str = ""
    page: int = 1
    pinned: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def search(self, facets: Iterable[str]) -> Search:
        return Search(
            text=self.text,
            filters={"ocw_file": ("false",), **self.filters, **self.pinned},
            facets=tuple(facets),
            sort=self.sort or None,
            offset=(self.page - 1) * PAGE_SIZE,
            limit=PAGE_SIZE,
            mode=MODES[self.mode],
            highlight=True,
        )

    @property
    def address(self) -> str:
        pairs = [("q", self.text), *((name, value) for name, values in self.filters.items() for value in values)]
        pairs += [("mode", self.mode), ("sortby", self.sort), ("page", str(self.page) if self.page > 1 else "")]
        query = urlencode([(name, value) for name, value in pairs if value])
        return f"{self.path}?{query}" if query else self.path

    def with_page(self, page: int) -> "Asked":
        return replace(self, page=page)

    def with_filter(self, name: str, *values: str) -> "Asked":
        """The same question with other values of a filter; none take the filter away."""
        filters = {**{other: given for other, given in self.filters.items() if other != name}, **({name: values} if values else {})}
        return replace(self, filters=filters, page=1)

    def without(self, name: str, value: str) -> "Asked":
        return self.with_filter(name, *(each for each in self.filters.get(name, ()) if each != value))

    def without_filters(self) -> "Asked":
        return replace(self, filters={}, page=1)

    def with_text(self, text: str) -> "Asked":
        return replace(self, text=text, page=1)


def parse(path: str, given: Iterable[tuple[str, list[str]]], pinned: Mapping[str, tuple[str, ...]] | None = None) -> Asked:
    """The question of a query's parameters. Raises BadQuestion. Empty parameters ask nothing."""
    asked = {name: values for name, values in given if not name.startswith(IGNORED)}
    for name in asked:
        if name not in PARAMETERS or name in (pinned or {}):
            raise BadQuestion(name, f"This page knows no “{_shown(name)}” to search by.")
    single = {name: _single(name, asked.get(name, [])) for name in ("q", "page", "sortby", "mode")}
    return Asked(
        path=path,
        text=_text(single["q"]),
        filters={name: values for name in FILTERS if (values := _values(name, asked.get(name, [])))},
        sort=_one_of("sortby", single["sortby"], SORTS),
        mode=_one_of("mode", single["mode"], tuple(MODES)),
        page=_page(single["page"]),
        pinned=pinned or {},
    )


def pinned(search_filter: str) -> dict[str, tuple[str, ...]]:
    """The filters that a channel's query string stands for; names that are no filters are left out."""
    filters: dict[str, tuple[str, ...]] = {}
    for name, value in parse_qsl(search_filter):
        if name in FILTERS:
            filters[name] = (*filters.get(name, ()), value)
    return filters


def _shown(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def _single(name: str, values: list[str]) -> str:
    if len(values) > 1:
        raise BadQuestion(name, f"“{name}” can be given once, not {len(values)} times.")
    return values[0].strip() if values else ""


def _text(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise BadQuestion("q", f"This question is {len(text)} characters long; {LONGEST_TEXT} are the most. Leave something out.")
    if "\x00" in text:
        raise BadQuestion("q", "This question holds a character that no text has. Type it again.")
    return " ".join(text.split())


def _values(name: str, given: list[str]) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(value for value in given if value))
    if len(values) > MOST_VALUES or any(len(value) > LONGEST_VALUE or "\x00" in value for value in values):
        raise BadQuestion(name, f"“{name}” is given too many values, or one that is too long or no text.")
    for value in values if name in CLOSED else ():
        _one_of(name, value, CLOSED[name])
    return values


def _one_of(name: str, value: str, known: tuple[str, ...]) -> str:
    if value and value not in known:
        raise BadQuestion(name, f"“{name}” cannot be “{_shown(value)}”. It can be {', '.join(filter(None, known))}.")
    return value


def _page(written: str) -> int:
    if not written:
        return 1
    if not (written.isascii() and written.isdecimal() and len(written) < 6 and int(written) >= 1):
        raise BadQuestion("page", f"“{_shown(written)}” is no page number.")
    if int(written) > LAST_PAGE:
        raise BadQuestion("page", f"Results are shown up to page {LAST_PAGE}. Add a word or a filter to see others.")
    return int(written)
