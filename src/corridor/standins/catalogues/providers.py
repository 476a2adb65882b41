"""The providers' formats: lists in pages or whole, sign-on by OAuth2, static sites, feeds."""

import gzip
import json
import mimetypes
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode
from xml.sax.saxutils import escape

from corridor.learn.ingest.listing import rows

from .http import Answer, Asked, json_answer

CLIENT_ID, CLIENT_SECRET = "corridor", "stand-in"
TOKEN = "stand-in-token"  # noqa: S105  known to everyone, opens nothing
PAGE_SIZE, LARGEST_PAGE = 10, 100


def items(folder: Path, wanted: Callable[[Any], bool]) -> list[Any]:
    """Items of all JSON files of a folder that are of one kind, in the order of the files."""
    paths = [path for pattern in ("*.json", "*.json.gz") for path in folder.rglob(pattern)] if folder.is_dir() else []
    documents = [json.loads(read(path)) for path in sorted(paths)]
    return [item for document in documents for item in rows(document) if wanted(item)]


def read(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


@dataclass(frozen=True)
class Numbered:
    """Pages with a number, as Django REST framework gives them: count, next, previous, results."""

    path: str
    items: Sequence[Any]

    def answer(self, asked: Asked) -> Answer | None:
        if asked.path.rstrip("/") != self.path.rstrip("/"):
            return None
        size = min(_number(asked.query.get("page_size"), PAGE_SIZE), LARGEST_PAGE)
        page, last = _number(asked.query.get("page"), 1), max(1, -(-len(self.items) // size))
        if page > last:
            return json_answer({"detail": "Invalid page."}, 404)
        return json_answer(
            {
                "count": len(self.items),
                "next": self._at(asked, page + 1) if page < last else None,
                "previous": self._at(asked, page - 1) if page > 1 else None,
                "results": self.items[(page - 1) * size : page * size],
            }
        )

    def _at(self, asked: Asked, page: int) -> str:
        return f"{asked.base}{asked.path}?{urlencode({**asked.query, 'page': page})}"


@dataclass(frozen=True)
class Cursor:
    """Pages that name the next one by an opaque word, without a count."""

    path: str
    items: Sequence[Any]

    def answer(self, asked: Asked) -> Answer | None:
        if asked.path.rstrip("/") != self.path.rstrip("/"):
            return None
        start = int.from_bytes(bytes.fromhex(asked.query["cursor"]), "big") if "cursor" in asked.query else 0
        cursor = (start + PAGE_SIZE).to_bytes(4, "big").hex()
        following = f"{asked.base}{asked.path}?cursor={cursor}" if start + PAGE_SIZE < len(self.items) else ""
        return json_answer({"next": following, "results": self.items[start : start + PAGE_SIZE]})


@dataclass(frozen=True)
class Whole:
    """A bare list."""

    path: str
    items: Sequence[Any]

    def answer(self, asked: Asked) -> Answer | None:
        return json_answer(list(self.items)) if asked.path.rstrip("/") == self.path.rstrip("/") else None


@dataclass(frozen=True)
class SignedOn:
    """Providers behind OAuth2's client credentials: a token endpoint, and no answer without its token."""

    token_path: str
    scheme: str
    behind: Sequence[Numbered | Cursor | Whole]

    def answer(self, asked: Asked) -> Answer | None:
        if asked.path == self.token_path:
            return self._token(asked)
        found = next((answer for each in self.behind if (answer := each.answer(asked))), None)
        if found and asked.headers.get("authorization") != f"{self.scheme} {self._issued()}":
            return json_answer({"detail": "Authentication credentials were not provided."}, 401)
        return found

    def _token(self, asked: Asked) -> Answer:
        named = (asked.form.get("grant_type"), asked.form.get("client_id"), asked.form.get("client_secret"))
        if asked.method != "POST" or named != ("client_credentials", CLIENT_ID, CLIENT_SECRET):
            return json_answer({"error": "invalid_client"}, 401)
        return json_answer({"access_token": self._issued(), "token_type": self.scheme, "expires_in": 3600, "scope": "read"})

    def _issued(self) -> str:
        """A token; edX's has the three parts of a JWT."""
        return ".".join(urlsafe_b64encode(part).decode().rstrip("=") for part in (b'{"alg":"none"}', b"{}", TOKEN.encode()))


@dataclass(frozen=True)
class Site:
    """A static site of course trees, with a sitemap of its own and one for each course."""

    prefix: str
    courses: Mapping[str, Path]

    def answer(self, asked: Asked) -> Answer | None:
        if not asked.path.startswith(f"{self.prefix}/"):
            return None
        path = unquote(asked.path.removeprefix(f"{self.prefix}/"))
        if path == "sitemap.xml":
            places = [f"{asked.base}{self.prefix}/courses/{quote(slug)}/sitemap.xml" for slug in self.courses]
            return _sitemap("sitemapindex", "sitemap", places)
        slug, _, rest = path.removeprefix("courses/").partition("/")
        course = self.courses.get(slug)
        if course is None:
            return None
        if rest == "sitemap.xml":
            pages = [file.parent.relative_to(course).as_posix() for file in sorted(course.rglob("data.json"))]
            places = [f"{asked.base}{self.prefix}/courses/{quote(slug)}/" + ("" if page == "." else f"{quote(page)}/") for page in pages]
            return _sitemap("urlset", "url", places)
        return _file(course, rest)


@dataclass(frozen=True)
class Repository:
    """A repository's folder of files, listed as GitHub does; feeds in it are served too."""

    prefix: str
    folder: Path

    def answer(self, asked: Asked) -> Answer | None:
        if asked.path.rstrip("/") == f"{self.prefix}/contents":
            return json_answer([self._entry(asked, path) for path in sorted(self.folder.glob("*.yaml"))])
        if asked.path.startswith(f"{self.prefix}/files/"):
            return self._served(asked, unquote(asked.path.removeprefix(f"{self.prefix}/files/")))
        return None

    def _entry(self, asked: Asked, path: Path) -> dict[str, Any]:
        address = f"{asked.base}{self.prefix}/files/{quote(path.name)}"
        return {"name": path.name, "path": path.name, "type": "file", "size": path.stat().st_size, "download_url": address}

    def _served(self, asked: Asked, name: str) -> Answer | None:
        """A file; in configurations feeds that lie beside them get an address here."""
        found = _file(self.folder, name)
        if not found or not name.endswith(".yaml"):
            return found
        lines = found.body.decode().splitlines()
        return Answer("\n".join(self._rewritten(asked, line) for line in lines).encode(), "application/yaml")

    def _rewritten(self, asked: Asked, line: str) -> str:
        field, colon, value = line.partition(": ")
        is_beside = field == "rss_url" and colon and "://" not in value
        return f"rss_url: {asked.base}{self.prefix}/files/{quote(value.strip())}" if is_beside else line


def courses_below(folder: Path) -> dict[str, Path]:
    """Folders of published courses by name."""
    return {path.parent.name: path.parent for path in sorted(folder.rglob("data.json")) if "course_title" in path.read_text("utf-8")}


def _file(folder: Path, name: str) -> Answer | None:
    path = (folder / name).resolve()
    if not path.is_file() or not path.is_relative_to(folder.resolve()):
        return None
    return Answer(path.read_bytes(), mimetypes.guess_type(path.name)[0] or "application/octet-stream")


def _sitemap(root: str, entry: str, places: Sequence[str]) -> Answer:
    entries = "".join(f"<{entry}><loc>{escape(place)}</loc></{entry}>" for place in places)
    text = f'<?xml version="1.0" encoding="utf-8"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</{root}>'
    return Answer(text.encode(), "application/xml")


def _number(text: str | None, default: int) -> int:
    return max(1, int(text)) if text and text.isdigit() else default
