"""Courses as OCW Studio keeps them, Markdown with front matter, in the shape in which they are published (pure)."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import yaml

from corridor.learn.ingest.parsing.file_text import decoded

_FRONT = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|$)(.*)", re.DOTALL)
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_tree(
    name: str, paths: Iterable[str], load: Callable[[str], bytes], instructors: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Slug, course, pages and resources as in published JSON, and what could not be read with the reason, by path.

    Raises ValueError when the course's own data cannot be read.
    """
    course = json.loads(load("data/course.json"))
    if not isinstance(course, dict):
        raise ValueError("data/course.json holds no course")
    pages: dict[str, Any] = {}
    resources: dict[str, Any] = {}
    unreadable: dict[str, str] = {}
    for path in sorted(path for path in paths if path.startswith("content/") and path.endswith(".md")):
        place = path.removeprefix("content/").removesuffix(".md").removesuffix("/_index").removesuffix("_index")
        try:
            entry = front_matter(decoded(load(path)))
        except ValueError as error:
            unreadable[path] = str(error)
            continue
        if entry.get("content_type") == "resource":
            resources[place] = entry
        elif place and entry.get("content_type") in ("page", "video_gallery", None):
            pages[place] = {**entry, "videos": _references(entry.get("videos"))}
    return {
        "slug": slug_of(course, name),
        "course": resolved(course, resources, instructors),
        "pages": pages,
        "resources": resources,
    }, unreadable


def front_matter(text: str) -> dict[str, Any]:
    """The fields above a Markdown text and the text itself as `content`. Raises ValueError when there are none."""
    match = _FRONT.match(text)
    if not match:
        raise ValueError("no front matter")
    try:
        fields = yaml.load(match[1], Loader=LOADER)  # noqa: S506  the safe one, in C where it is there
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ValueError(f"no YAML above the text: {str(error).partition(chr(10))[0]}") from error
    if not isinstance(fields, dict):
        raise ValueError("no fields above the text")
    plain: dict[str, Any] = json.loads(json.dumps(fields, default=str, skipkeys=True))
    return {**plain, "content": match[2]}


def slug_of(course: Mapping[str, Any], name: str) -> str:
    """The site's name, as the course's picture tells it; else the folder's."""
    for field in ("course_image", "course_image_thumbnail"):
        place = course.get(field)
        if isinstance(place, dict) and isinstance(place.get("website"), str) and place["website"]:
            return str(place["website"])
    return name


def resolved(course: dict[str, Any], resources: Mapping[str, Any], instructors: Mapping[str, Any]) -> dict[str, Any]:
    """The course with instructors and picture themselves in place of their uids."""
    known = [instructors[uid] for uid in _references(course.get("instructors")) if uid in instructors]
    wanted = next(iter(_references(course.get("course_image"))), "")
    picture: dict[str, Any] = next((entry for entry in resources.values() if wanted and entry.get("uid") == wanted), {})
    given = course.get("instructors")
    return {
        **course,
        "instructors": known if isinstance(given, dict) else given,
        "course_image_metadata": picture,
        "image_src": picture.get("file") or "",
    }


def _references(value: Any) -> list[str]:
    """The uids that a field refers to, one or several."""
    content = value.get("content") if isinstance(value, dict) else value
    return [uid for uid in (content if isinstance(content, list) else [content]) if isinstance(uid, str)]
