import hashlib
import json
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from pydantic import BaseModel, ValidationError

from corridor.learn.ingest.listing import is_web
from corridor.learn.ingest.parsing.addresses import path_of
from corridor.learn.ingest.parsing.file_text import READABLE, decoded, file_text
from corridor.learn.ingest.parsing.markdown import html_text
from corridor.learn.ingest.records import ResourceRecord
from corridor.learn.ingest.source import Fetcher, FetchFailed, Gap, RawRecord

from . import hugo, parsed
from .mapping import to_record
from .materials import documents, galleries, material_id, videos
from .payloads import CourseTree, Page, Resource
from .tree import HUGO, PUBLISHED, Loose, Tree, find, unpacked

log = structlog.get_logger(__name__)
READING = 1  # raised when files are read differently
CAPTIONS = ("_webvtt", ".webvtt", ".vtt", ".srt")


@dataclass
class OpenCourseware:
    """Courses with their pages, files and videos, from a folder, an S3 prefix or the site itself.

    A folder may hold published trees (`<course>/data.json`), OCW Studio's trees (`data/course.json`), tar archives of
    either, and the older files of one course each.
    """

    code: str = "ocw"
    name: str = "MIT OpenCourseWare"
    mapping_revision: int | str = 2
    schedule: str = "0 2 * * *"
    precedence: int = 30
    complete: bool = True
    reference_set: str = "mit"
    address: str = "https://ocw.mit.edu/"
    site: str = "https://ocw.mit.edu/"  # where people read the courses

    def fetch(self, fetcher: Fetcher) -> Iterator[RawRecord | Gap]:
        found = False
        people = instructors(fetcher, self.address)
        for part in find(fetcher, self.address):
            if isinstance(part, Gap):
                yield part
            elif isinstance(part, Tree):
                found = True
                yield from read_course(fetcher, part, people)
            elif records := list(read_loose(part)):
                found = True
                yield from records
        if not found:
            raise FetchFailed(f"no course lies at {self.address}")

    def map(self, raw: RawRecord) -> ResourceRecord:
        return to_record(raw, self.site)


def read_course(fetcher: Fetcher, tree: Tree, people: Mapping[str, Any]) -> Iterator[RawRecord | Gap]:
    """The course and its materials; where a file of it cannot be fetched, a gap in place of the whole."""
    prefix = f"{tree.name}/"
    try:
        if HUGO in tree.paths:
            prefix = ""  # the name of the course is told only by what is read
            data, unreadable = hugo.read_tree(tree.name, tree.paths, tree.read, people)
            prefix = f"{data['slug']}/"
        else:
            data, unreadable = read_published(tree)
        data["texts"] = texts(fetcher, tree, data["resources"]) if tree.beside else {}
    except FetchFailed as error:
        yield Gap(prefix, str(error))
        return
    except (ValueError, RecursionError) as error:
        yield Gap(prefix, f"the data of {tree.name} cannot be read: {error}")
        return
    yield from raw_records(data, unreadable)


def read_published(tree: Tree) -> tuple[dict[str, Any], dict[str, str]]:
    """A tree of `data.json` files, and what could not be read of it with the reason."""
    pages: dict[str, Any] = {}
    resources: dict[str, Any] = {}
    unreadable: dict[str, str] = {}
    for path in sorted(path for path in tree.paths if path.endswith(f"/{PUBLISHED}")):
        place = posixpath.dirname(path)
        try:
            entry = json.loads(tree.read(path))
        except (ValueError, RecursionError) as error:
            unreadable[path] = f"no JSON: {error}"
            continue
        if not isinstance(entry, dict):
            unreadable[path] = "no object"
        elif entry.get("content_type") == "resource" or place.startswith("resources/"):
            resources[place] = entry
        elif entry.get("content_type") in ("page", "video_gallery", None):
            pages[place] = {**entry, "videos": uids(entry.get("videos"))}
    return {"slug": tree.name, "course": json.loads(tree.read(PUBLISHED)), "pages": pages, "resources": resources}, unreadable


def uids(value: Any) -> list[str]:
    """What a gallery shows: uids alone, in an object with `content`, or in objects with a uid."""
    content = value.get("content") if isinstance(value, dict) else value
    named = (each.get("uid") if isinstance(each, dict) else each for each in (content if isinstance(content, list) else ()))
    return [uid for uid in named if isinstance(uid, str)]


