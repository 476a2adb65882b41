"""Runs of resources, and who teaches them."""

from collections.abc import Iterable, Mapping
from typing import Any

from corridor.learn.catalog.models import Run
from corridor.learn.ingest.merge import Json
from corridor.learn.ingest.sql import Table, defaults, execute, fetch

from .resources import OFFERING, SHAPED, offering

OWN = (
    "is_b2b",
    "is_variant",
    "level",
    "slug",
    "semester",
    "year",
    "start_date",
    "end_date",
    "enrollment_start",
    "enrollment_end",
    "checksum",
)
RUNS = Table(
    "learn_run",
    key=("resource_id", "run_id"),
    columns=(*OFFERING, *SHAPED, *OWN),
    stamps={"updated_on": "now()"},
    first={"archive_key": "''"},
)
TEACHING = Table("learn_runinstructor", key=("run_id", "instructor_id"), columns=("position",))
_BLANK = defaults(Run, (*OFFERING, *SHAPED, *OWN))

UNPUBLISH = """
    UPDATE learn_run SET published = false, updated_on = now()
    FROM learn_learningresource AS resource
    WHERE resource.id = resource_id AND resource.id = ANY(%s) AND learn_run.published AND NOT resource.test_mode
    AND NOT EXISTS (SELECT FROM unnest(%s::bigint[], %s::text[]) AS given (resource, run) WHERE given.resource = resource_id AND given.run = run_id)
    RETURNING resource_id
"""
IDS = """
    SELECT learn_run.id, resource_id, run_id FROM learn_run
    JOIN unnest(%s::bigint[], %s::text[]) AS given (resource, run) ON resource_id = given.resource AND run_id = given.run
"""
# First and last names are taken from the first source that knows them.
MEET = """
    INSERT INTO learn_instructor AS known (full_name, first_name, last_name)
    SELECT * FROM unnest(%s::text[], %s::text[], %s::text[]) AS named (full_name, first_name, last_name)
    WHERE NOT EXISTS (
        SELECT FROM learn_instructor AS old WHERE old.full_name = named.full_name AND (old.last_name <> '' OR named.last_name = ''))
    ON CONFLICT (full_name) DO UPDATE SET first_name = excluded.first_name, last_name = excluded.last_name
"""
PEOPLE = "SELECT full_name, id FROM learn_instructor WHERE full_name = ANY(%s)"
LEAVE = """
    DELETE FROM learn_runinstructor USING learn_run AS run
    WHERE run.id = learn_runinstructor.run_id AND run.id = ANY(%s)
    AND NOT EXISTS (SELECT FROM unnest(%s::bigint[], %s::bigint[]) AS given (run, person) WHERE given.run = run.id AND given.person = instructor_id)
    RETURNING run.id
"""


def write(records: Mapping[int, Json]) -> set[int]:
    """Write the runs of resources; those that are not given any more are hidden. Gives the resources for which something differs."""
    given = [(id, run["run_id"]) for id, record in records.items() for run in record.get("runs", ())]
    resources, names = [id for id, _ in given], [name for _, name in given]
    touched = {id for (id,) in RUNS.upsert(_rows(records), returning=["resource_id"])}
    touched |= {id for (id,) in fetch(UNPUBLISH, [list(records), resources, names])}
    ids = {(resource, name): id for id, resource, name in fetch(IDS, [resources, names])}
    taught = {ids[id, run["run_id"]]: run.get("instructors", ()) for id, record in records.items() for run in record.get("runs", ())}
    changed = _write_teaching(taught)
    return touched | {resource for (resource, _), run in ids.items() if run in changed}


def _rows(records: Mapping[int, Json]) -> Iterable[dict[str, Any]]:
    for id, record in records.items():
        for run in record.get("runs", ()):
            yield {**_BLANK, **offering(run, (*OFFERING, *OWN)), "resource_id": id, "run_id": run["run_id"]}


def _write_teaching(taught: Mapping[int, Iterable[Json]]) -> set[int]:
    """Who teaches each run, in order. Gives the runs for which it differs."""
    everyone = sorted((person for persons in taught.values() for person in persons), key=lambda person: bool(person.get("last_name")))
    ids = _meet({person["full_name"]: person for person in everyone})
    order = {run: {ids[person["full_name"]]: None for person in persons} for run, persons in taught.items()}
    rows = [{"run_id": run, "instructor_id": id, "position": place} for run, persons in order.items() for place, id in enumerate(persons)]
    changed = {run for (run,) in TEACHING.upsert(rows, returning=["run_id"])}
    return changed | {
        run for (run,) in fetch(LEAVE, [list(taught), [row["run_id"] for row in rows], [row["instructor_id"] for row in rows]])
    }


def _meet(people: Mapping[str, Json]) -> dict[str, int]:
    """Ids of people by full name; unknown ones are made."""
    if not people:
        return {}
    persons = [people[name] for name in sorted(people)]
    names = [[each.get(part, "") for each in persons] for part in ("full_name", "first_name", "last_name")]
    execute(MEET, names)
    return dict(fetch(PEOPLE, [list(people)]))
