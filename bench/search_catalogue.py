"""The catalogues of the shared data as documents of an index, and larger ones drawn from the same distribution."""

import gzip
import json
import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from corridor.search import Document, IndexDefinition, Keyword, Sort, Text
from corridor.search.definition import Analysis

CATALOGUE = Path(os.environ.get("CORRIDOR_SHARED") or Path(__file__).parents[2] / "shared") / "data" / "catalog"
FACETS = ("provider", "topic", "level", "year", "kind", "free", "language", "medium")
DEFINITION = IndexDefinition(
    name="bench",
    texts=(
        Text("title", title=True, highlight=True, semantic=0.45),
        Text("description", highlight=True, semantic=0.55),
        Text("people", weight=1.5, analysis=Analysis.NAMES),
        Text("numbers", analysis=Analysis.CODES),
    ),
    keywords=tuple(Keyword(name) for name in FACETS),
    sorts=(Sort("title", "title"), Sort("newest", "year", descending=True)),
    browse="newest",
)
# file: title, description, people, numbers, topic, level, year, kind
_COLUMNS = {
    "ocw_courses": ("title", "description", "instructors", "course_number", "topics", "", "year", ""),
    "mit_subjects": ("name", "description", "inCharge", "number oldNumber", "hass", "level", "last_seen_term", ""),
    "mit_subject_offerings": ("name", "", "instructors", "number", "", "level", "term", ""),
    "uiuc_courses": ("name", "description", "", "number", "subject", "", "", ""),
    "third_party/edx_courses_2021": ("title", "course_description", "instructors", "", "subject", "Level", "", "course_type"),
    "third_party/coursera_2023": ("course_title", "course_description", "", "", "course_organization", "", "", ""),
    "third_party/udemy_2017": ("course_title", "", "", "", "subject", "level", "", ""),
    "third_party/udacity": ("title", "description", "", "", "", "level", "", ""),
    "third_party/tutorialbank_resources_2023": ("title", "", "author", "", "venue", "", "year", "medium"),
}


def catalogue() -> list[Document]:
    """Every record of every catalogue."""
    return [_document(id, name, record) for id, (name, record) in enumerate(_records(), 1)]


def _records() -> Iterator[tuple[str, dict[str, Any]]]:
    for name in _COLUMNS:
        with gzip.open(CATALOGUE / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
            yield from ((name, json.loads(line)) for line in file)


def _document(id: int, name: str, record: dict[str, Any]) -> Document:
    title, description, people, numbers, topics, level, year, kind = (
        [str(value) for value in _values(record, path)] for path in _COLUMNS[name]
    )
    keywords = {
        "provider": [name.rpartition("/")[2]],
        "topic": topics,
        "level": level,
        "year": year,
        "kind": kind or ["course"],
        "free": ["yes" if id % 3 else "no"],
        "language": [record.get("language") or "English"],
        "medium": ["video" if id % 4 else "text"],
    }
    body = {"id": id, "title": title, "description": description, "people": people, **keywords}
    texts = {"title": title, "description": description, "people": people, "numbers": numbers}
    return Document(id, 1, texts, keywords, {"title": " ".join(title), "year": " ".join(year)}, json.dumps(body).encode())


def _values(record: dict[str, Any], columns: str) -> Iterator[Any]:
    for column in columns.split():
        value = record.get(column)
        yield from (each for each in (value if isinstance(value, list) else [value]) if each)


def grown(real: Sequence[Document], count: int) -> Iterator[Document]:
    """So many documents whose titles, sentences and keywords are drawn from real ones."""
    draw = random.Random(count)
    described = [each for each in real if each.texts["description"]]
    sentences = [sentence for each in described for sentence in " ".join(each.texts["description"]).split(". ")]
    for id in range(1, count + 1):
        like, other = draw.choice(real), draw.choice(real)
        title = f"{' '.join(like.texts['title'])} {draw.choice(' '.join(other.texts['title']).split() or ['Course'])}"
        description = ". ".join(draw.choice(sentences) for _ in range(draw.randrange(7))) if like.texts["description"] else ""
        body = json.dumps({"id": id, "title": title, "description": description}).encode()
        yield replace(like, id=id, texts={**like.texts, "title": title, "description": description}, body=body)


def questions(documents: Sequence[Document], count: int = 1_000) -> list[str]:
    """One to four words of titles: the beginning, or any of them; a tenth are course numbers."""
    draw = random.Random(7)
    found: dict[str, None] = {}
    while len(found) < count:
        texts = draw.choice(documents).texts
        words, numbers = " ".join(texts["title"]).split(), texts["numbers"]
        size = draw.choice((1, 2, 2, 3, 4))
        if numbers and draw.random() < 0.2:
            found[numbers[0]] = None
        elif words:
            found[" ".join(words[:size] if draw.random() < 0.6 else draw.sample(words, min(size, len(words))))] = None
    return list(found)
