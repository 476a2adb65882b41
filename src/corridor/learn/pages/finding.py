"""An answered question as its page shows it: facets, chips, orders, pages. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from corridor.learn.catalog.vocabulary import CertificationType, Delivery, Level, ResourceType, ResourceTypeGroup
from corridor.search import Results
from corridor.search.model import Mode

from .asked import LAST_PAGE, PAGE_SIZE, Asked

GROUP = "resource_type_group"
TITLES = {
    "free": "Price",
    "certification_type": "Certificate",
    "resource_type": "Kind",
    "topic": "Topic",
    "level": "Level",
    "delivery": "Format",
    "professional": "Audience",
    "offered_by": "Offered by",
    "department": "Department",
    "platform": "Platform",
    "course_feature": "Feature",
    "resource_category": "Category",
    "language": "Language",
    "certification": "With certificate",
    GROUP: "Type",
}
SHOWN = ("free", "topic", "resource_type", "level", "certification_type", "delivery", "offered_by", "department", "professional")
LABELS: dict[str, Mapping[str, str]] = {
    "resource_type": dict(ResourceType.choices),
    GROUP: {ResourceTypeGroup.COURSE: "Courses", ResourceTypeGroup.PROGRAM: "Programs", ResourceTypeGroup.LEARNING_MATERIAL: "Materials"},
    "level": dict(Level.choices),
    "delivery": dict(Delivery.choices),
    "certification_type": dict(CertificationType.choices),
    "free": {"true": "Free", "false": "Paid"},
    "professional": {"true": "Professionals", "false": "Students"},
    "certification": {"true": "Yes", "false": "No"},
}
ORDERS = {"": "Best match", "new": "Newest first", "-views": "Most viewed", "upcoming": "Starting soonest"}
WAYS = {"": "Words and meaning", "words": "Words only", "meaning": "Meaning only"}
FIRST = 6  # values of a facet that are shown at once
Names = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Value:
    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    name: str
    title: str
    values: Sequence[Value]
    more: Sequence[Value]


@dataclass(frozen=True)
class Link:
    label: str
    address: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Found:
    """All that is around the hits."""

    asked: Asked
    total: int
    said: str
    facets: Sequence[Facet]
    groups: Sequence[Link]
    chips: Sequence[Link]
    orders: Mapping[str, str]
    ways: Mapping[str, str]
    pages: Sequence[Link | None]  # None where some are left out
    previous: str
    next: str
    last: str  # address of the last page, when this one is beyond it
    did_you_mean: Link | None
    by_words: bool  # asked by meaning, answered by words


def facets_asked(asked: Asked) -> list[str]:
    """Facets that are counted: the usual ones, and those that the address names."""
    return [name for name in dict.fromkeys([GROUP, *SHOWN, *asked.filters]) if name not in asked.pinned]


def found(asked: Asked, results: Results, names: Names) -> Found:
    labels = {**LABELS, **names}
    pages = min(-(-results.total // PAGE_SIZE), LAST_PAGE)
    meant = results.did_you_mean
    return Found(
        asked=asked,
        total=results.total,
        said=said(asked, results.total),
        facets=[_facet(name, asked, results, labels) for name in facets_asked(asked) if name != GROUP and results.facets.get(name)],
        groups=_groups(asked, results),
        chips=_chips(asked, labels),
        orders=ORDERS if asked.text else {**ORDERS, "": "Recommended"},
        ways=WAYS,
        pages=_pages(asked, pages),
        previous=asked.with_page(asked.page - 1).address if 1 < asked.page <= pages else "",
        next=asked.with_page(asked.page + 1).address if asked.page < pages else "",
        last=asked.with_page(pages).address if pages and asked.page > pages else "",
        did_you_mean=Link(meant, asked.with_text(meant).address) if meant else None,
        by_words=bool(asked.text) and asked.mode != "words" and results.mode is Mode.LEXICAL,
    )


def said(asked: Asked, total: int) -> str:
    number = f"{total:,} result{'' if total == 1 else 's'}" if total else "No results"
    page = f", page {asked.page}" if asked.page > 1 else ""
    return f"{number} for “{asked.text}”{page}" if asked.text else f"{number}{page}"


def _facet(name: str, asked: Asked, results: Results, labels: Names) -> Facet:
    chosen = asked.filters.get(name, ())
    folded = {value.casefold() for value in chosen}
    values = [
        Value(each.value, labels.get(name, {}).get(each.value, each.value), each.count, each.value.casefold() in folded)
        for each in results.facets[name]
    ]
    values.sort(key=lambda value: not value.chosen)
    return Facet(name, TITLES[name], values[:FIRST], values[FIRST:])


def _groups(asked: Asked, results: Results) -> list[Link]:
    """All, and each type, with counts that leave the choice among them out."""
    if GROUP in asked.pinned:
        return []
    counts = {each.value: each.count for each in results.facets.get(GROUP, ())}
    chosen = asked.filters.get(GROUP, ())
    return [
        Link("All", asked.with_filter(GROUP).address, not chosen, sum(counts.values())),
        *(
            Link(label, asked.with_filter(GROUP, value).address, value in chosen, counts.get(value, 0))
            for value, label in LABELS[GROUP].items()
        ),
    ]


def _chips(asked: Asked, labels: Names) -> list[Link]:
    """Filters that can be taken away, each with the address without it."""
    return [
        Link(f"{TITLES[name]}: {labels.get(name, {}).get(value, value)}", asked.without(name, value).address)
        for name, values in asked.filters.items()
        if name != GROUP
        for value in values
    ]


def _pages(asked: Asked, last: int) -> list[Link | None]:
    """The first, the last and those around the current one."""
    if last < 2:
        return []
    numbers = sorted({1, last, *range(max(1, asked.page - 1), min(last, asked.page + 1) + 1)})
    links: list[Link | None] = []
    for before, number in zip([0, *numbers], numbers, strict=False):
        if number - before > 1:
            links.append(None)
        links.append(Link(str(number), replace(asked, page=number).address, number == asked.page))
    return links
