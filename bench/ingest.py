"""How long a catalogue takes from its file to being found: all new, the same again, one record changed. Beside it, rows saved one by one.

    ./corridor bench ingest [--resources 5000 20000 40000] [--rival 500] [--json bench/results/ingest.json]

Each size has a database, a raw store and an index of its own, which are removed afterwards. The catalogue is a file of JSON lines, read by
the generic source with a declared mapping, as `corridor ingest run generic` does: courses with one to three runs, prices, topics,
departments and teachers, and for every nineteen of them a program that names them. A second process indexes meanwhile what the run owes,
as the relay does; embedding is left out. `rows` counts all rows written but those of reports and messages; messages are
also owed by the indexer, for texts to be embedded. The rival takes the same records, validated already, and saves them as Django applications usually do,
with update_or_create per row in one transaction a resource, without documents, messages, reports or raw payloads.
"""

import argparse
import json
import multiprocessing
import os
import platform
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

HOME = Path(tempfile.mkdtemp(prefix="corridor-bench-"))
os.environ["CORRIDOR_HOME"] = str(HOME)
os.environ.setdefault("LOG_LEVEL", "WARNING")

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction

from corridor.embedded import databases, template
from corridor.kit.outbox.lanes import Lane
from corridor.kit.outbox.models import OutboxEvent
from corridor.kit.outbox.receivers import RECEIVERS
from corridor.learn.catalog.documents import TOPIC
from corridor.learn.catalog.models import Department, Instructor, LearningResource, Relationship, Run, RunInstructor, Topic
from corridor.learn.catalog.reference.load import load_reference
from corridor.learn.ingest.actions import run_source
from corridor.learn.ingest.materialise.resources import row as resource_row
from corridor.learn.ingest.models import IngestRun, SourceRecord
from corridor.learn.sources.generic.source import GenericSource, from_file

Json = dict[str, Any]
PART_OF_EACH_PROGRAM = 19
MAPPING = """
source: bench
name: Bench
file: catalogue.jsonl
platform: {code: bench, name: Bench}
offered_by: {code: bench, name: Bench}
key: id
record:
  resource_type: type
  title: title
  description: about
  full_description: more
  url: url
  topics: topics
  departments: department
  course_numbers: number
  prices: prices
  languages: language
  certification: certificate
  delivery: =online
runs:
  each: terms
  fields:
    run_id: id
    title: title
    start_date: start
    end_date: end
    enrollment_start: opens
    level: level
    prices: prices
    instructors: teachers
children: {each: parts, readable_id: value}
"""
# Tables of run reports, and those that the indexer writes.
UNCOUNTED = ("learn_ingestrun", "learn_sourcesetting", "kit_outboxevent", "learn_textvector")
FLUSHED = 1.5  # seconds after which statistics of the other process have arrived
MESSAGES = "SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = 'kit_outboxevent'"
WRITES = "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_user_tables WHERE relname <> ALL(%s)"


@dataclass(frozen=True)
class Vocabulary:
    """What made-up courses are made of."""

    words: list[str]
    people: list[str]
    topics: list[str]
    departments: list[str]


def catalogue(count: int) -> Iterator[Json]:
    """The same every time: `count` resources, every twentieth a program."""
    chance = random.Random(20_000)
    syllables = [first + last for first in "bcdfgklmnprstv" for last in ("a", "e", "io", "ur", "an", "el")]
    words = sorted({"".join(chance.choices(syllables, k=chance.choice((2, 2, 3)))) for _ in range(6000)})
    chance.shuffle(words)
    known = Vocabulary(
        words=words,
        people=[f"{chance.choice(words).title()} {chance.choice(words).title()}" for _ in range(2000)],
        topics=sorted(Topic.objects.values_list("name", flat=True)),
        departments=sorted(Department.objects.values_list("department_id", flat=True)),
    )
    for number in range(count):
        yield _course(number, known, chance) if (number + 1) % (PART_OF_EACH_PROGRAM + 1) else _program(number, known, chance)


def _words(count: int, known: Vocabulary, chance: random.Random) -> str:
    """Words as often as in real texts: few of them make up most."""
    return " ".join(known.words[min(int(chance.paretovariate(0.6)), len(known.words)) - 1] for _ in range(count))


