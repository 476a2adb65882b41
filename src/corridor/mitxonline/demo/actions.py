"""Loading the demo, and bringing its dates up to this week."""

from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from corridor.kit import clock
from corridor.mitxonline.catalog import documents, importing
from corridor.mitxonline.catalog.importing import Loaded
from corridor.mitxonline.catalog.models import BlockedCountry, Course, Program, ProgramCollection, ProgramCollectionItem, RelatedProgram

from . import rules

CATALOGUE = Path(__file__).with_name("catalogue.yaml")


@transaction.atomic
def load_demo() -> Loaded:
    """Repeated in the same week it writes nothing."""
    documents.take_turn()
    told = yaml.load(CATALOGUE.read_bytes(), Loader=yaml.CSafeLoader)
    loaded = importing.load([rules.payloads(told, clock.now())])
    programs = _programs(told)
    for entry in told["collections"]:
        _collect(entry, programs)
    for pair in told["related"]:
        first, second = sorted(programs[code] for code in pair)
        RelatedProgram.objects.get_or_create(first_id=first, second_id=second)
    for entry in told["courses"]:
        course = Course.objects.get(readable_id=rules.COURSE.format(entry["number"]))
        for country in entry.get("blocked", ()):
            BlockedCountry.objects.get_or_create(course=course, country=country)
    documents.publish(programs=list(programs.values()))
    return loaded


def _programs(told: Any) -> dict[str, int]:
    ours = dict(Program.objects.values_list("readable_id", "id"))
    return {entry["code"]: ours[rules.PROGRAM.format(entry["code"])] for entry in told["programs"]}


def _collect(entry: Any, programs: dict[str, int]) -> None:
    """A collection that is there keeps what staff put into it."""
    shelf, made = ProgramCollection.objects.get_or_create(title=entry["title"], defaults={"description": entry["description"]})
    if made:
        for position, code in enumerate(entry["programs"]):
            ProgramCollectionItem.objects.create(collection=shelf, program_id=programs[code], position=position)


def is_empty() -> bool:
    return not (Course.objects.exists() or Program.objects.exists())
