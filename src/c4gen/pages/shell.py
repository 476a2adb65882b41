"""The frame of a page: head, way back, contents, foot."""

from dataclasses import dataclass

from c4gen.markup import Html, el, joined

LABELS = {
    "index.html": "Overview",
    "system-context.html": "System context",
    "container.html": "Containers",
    "data-flows.html": "Data flows",
    "dependencies-and-cycles.html": "Dependencies & cycles",
    "component.html": "Components",
    "infrastructure-references.html": "Infrastructure references",
    "fragility.html": "Fragility & reach",
    "calendar.html": "Week of jobs",
    "open-questions.html": "Open questions",
}


@dataclass(frozen=True)
class Place:
    """A page of a system's folder, among its sisters. `root` leads to the folder of all systems."""

    system: str
    file: str
    sisters: tuple[str, ...] = ()
    root: str = "../"


def page(place: Place, title: str, *content: str) -> str:
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("title", f"{title} · {place.system}" if place.system and title != place.system else title),
        el("link", rel="stylesheet", href=f"{place.root}c4.css"),
        el("script", src=f"{place.root}c4.js", defer=True),
    )
    body = el(
        "body",
        el("a", "To the content", href="#content", class_="skip"),
        el("header", el("nav", *_way(place), aria_label="Pages of this system" if place.sisters else "Systems")),
        "\n",
        el("main", el("h1", title), *(joined(("\n", part)) for part in content), id="content"),
        "\n",
        el(
            "footer",
            el("p", "Drawn by c4gen from the model and the code. Do not edit: change the model and run ", el("code", "c4gen build"), "."),
        ),
    )
    return f"<!doctype html>\n{el('html', head, body, lang='en')}\n"


def _way(place: Place) -> list[Html]:
    home = [el("a", "All systems", href=f"{place.root}index.html", aria_current=None if place.sisters else "page")]
    links = [el("a", LABELS[file], href=file, aria_current="page" if file == place.file else None) for file in place.sisters]
    return [*home, *([el("strong", place.system)] if place.sisters else []), *links]


def prose(text: str) -> Html:
    """Paragraphs, as empty lines part them."""
    return joined(el("p", " ".join(part.split())) for part in text.split("\n\n") if part.strip())