def _resource(number: int, known: Vocabulary, chance: random.Random) -> Json:
    title = _words(chance.randint(3, 8), known, chance).capitalize()
    return {
        "id": f"R{number}",
        "title": title,
        "about": _words(chance.randint(30, 120), known, chance),
        "url": f"https://bench.example/{number}",
        "language": "en",
        "certificate": number % 3 > 0,
    }


def _course(number: int, known: Vocabulary, chance: random.Random) -> Json:
    resource = _resource(number, known, chance)
    department = chance.choice(known.departments)
    return {
        **resource,
        "type": "course",
        "more": _words(chance.randint(0, 150), known, chance),
        "topics": chance.sample(known.topics, k=2),
        "department": department,
        "number": f"{department}.{number}",
        "prices": [0, 49] if number % 2 else [99],
        "terms": [_run(resource, term, known, chance) for term in range(1 + number % 3)],
    }


def _run(resource: Json, term: int, known: Vocabulary, chance: random.Random) -> Json:
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=chance.randint(-400, 400) + 120 * term)
    return {
        "id": f"{resource['id']}+{term}",
        "title": resource["title"],
        "start": start.isoformat(),
        "end": (start + timedelta(days=80)).isoformat(),
        "opens": (start - timedelta(days=60)).isoformat(),
        "level": chance.choice(["undergraduate", "graduate"]),
        "teachers": chance.sample(known.people, k=chance.randint(1, 3)),
    }


def _program(number: int, known: Vocabulary, chance: random.Random) -> Json:
    parts = [f"R{part}" for part in range(number - PART_OF_EACH_PROGRAM, number)]
    return {**_resource(number, known, chance), "type": "program", "topics": chance.sample(known.topics, k=1), "parts": parts}


# --- measuring


@contextmanager
def fresh_database() -> Iterator[None]:
    with databases.scratch("corridor_bench") as name:
        if template.is_usable():
            with databases.connected(name) as database:
                template.load(database)
        with databases.django_on(name):
            call_command("migrate", interactive=False, verbosity=0)
            load_reference("mit")
            yield


def value(statement: str, *parameters: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.fetchone()[0])


def writes() -> int:
    """Rows written so far, those of run reports aside."""
    value("SELECT 1 FROM pg_stat_force_next_flush()")
    value("SELECT 1 FROM pg_stat_clear_snapshot()")
    return value(WRITES, list(UNCOUNTED))


@contextmanager
def indexer() -> Iterator[None]:
    """A process that indexes what waits to be indexed, as the relay does beside a run."""
    processes = multiprocessing.get_context("fork")
    stop = processes.Event()
    connection.close()
    process = processes.Process(target=index_until, args=[stop])
    process.start()
    try:
        yield
    finally:
        stop.set()
        process.join()


def index_until(stop: Event) -> None:
    lane = Lane(RECEIVERS[TOPIC])
    while not stop.is_set():
        if not lane.advance():
            time.sleep(0.02)


def waiting() -> int:
    return OutboxEvent.objects.filter(topic=TOPIC).count()


def step(name: str, source: GenericSource) -> Json:
    """One run, and the time until what it changed is searchable."""
    time.sleep(FLUSHED)
    before, messages, version = writes(), value(MESSAGES), value("SELECT coalesce(max(version), 0) FROM learn_resourcedocument")
    began, busy = time.perf_counter(), time.process_time()
    run = run_source(source)
    ingested, busy = time.perf_counter() - began, time.process_time() - busy
    while waiting():
        time.sleep(0.02)
    searchable = time.perf_counter() - began
    assert run.status == IngestRun.Status.SUCCEEDED, run.error
    return {
        "step": name,
        "seconds": round(searchable, 2),
        "ingest seconds": round(ingested, 2),
        "of it busy in Python": round(busy, 2),
        "load": round(os.getloadavg()[0], 1),
        "created": run.created,
        "changed": run.changed,
        "unchanged": run.unchanged,
        "rows written": writes() - before,  # looks anew, so that the numbers below are of now
        "documents": value("SELECT count(*) FROM learn_resourcedocument WHERE version > %s", version),
        "messages": value(MESSAGES) - messages,
    }


