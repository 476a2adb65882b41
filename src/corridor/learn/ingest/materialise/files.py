"""Content files of resources and their runs."""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import md5

from corridor.learn.catalog.vocabulary import ResourceType
from corridor.learn.content.models import ContentFile
from corridor.learn.ingest.merge import Json, identity
from corridor.learn.ingest.sql import Table, defaults, fetch

from .parts import resources_named

SAID = (
    "uid", "title", "description", "url", "image_src", "content", "content_title", "content_author", "content_language", "content_type",
    "content_tags", "file_type", "file_extension", "source_path", "edx_module_id", "youtube_id", "duration",
)  # fmt: skip
VERSION = "nextval('learn_document_version')"
FILES = Table(
    "learn_contentfile",
    key=("resource_id", "run_id", "key"),
    columns=(*SAID, "direct_resource_id", "checksum", "published"),
    stamps={"version": VERSION, "updated_on": "now()"},
    first={"summary": "''", "flashcards": "'[]'"},
)
_BLANK = defaults(ContentFile, SAID)
MADE_OF_FILES = (ResourceType.DOCUMENT, ResourceType.VIDEO)
GONE = f"""
    UPDATE learn_contentfile SET published = false, version = {VERSION}, updated_on = now()
    WHERE resource_id = ANY(%s) AND published AND NOT EXISTS (
        SELECT FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS given (resource, run, key)
        WHERE given.resource = resource_id AND given.run IS NOT DISTINCT FROM run_id AND given.key = learn_contentfile.key)
    RETURNING resource_id
"""  # noqa: S608 - VERSION is a constant


def write(records: Mapping[int, Json]) -> set[int]:
    """Write the files of resources; those that are not given any more are hidden. Gives the resources for which something differs."""
    telling = {id: record for id, record in records.items() if "content_files" in record}
    if not telling:
        return set()
    runs = {
        (resource, name): id
        for id, resource, name in fetch("SELECT id, resource_id, run_id FROM learn_run WHERE resource_id = ANY(%s)", [list(telling)])
    }
    made = resources_named({name for record in telling.values() for file in record["content_files"] for name in _names(file, record)})
    touched = {id for (id,) in FILES.upsert(_rows(telling, runs, made), returning=["resource_id"])}
    keys = [(id, runs.get((id, file.get("run_id", ""))), file["key"]) for id, record in telling.items() for file in record["content_files"]]
    return touched | {id for (id,) in fetch(GONE, [list(telling), *([key[place] for key in keys] for place in range(3))])}


def _rows(records: Mapping[int, Json], runs: Mapping[tuple[int, str], int], made: Mapping[str, int]) -> Iterator[Json]:
    written = set()
    for id, record in records.items():
        for file in record["content_files"]:
            name = (id, runs.get((id, file.get("run_id", ""))), file["key"])
            if name in written:
                continue
            written.add(name)
            yield {
                **_BLANK,
                **{name: file[name] for name in SAID if name in file},
                "resource_id": id,
                "run_id": name[1],
                "key": file["key"],
                "direct_resource_id": next((made[name] for name in _names(file, record) if name in made), None),
                "checksum": md5(file.get("content", "").encode(), usedforsecurity=False).hexdigest(),
                "published": True,
            }


def _names(file: Json, record: Json) -> Iterable[str]:
    """Identities that the resource made of this file may have."""
    if made := file.get("direct_resource"):
        return [identity(record["platform"], kind, made) for kind in MADE_OF_FILES]
    return []
