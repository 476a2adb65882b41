"""The tree of an OLX course, walked from course.xml in the order in which learners meet it."""

import hashlib
import io
import json
import posixpath
from collections.abc import Iterator
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from corridor.learn.ingest.parsing.file_text import decoded, file_text
from corridor.learn.ingest.tar import ArchiveRefused, files
from corridor.learn.ingest.wire import Payload

from .problem import inline_html, problem_text

CONTAINERS = frozenset(
    {
        "course", "chapter", "sequential", "vertical", "videosequence", "problemset", "wrapper", "split_test", "conditional", "randomize",
        "library_content", "itembank",
    }
)  # fmt: skip
# Attributes of the course's page that are prose; the other files of about/ are single words and dates.
PROSE = frozenset({"overview", "description", "short_description", "extra_description"})
DEEPEST = 40
DEEPEST_XML = 200
MOST_BLOCKS = 50_000
STATIC = (".pdf", ".html", ".htm", ".md", ".txt")


class OlxBlock(Payload):
    """One readable part of a course."""

    kind: str  # html, problem, video, …; asset for what lies in static
    id: str
    path: str
    title: str = ""
    text: str = ""
    note: str = ""
    language: str = ""
    youtube_id: str = ""
    in_tree: bool = False  # has a place in the course's outline, so the LMS can jump to it


class OlxCourse(Payload):
    org: str
    course: str
    run: str
    title: str = ""
    language: str = ""
    checksum: str  # of the contents that are read, whatever the archive's dates and owners
    blocks: tuple[OlxBlock, ...] = ()

    @property
    def run_id(self) -> str:
        return f"course-v1:{self.org}+{self.course}+{self.run}"


def read_courses(stream: IO[bytes]) -> list[OlxCourse]:
    """The courses of an archive: one at its root, or those of the archives inside it. None in an empty one. Raises ArchiveRefused."""
    found = files(stream)
    if root := _root(found):
        return [_Reader(_below(found, root)).course()]
    inner = [data for name, data in sorted(found.items()) if name.lower().endswith((".tar.gz", ".tgz"))]
    if found and not inner:
        raise ArchiveRefused("holds no course.xml")
    unpacked = [files(io.BytesIO(data)) for data in inner]
    return [_Reader(_below(each, place)).course() for each in unpacked if (place := _root(each))]


def _root(found: dict[str, bytes]) -> str:
    """The folder of the course.xml that lies highest, with a slash."""
    places = sorted((name for name in found if posixpath.basename(name) == "course.xml"), key=lambda name: (name.count("/"), name))
    return f"./{posixpath.dirname(places[0])}".rstrip("/") + "/" if places else ""


def _below(found: dict[str, bytes], root: str) -> dict[str, bytes]:
    prefix = root.removeprefix("./")
    return {name[len(prefix) :]: data for name, data in found.items() if name.startswith(prefix)}


def _depth(element: Element) -> int:
    level, depth = [element], 0
    while level:
        level, depth = [child for parent in level for child in parent], depth + 1
    return depth