def measure(count: int, rival: int) -> list[Json]:
    folder = HOME / str(count)
    folder.mkdir()
    (folder / "bench.yaml").write_text(MAPPING)
    shutil.rmtree(HOME / "index", ignore_errors=True)
    with fresh_database():
        lines = [json.dumps(each) for each in catalogue(count)]
        source = from_file(folder / "bench.yaml")
        file = folder / "catalogue.jsonl"
        file.write_text("\n".join(lines))
        with indexer():
            rows = [step("all new", source), step("the same again", source)]
            lines[1] = json.dumps({**json.loads(lines[1]), "title": "Renamed"})
            file.write_text("\n".join(lines))
            rows.append(step("one changed", source))
        made = {"runs": Run.objects.count(), "teachers": RunInstructor.objects.count(), "relations": Relationship.objects.count()}
        records = list(SourceRecord.objects.order_by("id").values_list("record", flat=True)[: min(rival, count)])
    for row in rows:
        row |= {"resources": count, **made}
    return rows + (measure_rival(records, count) if rival else [])


# --- the rival


def measure_rival(records: list[Json], count: int) -> list[Json]:
    """Rows saved one by one, for some of the records; times are scaled to all."""
    with fresh_database():
        reference = {topic.name: topic for topic in Topic.objects.all()}
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO learn_platform (code, name, url, is_edx, has_content_files) VALUES ('bench', 'Bench', '', false, false)"
            )
        rows = []
        for name in ("all new", "the same again"):
            began = time.perf_counter()
            for record in records:
                save(record, reference)
            scaled = (time.perf_counter() - began) * count / len(records)
            rows.append({"step": f"row by row: {name}", "seconds": round(scaled, 2), "resources": count, "measured on": len(records)})
    return rows


@transaction.atomic
def save(record: Json, topics: dict[str, Topic]) -> None:
    """One resource with its runs, teachers, topics, departments and parts."""
    columns = {
        name: each
        for name, each in resource_row(record).items()
        if name not in ("offered_by_id", "platform_id", "readable_id", "resource_type")
    }
    resource, _ = LearningResource.objects.update_or_create(
        platform_id="bench", readable_id=record["readable_id"], resource_type=record["resource_type"], defaults=columns
    )
    resource.topics.set([topics[name] for name in record.get("topics", ())])
    resource.departments.set(Department.objects.filter(department_id__in=record.get("departments", ())))
    for run in record.get("runs", ()):
        facts = {name: run[name] for name in ("title", "start_date", "end_date", "enrollment_start", "level") if name in run}
        saved, _ = Run.objects.update_or_create(resource=resource, run_id=run["run_id"], defaults=facts)
        for position, person in enumerate(run.get("instructors", ())):
            teacher, _ = Instructor.objects.get_or_create(full_name=person["full_name"])
            RunInstructor.objects.update_or_create(run=saved, instructor=teacher, defaults={"position": position})
    for position, child in enumerate(record.get("children", ())):
        part = LearningResource.objects.filter(readable_id=child["readable_id"], resource_type="course").first()
        if part:
            Relationship.objects.update_or_create(
                parent=resource, child=part, relation_type="PROGRAM_COURSES", defaults={"position": position}
            )


# --- the report


def show(rows: list[Json]) -> None:
    ours = {(row["resources"], row["step"]): row["seconds"] for row in rows}
    print(
        f"{'resources':>9}  {'step':<28}{'searchable':>10}{'ingest':>10}{'Python':>10}{'load':>10}{'rows':>10}{'documents':>10}{'messages':>10}  slower than ours"
    )
    for row in rows:
        own = ours.get((row["resources"], row["step"].removeprefix("row by row: ")))
        ratio = f"{row['seconds'] / own:.0f} ×" if "measured on" in row and own else ""
        cells = [
            row.get(name, "")
            for name in ("seconds", "ingest seconds", "of it busy in Python", "load", "rows written", "documents", "messages")
        ]
        print(f"{row['resources']:>9}  {row['step']:<28}{''.join(f'{cell:>10}' for cell in cells)}  {ratio}")


def machine() -> Json:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "load": os.getloadavg(),
        "platform": platform.platform(),
        "python": platform.python_version(),
        "django": django.__version__,
        "postgresql": value("SELECT current_setting('server_version_num')::int"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--resources", type=int, nargs="+", default=[5_000, 20_000, 40_000])
    parser.add_argument("--rival", type=int, default=500, help="records that the rival saves; 0 leaves it out")
    parser.add_argument("--json", type=Path, help="write the figures with the machine and versions to this file")
    options = parser.parse_args()
    try:
        rows = [row for count in options.resources for row in measure(count, options.rival)]
    finally:
        shutil.rmtree(HOME, ignore_errors=True)
    show(rows)
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps({"machine": machine(), "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
