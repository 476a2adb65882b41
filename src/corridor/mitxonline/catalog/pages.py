"""Pages of the catalogue: what there is, a course, a program."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from corridor.kit import clock
from corridor.mitxonline.enrollments import queries as enrollments
from corridor.mitxonline.enrollments import rules
from corridor.mitxonline.enrollments import telling as offering
from corridor.mitxonline.enrollments.telling import Offer
from corridor.web.linked_data import breadcrumbs, graph

from . import cards, linked_data, parts, queries, shelves, telling
from .asked import HOME, KINDS, PAGE_SIZE, PROGRAMS, Asked, asked
from .facts import Json
from .linked_data import Part
from .models import Prospectus
from .parts import Part as Asking
from .queries import Revision
from .shelves import Counted, Shelf

XML = "application/xml"
FIRST = 8  # topics that are shown at once


@dataclass(frozen=True)
class Link:
    label: str
    address: str
    current: bool = False
    count: int | None = None


def absolute(path: str) -> str:
    return f"{settings.CONFIG.base_url}{path}"


# --- the catalogue


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Courses or programs by department, topic and state, all of it in the address. The same for everybody: kept until it changes, a minute at most."""
    wanted, revision = asked(request.GET.dict()), queries.revision()
    make = _shown if revision else _shown.__wrapped__
    return render(request, "mitxonline/catalogue.html", make(wanted, clock.now().replace(second=0, microsecond=0), revision))


@lru_cache(maxsize=512)
def _shown(wanted: Asked, now: datetime, revision: Revision | None) -> Json:
    """What the page shows at that revision of the catalogue. Raises NotInCatalogue."""
    names, shelf = shelves.names(wanted), shelves.shelf(wanted, now)
    number = shelf.count(wanted)
    common = {"asked": wanted, "said": said(wanted, number), "in_use": in_use(wanted, shelf, names)}
    context = {
        **common,
        "rows": cards.programs(shelf.bodies) if wanted.kind == PROGRAMS else cards.courses(shelf.bodies, now),
        "tabs": [Link(label, wanted.but(kind=kind).address, wanted.kind == kind, shelf.kinds[kind]) for kind, label in KINDS.items()],
        "choices": choices(wanted, shelf),
        "unfiltered": Asked(kind=wanted.kind).address,
        **turning(wanted, number),
    }
    return {**common, "shelf": render_to_string("mitxonline/shelf.html", context), "canonical": absolute(wanted.address)}


def said(wanted: Asked, number: int) -> str:
    noun = KINDS[wanted.kind].lower()
    counted = f"{number:,} {noun.removesuffix('s') if number == 1 else noun}" if number else f"No {noun}"
    return f"{counted}, page {wanted.page}" if wanted.page > 1 else counted


def choices(wanted: Asked, shelf: Shelf) -> list[tuple[str, list[Link], list[Link]]]:
    """A heading, the links that are shown at once, and the others."""
    found: list[tuple[str, str, Sequence[Counted]]] = [
        ("When", "state", shelf.states),
        ("Department", "department", shelf.departments),
        ("Topic", "topic", shelf.topics),
    ]
    return [
        (heading, links[:FIRST], links[FIRST:])
        for heading, name, values in found
        if (links := [_choice(wanted, name, each) for each in values if each.count or each.value == getattr(wanted, name)])
    ]


def _choice(wanted: Asked, name: str, each: Counted) -> Link:
    return Link(each.label, wanted.but(**{name: each.value}).address, getattr(wanted, name) == each.value, each.count)


def in_use(wanted: Asked, shelf: Shelf, names: Mapping[str, str]) -> list[Link]:
    """What can be taken away, each with the address without it."""
    state = next((each.label for each in shelf.states if each.value == wanted.state), "")
    used = {"state": state} | dict(names)
    return [Link(label, wanted.but(**{name: ""}).address) for name, label in used.items() if label]


