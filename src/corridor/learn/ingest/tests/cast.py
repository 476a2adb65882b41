"""The cast of the pipeline's tests: sources that give what they are told, and what the catalogue then holds."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from corridor.learn.catalog.models import Department, LearningResource, Offeror, Platform, Topic, TopicMapping
from corridor.learn.ingest.actions import Wish, run_source
from corridor.learn.ingest.models import IngestRun
from corridor.learn.ingest.records import ResourceRecord
from corridor.learn.ingest.source import Fetcher, Gap, RawRecord, Rejected, Skip

Json = dict[str, Any]


@dataclass
class Given:
    """A source whose payloads are records already. `reject` and `skip` in a payload do what they say; an exception is raised."""

    code: str = "alpha"
    payloads: list[Any] = field(default_factory=list)
    name: str = "Alpha"
    precedence: int = 10
    mapping_revision: int | str = 1
    schedule: str = ""
    complete: bool = True
    address: str = ""
    mapped: int = 0

    def fetch(self, fetcher: Fetcher) -> Iterator[RawRecord | Gap]:
        for payload in self.payloads:
            if isinstance(payload, Exception):
                raise payload
            yield payload if isinstance(payload, Gap | RawRecord) else RawRecord(payload["key"], "course", payload)

    def map(self, raw: RawRecord) -> ResourceRecord:
        self.mapped += 1
        if "reject" in raw.data:
            raise Rejected(raw.data["reject"])
        if "skip" in raw.data:
            raise Skip(raw.data["skip"])
        if "crash" in raw.data:
            raise KeyError(raw.data["crash"])
        return ResourceRecord.model_validate({name: value for name, value in raw.data.items() if name != "noise"})


def course(key: str, **fields: Any) -> Json:
    """A course as a payload."""
    return {"key": key, "readable_id": key, "resource_type": "course", "platform": "ocw", "title": f"Course {key}", **fields}


def reference_data() -> None:
    """What the payloads name."""
    for code, is_edx in (("ocw", False), ("edx", True), ("mitxonline", True)):
        Platform.objects.get_or_create(code=code, defaults={"name": code.upper(), "is_edx": is_edx})
    unit, _ = Offeror.objects.get_or_create(code="unit", defaults={"name": "Unit"})
    Department.objects.get_or_create(department_id="6", defaults={"name": "Electrical Engineering"})
    science, _ = Topic.objects.get_or_create(name="Science")
    physics, _ = Topic.objects.get_or_create(name="Physics", defaults={"parent": science})
    TopicMapping.objects.get_or_create(topic=physics, offeror=unit, topic_name="Natural Philosophy")


def read(source: Given, *payloads: Any, **wishes: Any) -> IngestRun:
    """Have a source give these payloads, and read it."""
    source.payloads = list(payloads)
    return run_source(source, Wish(**wishes))


def resource(readable_id: str) -> LearningResource:
    return LearningResource.objects.get(readable_id=readable_id)


def titles() -> set[str]:
    """Titles of everything that is public."""
    return set(LearningResource.objects.filter(published=True).values_list("title", flat=True))
