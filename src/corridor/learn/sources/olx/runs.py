"""Archives and the runs that they belong to."""

import hashlib
import mimetypes
import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from corridor.learn.catalog.vocabulary import ContentType
from corridor.learn.ingest.records import ContentFileRecord
from corridor.learn.ingest.source import Fetcher, FetchFailed
from corridor.learn.ingest.tar import MOST_UNPACKED, ArchiveRefused

from .course import OlxBlock, OlxCourse, read_courses

log = structlog.get_logger(__name__)
READING = 1  # raised when archives are read differently
_TYPES = {"video": ContentType.VIDEO, "asset": ContentType.FILE}


@dataclass
class RunArchives:
    """The archives of runs below a folder or S3 prefix, found with one listing; of several for a run, the last by name.

    An archive is named after its run or lies in a folder that is; providers write `+`, `-`, `_` and `.` for one another.
    """

    fetcher: Fetcher
    place: str
    by_run: dict[str, str] = field(default_factory=dict)
    known: bool = False  # whether there is a place and it could be listed

    def __post_init__(self) -> None:
        if not self.place:
            return
        try:
            for address in self.fetcher.list(self.place):
                if address.endswith((".tar.gz", ".tgz")):
                    self.by_run.update((folded(name), address) for name in address.split("/")[-2:])
        except FetchFailed as error:
            log.warning("olx_not_listed", place=self.place, reason=str(error))
        else:
            self.known = True

    def of(self, run_ids: Iterable[str]) -> dict[str, Any] | None:
        """What the archives of these runs hold, as JSON-like data by run. None where not all of it is known."""
        if not self.known:
            return None
        found = {}
        for run_id in run_ids:
            if address := self.by_run.get(folded(run_id)):
                try:
                    found[run_id] = self.fetcher.kept(f"olx/{READING}/{self._digest(address)}", lambda: self._course(address))
                except (ArchiveRefused, FetchFailed) as error:
                    log.warning("olx_unreadable", run=run_id, address=address, reason=str(error))
                    return None
        return found

    def _digest(self, address: str) -> str:
        digest, size = hashlib.blake2b(digest_size=16), 0
        with self.fetcher.open(address) as stream:
            while part := stream.read(1 << 20):
                digest.update(part)
                size += len(part)
                if size > MOST_UNPACKED:
                    raise ArchiveRefused(f"unpacks to more than {MOST_UNPACKED >> 20} MB")
        return digest.hexdigest()

    def _course(self, address: str) -> dict[str, Any] | None:
        with self.fetcher.open(address) as stream:
            return next((course.model_dump(mode="json") for course in read_courses(stream)), None)


def run_ids(course: Any, runs: str, field: str) -> list[str]:
    """The ids of the runs in a raw course, whose list of runs and field of the id are named."""
    listed = course.get(runs) if isinstance(course, dict) else None
    named = (run.get(field) for run in (listed if isinstance(listed, list) else ()) if isinstance(run, dict))
    return [name for name in named if isinstance(name, str)]


def folded(name: str) -> str:
    """A run id or file name without what providers write differently."""
    bare = re.sub(r"(\.tar\.gz|\.tgz)$", "", name).removeprefix("course-v1:").removeprefix("course-v1-")
    return re.sub(r"[+\-_./ ]+", ".", bare).casefold()


def content_files(archives: Mapping[str, Any] | None, lms: str = "") -> tuple[ContentFileRecord, ...] | None:
    """Content files of runs from what RunArchives.of gave. `lms` is the address below which runs are taken, such as https://lms.example.org/courses."""
    if archives is None:
        return None
    read = [(run_id, OlxCourse.model_validate(course)) for run_id, course in archives.items() if course]
    return tuple(_content_file(run_id, block, lms) for run_id, course in read for block in course.blocks)


def checksums(archives: Mapping[str, Any] | None) -> dict[str, str]:
    """The checksum of each run's archive."""
    return {
        run_id: str(course["checksum"]) for run_id, course in (archives or {}).items() if isinstance(course, dict) and "checksum" in course
    }


def _content_file(run_id: str, block: OlxBlock, lms: str) -> ContentFileRecord:
    extension = posixpath.splitext(block.path)[1].lower()
    stem = run_id.removeprefix("course-v1:")
    key = f"asset-v1:{stem}+type@asset+block@{block.id}" if block.kind == "asset" else f"block-v1:{stem}+type@{block.kind}+block@{block.id}"
    content_type = ContentType.PDF if extension == ".pdf" else _TYPES.get(block.kind, ContentType.PAGE)
    return ContentFileRecord(
        key=key,
        run_id=run_id,
        uid=block.id if re.fullmatch(r"[0-9a-f]{32}", block.id) else "",
        title=block.title,
        url=f"{lms.rstrip('/')}/{run_id}/jump_to_id/{block.id}" if lms and block.in_tree else "",
        content=block.text,
        content_title=block.title,
        content_language=block.language[:24],
        content_type=content_type,
        file_type=mimetypes.guess_type(block.path)[0] or "",
        file_extension=extension,
        source_path=block.path[-1024:],
        edx_module_id=key,
        youtube_id=block.youtube_id,
    )