class _Reader:
    def __init__(self, found: dict[str, bytes]) -> None:
        self.found = found
        self.used: set[str] = set()
        self.seen: set[tuple[str, str]] = set()
        self.language = ""

    def course(self) -> OlxCourse:
        pointer = self._xml("course.xml")
        if pointer is None or pointer.tag != "course":
            raise ArchiveRefused("its course.xml is no course")
        root = self._resolved(pointer)
        policy = self._policy(pointer.get("url_name", ""))
        self.language = root.get("language") or str(policy.get("language") or "")
        blocks = [*self._walk(root, root.get("display_name", ""), 0), *self._pages(), *self._static()]
        return OlxCourse(
            org=pointer.get("org") or root.get("org") or "",
            course=pointer.get("course") or root.get("course") or "",
            run=pointer.get("url_name") or root.get("url_name") or "",
            title=root.get("display_name") or str(policy.get("display_name") or ""),
            language=self.language,
            checksum=self._checksum(),
            blocks=tuple(blocks),
        )

    def _checksum(self) -> str:
        digest = hashlib.blake2b(digest_size=16)
        for name in sorted(self.found):
            digest.update(f"{name}\0{len(self.found[name])}\0".encode("utf-8", "replace") + self.found[name])
        return digest.hexdigest()

    def _xml(self, path: str) -> Element | None:
        if path not in self.found:
            return None
        self.used.add(path)
        try:
            element: Element = fromstring(self.found[path])
        except (ParseError, DefusedXmlException, ValueError, LookupError):
            return None
        return element if _depth(element) <= DEEPEST_XML else None

    def _policy(self, run: str) -> dict[str, Any]:
        document = self._json(f"policies/{run}/policy.json")
        entry = document.get(f"course/{run}")
        return entry if isinstance(entry, dict) else {}

    def _json(self, path: str) -> dict[str, Any]:
        try:
            document = json.loads(self.found.get(path, b"{}"))
        except (ValueError, RecursionError):
            return {}
        return document if isinstance(document, dict) else {}

    def _path(self, element: Element) -> str:
        return f"{element.tag}/{element.get('url_name', '').replace(':', '/')}.xml"

    def _resolved(self, element: Element) -> Element:
        """What a pointer points to; an element with contents of its own is that itself."""
        if len(element) or (element.text or "").strip() or not element.get("url_name"):
            return element
        target = self._xml(self._path(element))
        return target if target is not None and target.tag == element.tag else element

    def _walk(self, element: Element, title: str, depth: int) -> Iterator[OlxBlock]:
        """The blocks below a container that learners may see."""
        for child in element:
            name = child.get("url_name", "")
            if (
                not isinstance(child.tag, str)
                or (name and (child.tag, name) in self.seen)
                or len(self.seen) > MOST_BLOCKS
                or depth > DEEPEST
            ):
                continue
            self.seen.add((child.tag, name))
            block = self._resolved(child)
            if "true" in (child.get("visible_to_staff_only", "").lower(), block.get("visible_to_staff_only", "").lower()):
                continue
            label = block.get("display_name") or child.get("display_name") or title
            if child.tag in CONTAINERS:
                yield from self._walk(block, label, depth + 1)
            elif name and (read := self._component(child, block, label)):
                yield read

    def _component(self, pointer: Element, block: Element, title: str) -> OlxBlock | None:
        path = self._path(pointer)
        if pointer.tag == "video":
            return self._video(pointer, block, title)
        if pointer.tag == "html":
            text = self._html(block)
        elif pointer.tag == "problem":
            broken = block is pointer and path in self.found
            text = problem_text(decoded(self.found.get(path, b"")), None if broken else block)
        else:
            text = problem_text("", block)
        if not text:
            return None
        return OlxBlock(
            kind=pointer.tag, id=pointer.get("url_name", ""), path=path, title=title, text=text, language=self.language, in_tree=True
        )

    def _html(self, block: Element) -> str:
        filename = block.get("filename")
        path = f"html/{filename.replace(':', '/')}.html" if filename else ""
        if path in self.found:
            self.used.add(path)
            return file_text(path, self.found[path])[0]
        return inline_html(block)

    def _video(self, pointer: Element, block: Element, title: str) -> OlxBlock:
        language, path = self._transcript(block)
        text, note = file_text(path, self.found[path]) if path else ("", "")
        youtube = block.get("youtube_id_1_0") or dict(
            pair.split(":", 1) for pair in block.get("youtube", "").split(",") if ":" in pair
        ).get("1.00", "")
        return OlxBlock(
            kind="video", id=pointer.get("url_name", ""), path=self._path(pointer), title=title, text=text, note=note,
            language=language or self.language, youtube_id=youtube if len(youtube) <= 32 else "", in_tree=True,
        )  # fmt: skip

    def _transcript(self, block: Element) -> tuple[str, str]:
        """Language and path of the transcript that is there: the course's language first, then English, then any."""
        named = {entry.get("language", ""): entry.get("src", "") for entry in block.iter("transcript")}
        try:
            listed = json.loads(block.get("transcripts") or "{}")
        except (ValueError, RecursionError):
            listed = {}
        if isinstance(listed, dict):
            named |= {language: name for language, name in listed.items() if isinstance(name, str)}
        if block.get("sub"):
            named.setdefault(self.language or "en", f"subs_{block.get('sub')}.srt.sjson")
        here = {language: f"static/{name}" for language, name in named.items() if f"static/{name}" in self.found}
        language = next((wanted for wanted in (self.language, "en", *here) if wanted in here), "")
        self.used.update(here.values())
        return language, here.get(language, "")

    def _pages(self) -> Iterator[OlxBlock]:
        """The prose around the course: what its page says of it, its updates and its static tabs."""
        for path in sorted(self.found):
            folder, _, name = path.partition("/")
            stem, extension = posixpath.splitext(name)
            prose = folder in ("info", "tabs") or (folder == "about" and stem in PROSE)
            if prose and extension == ".html" and "/" not in name and (text := file_text(path, self.found[path])[0]):
                yield OlxBlock(
                    kind=folder, id=stem, path=path, title=stem.replace("_", " ").capitalize(), text=text, language=self.language
                )

    def _static(self) -> Iterator[OlxBlock]:
        """Documents for reading, other than those that only the enrolled may open."""
        locked = {
            name for name, policy in self._json("policies/assets.json").items() if isinstance(policy, dict) and policy.get("locked") is True
        }
        for path in sorted(self.found):
            folder, _, name = path.partition("/")
            if folder == "static" and name.lower().endswith(STATIC) and path not in self.used and name not in locked:
                text, note = file_text(path, self.found[path])
                if text or note:
                    yield OlxBlock(kind="asset", id=name, path=path, title=posixpath.basename(name), text=text, note=note)