def turning(wanted: Asked, number: int) -> dict[str, str]:
    """The pages beside this one."""
    last = -(-number // PAGE_SIZE)
    return {
        "previous": wanted.on_page(wanted.page - 1).address if wanted.page > 1 else "",
        "next": wanted.on_page(wanted.page + 1).address if wanted.page < last else "",
        "place": f"Page {wanted.page} of {last}" if last > 1 else "",
    }


# --- a course


@require_safe
def course(request: HttpRequest, readable_id: str) -> HttpResponse:
    now, found = clock.now(), shelves.course(readable_id)
    body, page = orjson.loads(found.body), found.course.prospectus
    best = body["next_run_id"]
    runs = telling.in_order(map(orjson.loads, found.runs), best, now)
    offers = offers_of_runs(request, runs)
    head = offering.best(offers, best)
    lines = [(telling.line(run, best, now), offers[run["id"]] if offers[run["id"]] != head else None) for run in runs]
    teachers = [each for each in page.instructors if each.get("name")]
    path = cards.course_path(readable_id)
    context = {
        "body": body,
        "page": page,
        "row": cards.course(body, now),
        "facts": telling.facts(body, runs, now),
        "taking": telling.taking(runs, best, now),
        "offer": head,
        "originals": [each for each in lines if not each[0].form],
        "variants": [each for each in lines if each[0].form],
        "teachers": teachers,
        "programs": [(each["title"], cards.program_path(each["readable_id"])) for each in body["programs"]],
        "glance": glance_of_course(body, page, runs, now),
        **told_to_machines(path, body, linked_data.course(body, absolute(path), runs, [each["name"] for each in teachers]), Asked()),
    }
    return render(request, "mitxonline/course.html", context)


def offers_of_runs(request: HttpRequest, runs: Sequence[Json]) -> dict[int, Offer]:
    """What whoever looks can do about each."""
    user, ids = request.user, [run["id"] for run in runs]
    modes = enrollments.state_in_runs(user.pk, ids) if user.is_authenticated else {}
    return {run["id"]: offering.of_run(run, modes.get(run["id"])) for run in runs}


Lines = list[tuple[str, list[str]]]


def glance_of_course(body: Json, page: Prospectus, runs: Sequence[Json], now: datetime) -> Lines:
    """What is known, line by line."""
    run = telling.offered_run(runs, body["next_run_id"], now)
    lines = [
        ("When", [telling.beginning(runs, body["next_run_id"], now)]),
        ("Price", [telling.price(run)]),
        ("Certificate", [_certificate(run)]),
        ("Length", [telling.length(body)]),
        ("Workload", [telling.effort(body)]),
        ("Pace", [("Your own" if run["is_self_paced"] else "With dates") if run else ""]),
        ("Languages", list(dict.fromkeys(run["language_label"] for run in runs if run["language_label"]))),
        ("Instructors", [each.get("name", "") for each in page.instructors]),
        *_common(body),
    ]
    return _kept(lines)


def _certificate(run: Json | None) -> str:
    if not run:
        return ""
    told = telling.certificate(run)
    return f"{told[0].upper()}{told[1:]}" if told else "None"


def _common(body: Json) -> Lines:
    return [
        ("Topics", [topic["name"] for topic in body["topics"]]),
        ("Department", [each["name"] for each in body["departments"]]),
    ]


def _kept(lines: Lines) -> Lines:
    kept = ((name, [text for text in texts if text]) for name, texts in lines)
    return [(name, texts) for name, texts in kept if texts]


# --- a program


@require_safe
def program(request: HttpRequest, readable_id: str) -> HttpResponse:
    now, found = clock.now(), shelves.program(readable_id)
    body = orjson.loads(found.body)
    courses = {each["id"]: each for each in map(orjson.loads, found.courses)}
    programs = {each["id"]: each for each in map(orjson.loads, found.programs)}
    rows = {id: cards.course(each, now, has_page=id in found.shown_courses) for id, each in courses.items()}
    inner = {id: cards.program(each, has_page=id in found.shown_programs) for id, each in programs.items()}
    asking: list[Asking[cards.Row]] = parts.told(body["req_tree"], rows, inner)
    path = cards.program_path(readable_id)
    open_now = rules.program_takes_in(rules.ProgramWindow(body["live"], *window_of(body)), now)
    mode = enrollments.mode_in_program(request.user.pk, body["id"]) if request.user.is_authenticated else None
    offer = offering.of_program(body, mode, open_now=open_now and bool(asking))
    taught = [Part(row.title, absolute(row.path)) for row in rows.values() if row.path]
    context = {
        "body": body,
        "page": found.program.prospectus,
        "row": cards.program(body),
        "asking": asking,
        "offer": offer,
        "taking": telling.taking_program(bool(asking), open_now=open_now, sold=offer.product is not None),
        "programs": [(each["title"], cards.program_path(each["readable_id"])) for each in body["programs"]],
        "glance": glance_of_program(body, found.program.prospectus),
        **told_to_machines(path, body, linked_data.program(body, absolute(path), taught), Asked(kind=PROGRAMS)),
    }
    return render(request, "mitxonline/program.html", context)


def window_of(body: Json) -> tuple[datetime | None, datetime | None]:
    return telling.moment(body["enrollment_start"]), telling.moment(body["enrollment_end"])


def glance_of_program(body: Json, page: Prospectus) -> Lines:
    dates = [telling.day(body["start_date"]) if body["start_date"] else "", telling.day(body["end_date"]) if body["end_date"] else ""]
    sold = next((each for each in body["products"] if each["is_active"]), None)
    return _kept(
        [
            ("Begins", [dates[0]]),
            ("Ends", [dates[1]]),
            ("Holds", [cards.extent(body)]),
            ("Price of the whole", [telling.money(sold["price"]) if sold and body["certificate_available"] else page.price_text]),
            ("Certificate", [body["certificate_type"] if body["certificate_available"] else "None"]),
            ("Length", [telling.length(body)]),
            ("Workload", [telling.effort(body)]),
            *_common(body),
        ]
    )


def told_to_machines(path: str, body: Json, thing: Json, above: Asked) -> dict[str, Any]:
    """What the head of a page says, and the way to it."""
    trail = [Part("MITx Online", HOME), Part(KINDS[above.kind], above.address)][: 2 if above.kind == PROGRAMS else 1]
    places = [*(Part(part.name, absolute(part.address)) for part in trail), Part(body["title"], absolute(path))]
    return {
        "canonical": absolute(path),
        "description": cards.summary(body),
        "trail": trail,
        "linked_data": graph([thing, breadcrumbs(places)]),
    }


# --- for machines


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Everything that has a page."""
    places: list[tuple[str, datetime | None]] = [(absolute(each.address), None) for each in (Asked(), Asked(kind=PROGRAMS))]
    places += [(absolute(f"{HOME}{kind}/{name}/"), changed) for kind, name, changed in shelves.addresses()]
    return render(request, "mitxonline/sitemap.xml", {"places": places}, content_type=XML)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Where MITx Online has a site of its own."""
    lines = ["User-agent: *", f"Disallow: {HOME}api/", "Disallow: /cms/", ""]
    return HttpResponse("\n".join([*lines, f"Sitemap: {absolute(f'{HOME}sitemap.xml')}", ""]), content_type="text/plain")
