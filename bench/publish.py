"""How long it takes to publish resources: all new, unchanged, one changed, a price changed in each.

    ./corridor bench publish [--resources 20000] [--json FILE]

Everything happens in one transaction on the database of DATABASE_URL and is rolled back.
"""

import argparse
import json
import os
import platform
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import django
import psycopg

django.setup()

from django.db import connection, transaction

from corridor.learn.catalog.documents import Published, publish
from corridor.learn.catalog.models import (
    ContentTag,
    Instructor,
    LearningResource,
    Offeror,
    Platform,
    Relationship,
    Run,
    RunInstructor,
    Topic,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PARAGRAPH = "A course on the ideas and the methods of its subject, with problems that show where they hold and where they fail. " * 6


def make_catalogue(count: int) -> list[int]:
    """Courses with one or two runs, two topics, a tag and an instructor each; one program for every twenty."""
    home = Platform.objects.create(code="bench", name="Bench")
    unit = Offeror.objects.create(code="bench", name="Bench")
    topics = Topic.objects.bulk_create(Topic(name=f"Bench topic {number}") for number in range(100))
    tags = ContentTag.objects.bulk_create(ContentTag(name=f"Bench feature {number}") for number in range(30))
    people = Instructor.objects.bulk_create(Instructor(full_name=f"Bench Person {number}") for number in range(2000))
    resources = LearningResource.objects.bulk_create(_resource(number, home, unit) for number in range(count))
    runs = Run.objects.bulk_create(_run(resource, number) for resource in resources for number in range(1 + resource.pk % 2))
    RunInstructor.objects.bulk_create(RunInstructor(run=run, instructor=people[run.pk % len(people)]) for run in runs)
    for through, name, rows in (
        (LearningResource.topics.through, "topic", topics),
        (LearningResource.content_tags.through, "contenttag", tags),
    ):
        links = [
            (resource, rows[(resource.pk * step) % len(rows)]) for resource in resources for step in ((1, 7) if name == "topic" else (1,))
        ]
        through.objects.bulk_create((through(learningresource=resource, **{name: row}) for resource, row in links), ignore_conflicts=True)
    parents, children = resources[::20], [resource for index, resource in enumerate(resources) if index % 20]
    Relationship.objects.bulk_create(
        Relationship(parent=parents[index // 19], child=child, relation_type="PROGRAM_COURSES", position=index % 19)
        for index, child in enumerate(children)
    )
    return [resource.pk for resource in resources]


def _resource(number: int, home: Platform, unit: Offeror) -> LearningResource:
    kind = "course" if number % 20 else "program"
    return LearningResource(
        readable_id=f"bench+{number}",
        title=f"Bench resource {number}",
        description=PARAGRAPH,
        resource_type=kind,
        resource_category=kind.title(),
        platform=home,
        offered_by=unit,
        url=f"https://example.org/{number}",
        certification=True,
        certification_type="completion",
        details={
            "course_numbers": [{"value": f"6.{number}", "department": None, "listing_type": "primary", "sort_coursenum": f"06.{number}"}]
        },
    )


def _run(resource: LearningResource, number: int) -> Run:
    start = NOW + timedelta(days=(resource.pk * 13) % 700 - 350 + 90 * number)
    return Run(
        resource=resource,
        run_id=f"{resource.readable_id}+{number}",
        title=resource.title,
        start_date=start,
        end_date=start + timedelta(days=80),
        enrollment_start=start - timedelta(days=60),
        resource_prices=[{"amount": "0.00", "currency": "USD"}, {"amount": "49.00", "currency": "USD"}],
        level=["undergraduate"],
        delivery=["online"],
    )


def timed(label: str, act: Callable[[], Published], results: list[dict[str, object]]) -> None:
    before, cpu = time.perf_counter(), time.process_time()
    done = act()
    row = {
        "step": label,
        "seconds": round(time.perf_counter() - before, 3),
        "of it in Python": round(time.process_time() - cpu, 3),
        "changed": len(done.changed),
        "unchanged": len(done.unchanged),
    }
    results.append(row)
    print("  ".join(f"{name}: {value}" for name, value in row.items()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--resources", type=int, default=20_000)
    parser.add_argument("--json", help="write the figures with the machine and versions to this file")
    options = parser.parse_args()
    results: list[dict[str, object]] = []
    with transaction.atomic():
        ids = make_catalogue(options.resources)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        timed("everything new", lambda: publish(ids, now=NOW), results)
        timed("the same again", lambda: publish(ids, now=NOW), results)
        LearningResource.objects.filter(pk=ids[1]).update(title="Renamed")
        timed("one renamed", lambda: publish([ids[1]], now=NOW), results)
        LearningResource.objects.filter(pk__in=ids).update(professional=True)
        timed("everything changed", lambda: publish(ids, now=NOW), results)
        transaction.set_rollback(True)
    if options.json:
        machine = {"cores": os.cpu_count(), "load": os.getloadavg(), "python": platform.python_version(), "psycopg": psycopg.__version__}
        with open(options.json, "w") as file:
            json.dump({"machine": machine, "resources": options.resources, "results": results}, file, indent=1)


if __name__ == "__main__":
    main()