def set_aside(entries: dict[str, Any], shape: type[BaseModel]) -> dict[str, str]:
    """Take out the entries that have not the shape, so that one of them does not cost the course; the reasons by path."""
    reasons = {}
    for path, entry in list(entries.items()):
        try:
            shape.model_validate(entry)
        except ValidationError as error:
            first = error.errors()[0]
            reasons[path] = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
            del entries[path]
    return reasons


def texts(fetcher: Fetcher, tree: Tree, resources: Mapping[str, Any]) -> dict[str, Any]:
    """The words of those files and transcripts that lie in the tree, by the path of their resource."""
    beside = {posixpath.basename(path): path for path in tree.paths if not path.endswith((PUBLISHED, ".md"))}
    found = {}
    for place, entry in resources.items():
        for name in file_names(entry):
            if name in beside:
                found[place] = read_text(fetcher, name, tree.read(beside[name]))
                if found[place]["text"]:
                    break
    return found


def file_names(entry: Mapping[str, Any]) -> list[str]:
    """Names of the files that hold a resource's words: a video's captions before its printed transcript, else its own file."""
    files = entry.get("video_files")
    spoken = [files.get(field) for field in ("video_captions_file", "video_transcript_file")] if isinstance(files, dict) else []
    named = (posixpath.basename(path_of(each)) for each in (*spoken, entry.get("file")) if isinstance(each, str) and each)
    return [name for name in named if name.lower().endswith(READABLE + CAPTIONS)]


def read_text(fetcher: Fetcher, name: str, data: bytes) -> dict[str, str]:
    kind = "captions.vtt" if name.lower().endswith(CAPTIONS) else f"file{posixpath.splitext(name)[1].lower()}"

    def read() -> dict[str, str]:
        text, note = file_text(kind, data)
        return {"text": text, "note": note}

    digest = hashlib.blake2b(data, digest_size=16).hexdigest()
    kept: dict[str, str] = fetcher.kept(f"text/{READING}/{kind}/{digest}", read)
    if kept["note"]:
        log.info("file_not_read", file=name, note=kept["note"])
    return kept


def read_loose(part: Loose) -> Iterator[RawRecord | Gap]:
    """A course in a file of its own; other files are told of, or passed over where they are no course's."""
    try:
        document = json.loads(part.read())
    except (FetchFailed, ValueError, RecursionError) as error:
        yield Gap("", f"{part.name}: {error}")
        return
    if parsed.is_parsed(document):
        data = parsed.read_document(document)
        data["texts"] = {path: {"text": html_text(entry["text"])} for path, entry in data["texts"].items()}
        data["slug"] = data["slug"] if isinstance(data["slug"], str) and data["slug"] else part.name
        yield from raw_records(data, {})
    elif isinstance(document, dict) and "_classname" in document:
        yield RawRecord(f"plone:{part.name}", "plone", {"class": document["_classname"], "uid": document.get("_uid")})


def raw_records(data: dict[str, Any], unreadable: dict[str, str]) -> Iterator[RawRecord]:
    """The course, and each of its materials with what it has from the course."""
    slug = data["slug"]
    unreadable = unreadable | set_aside(data["pages"], Page) | set_aside(data["resources"], Resource)
    if unreadable:
        log.warning("ocw_files_left_out", course=slug, files=unreadable)
    yield RawRecord(f"{slug}/", "course", data)
    try:
        tree = CourseTree.model_validate(data)
    except ValidationError:
        return  # the mapping says why
    told = {"slug": slug, "course": data["course"]}
    for kind, places in (("document", dict(documents(tree))), ("video", videos(tree))):
        for path in places:
            material = {**told, "path": path, "resource": data["resources"][path], "text": data.get("texts", {}).get(path, {})}
            yield RawRecord(f"{slug}/{path}", kind, material)
    for path, (page, shown) in galleries(tree).items():
        ids = [material_id(tree.course, slug, each) for each in shown]
        yield RawRecord(f"{slug}/{path}#videos", "playlist", {**told, "path": path, "title": page.title, "videos": ids})


def instructors(fetcher: Fetcher, place: str) -> dict[str, Any]:
    """Instructors by uid, from lists of one a line beside the courses; OCW Studio's trees only name uids."""
    if is_web(place):
        return {}
    known: dict[str, Any] = {}
    for address in fetcher.list(place):
        if address.endswith((".jsonl", ".jsonl.gz")):
            lines = decoded(unpacked(fetcher, address)).splitlines()
            known.update((entry["uid"], entry) for line in lines if (entry := person(line)))
    return known


def person(line: str) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return entry if isinstance(entry, dict) and isinstance(entry.get("uid"), str) and "last_name" in entry else None
