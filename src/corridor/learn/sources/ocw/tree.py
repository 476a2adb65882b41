"""Where the files of each course lie: in a folder, a bucket, a tar archive, or on a site that lists itself."""

import posixpath
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote, urljoin

from corridor.learn.ingest import tar
from corridor.learn.ingest.listing import is_web
from corridor.learn.ingest.parsing.addresses import host_of, joined, path_of
from corridor.learn.ingest.source import Fetcher, FetchFailed, Gap

PUBLISHED = "data.json"
HUGO = "data/course.json"
# Folders of a course's site; a data.json outside them is a course's own.
SECTIONS = frozenset({"pages", "resources", "video_galleries", "external-resources", "lists", "instructors", "content", "data"})
MOST_SITEMAPS = 20_000
MOST_OF_A_FILE = 256 << 20


@dataclass(frozen=True)
class Below:
    """Reads files by their path below a folder."""

    read: Callable[[str], bytes]
    folder: str

    def __call__(self, path: str) -> bytes:
        return self.read(f"{self.folder}/{path}")


@dataclass(frozen=True)
class Tree:
    """The files of a course by their path below its folder."""

    name: str
    paths: frozenset[str]
    read: Callable[[str], bytes]  # raises FetchFailed
    beside: bool = True  # whether what the course links to lies beside its JSON, and may be read


@dataclass(frozen=True)
class Loose:
    """A JSON file that belongs to no tree."""

    name: str
    read: Callable[[], bytes]


def find(fetcher: Fetcher, place: str) -> Iterator[Tree | Loose | Gap]:
    """Everything that may be a course. Raises FetchFailed when the place cannot be listed."""
    if is_web(place):
        yield from _on_site(fetcher, place)
        return
    addresses = list(fetcher.list(place))
    packed = [address for address in addresses if address.endswith((".tar.gz", ".tgz"))]
    yield from _in_paths(
        [address for address in addresses if address not in set(packed)], fetcher.bytes, lambda path: unpacked(fetcher, path)
    )
    for address in packed:
        name = posixpath.basename(address).removesuffix(".tgz").removesuffix(".tar.gz")
        try:
            with fetcher.open(address) as stream:
                held = {f"{name}/{path}": data for path, data in tar.files(stream).items()}
        except (FetchFailed, tar.ArchiveRefused) as error:
            yield Gap("", f"{address}: {error}")
        else:
            yield from _in_paths(held, held.__getitem__, held.__getitem__)


def unpacked(fetcher: Fetcher, address: str) -> bytes:
    """A file's contents; of a .gz file, what it holds."""
    with fetcher.open(address) as stream:
        data = stream.read(MOST_OF_A_FILE + 1)
    if len(data) > MOST_OF_A_FILE:
        raise FetchFailed(f"{address} holds more than {MOST_OF_A_FILE >> 20} MB")
    return data


def _in_paths(paths: Iterable[str], read: Callable[[str], bytes], unpack: Callable[[str], bytes]) -> Iterator[Tree | Loose]:
    paths = list(paths)
    roots = {root for path in paths if (root := _root(path)) is not None}
    held: dict[str, set[str]] = defaultdict(set)
    for path in paths:
        above = _above(path, roots)
        if above is not None:
            held[above].add(path[len(above) + 1 :])
        elif path.endswith((".json", ".json.gz")):
            yield Loose(posixpath.basename(path), partial(unpack, path))
    for root in sorted(held):
        yield Tree(posixpath.basename(root), frozenset(held[root]), Below(read, root))


def _root(path: str) -> str | None:
    """The folder of the course whose own data this file is; None for any other file."""
    if path.endswith(f"/{HUGO}"):
        return path[: -len(HUGO) - 1]
    folder, _, name = path.rpartition("/")
    return folder if name == PUBLISHED and SECTIONS.isdisjoint(folder.split("/")[-4:]) else None


def _above(path: str, roots: set[str]) -> str | None:
    """The nearest folder above a file that is a course's."""
    while "/" in path:
        path = path.rpartition("/")[0]
        if path in roots:
            return path
    return None


def _on_site(fetcher: Fetcher, site: str) -> Iterator[Tree | Gap]:
    """The courses that a site's sitemap leads to. Its files are fetched one by one, so only JSON is."""
    base = site.rstrip("/") + "/"

    def fetch(address: str) -> bytes:
        return fetcher.bytes(quote(address, safe=":/"))

    for place, pages in _sitemaps(fetcher, base):
        if isinstance(pages, Gap):
            yield pages
            continue
        courses = _by_course(pages)
        if not courses and place.count("/courses/"):
            yield Gap(f"{_slug(place)}/", f"{place} lists no page of the course")
        for slug, paths in courses.items():
            yield Tree(slug, frozenset(paths), Below(fetch, f"{base}courses/{slug}"), beside=False)


def _sitemaps(fetcher: Fetcher, base: str) -> Iterator[tuple[str, list[str] | Gap]]:
    """Addresses of pages by sitemap, those of other hosts left out."""
    waiting, seen = [urljoin(base, "sitemap.xml")], set[str]()
    while waiting:
        place = waiting.pop()
        if place in seen or len(seen) >= MOST_SITEMAPS:
            continue
        seen.add(place)
        try:
            root = fetcher.xml(place)
        except FetchFailed as error:
            if len(seen) == 1:
                raise
            yield place, Gap(f"{_slug(place)}/" if _slug(place) else "", f"{place}: {error}")
            continue
        found = [
            (entry.text or "").strip() for entry in root.iter() if isinstance(entry.tag, str) and entry.tag.rpartition("}")[2] == "loc"
        ]
        own = [address for address in (joined(place, entry) for entry in found) if address and host_of(address) == host_of(base)]
        if root.tag.rpartition("}")[2] == "sitemapindex":
            waiting += reversed(own)
        else:
            yield place, own


def _slug(address: str) -> str:
    parts = path_of(address).split("/")
    return parts[parts.index("courses") + 1] if "courses" in parts[:-2] else ""


def _by_course(pages: Iterable[str]) -> Mapping[str, set[str]]:
    """The data files of the pages by course."""
    courses: dict[str, set[str]] = defaultdict(set)
    for page in pages:
        if slug := _slug(page if page.endswith("/") else f"{page}/"):
            rest = path_of(page).partition(f"/courses/{slug}")[2].strip("/")
            courses[slug].add(PUBLISHED)
            if rest and rest.split("/")[0] in SECTIONS:
                courses[slug].add(f"{rest}/{PUBLISHED}")
    return courses
