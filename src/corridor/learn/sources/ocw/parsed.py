"""Courses in the single files that came before the trees, in the shape in which trees are published (pure)."""

import re
from collections.abc import Mapping
from typing import Any

# Words of these files, and those that trees have for them.
KINDS = {"OCWImage": "Image", "OCWFile": "Document"}


def is_parsed(document: Any) -> bool:
    return isinstance(document, dict) and isinstance(document.get("course_pages"), list) and "short_url" in document


def read_document(given: Mapping[str, Any]) -> dict[str, Any]:
    """Slug, course, pages and resources as in published JSON."""
    others = [_text(each, "linked_course_number_col") or _text(each, "sort_as_col") for each in _entries(given.get("extra_course_number"))]
    course = {
        "course_title": given.get("title"),
        "primary_course_number": _number(given),
        "extra_course_numbers": [other for other in others if other],
        "course_description_html": given.get("description"),
        "legacy_uid": given.get("uid"),
        "instructors": _entries(given.get("instructors")),
        "department_numbers": [given["department_number"]] if given.get("department_number") else [],
        "learning_resource_types": [
            tag for each in _entries(given.get("course_feature_tags")) if (tag := _text(each, "course_feature_tag"))
        ],
        "topics": [path for each in _entries(given.get("course_collections")) if (path := _topic(each))],
        "term": given.get("from_semester"),
        "year": given.get("from_year"),
        "level": given.get("course_level"),
        "image_src": given.get("image_src"),
        "course_image_metadata": {
            "description": given.get("image_description"),
            "image_metadata": {"alt": given.get("image_alternate_text"), "caption": given.get("image_caption_text")},
        },
    }
    media = given.get("course_embedded_media")
    videos = [video for video in (media.values() if isinstance(media, dict) else ()) if isinstance(video, dict)]
    return {
        "slug": given.get("short_url"),
        "course": course,
        "pages": {f"pages/{_place(page)}": _page(page) for page in _entries(given.get("course_pages"))},
        "resources": {
            **{f"resources/{_place(file)}": _file(file) for file in _entries(given.get("course_files"))},
            **{f"resources/{_place(video)}": _video(video) for video in videos},
        },
        "texts": {f"resources/{_place(video)}": {"text": _text(video, "transcript")} for video in videos if _text(video, "transcript")},
    }


def _entries(value: Any) -> list[dict[str, Any]]:
    return [entry for entry in (value if isinstance(value, list) else ()) if isinstance(entry, dict)]


def _text(entry: Mapping[str, Any], field: str) -> str:
    value = entry.get(field)
    return value if isinstance(value, str) else ""


def _number(given: Mapping[str, Any]) -> str:
    """The course's number; where it is not given, the one that its address begins with: 4-105-geometric-disciplines."""
    department, number = _text(given, "department_number"), _text(given, "master_course_number")
    if department and number:
        return f"{department}.{number}"
    begun = re.match(rf"{re.escape(department)}-(\w+)-", _text(given, "short_url"), re.IGNORECASE)
    return _text(given, "sort_as") or (f"{department}.{begun[1]}" if department and begun else department)


def _topic(entry: Mapping[str, Any]) -> list[str]:
    return [name for field in ("ocw_feature", "ocw_subfeature", "ocw_speciality") if (name := _text(entry, field))]


def _place(entry: Mapping[str, Any]) -> str:
    """A name in the address; with a part of the uid, since names come twice."""
    return f"{_text(entry, 'short_url') or _text(entry, 'id') or 'part'}-{_text(entry, 'uid')[:8]}".replace("/", "-")


def _page(page: Mapping[str, Any]) -> dict[str, Any]:
    text = "\n".join(part for part in (_text(page, "text"), _text(page, "bottomtext")) if part)
    return {
        "title": page.get("title"),
        "description": page.get("description"),
        "content": text,
        "uid": page.get("uid"),
        "content_type": "page",
    }


def _file(file: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{field: file.get(field) for field in ("title", "description", "uid", "file_type")},
        "file": file.get("file_location"),
        "resourcetype": KINDS.get(_text(file, "type"), "Other"),
    }


def _video(video: Mapping[str, Any]) -> dict[str, Any]:
    parts = _entries(video.get("embedded_media"))
    stream = next((part for part in parts if part.get("id") == "Video-YouTube-Stream"), {})
    cover = next((part for part in parts if part.get("type") == "Thumbnail"), {})
    return {
        "title": video.get("title"),
        "description": "",
        "content": video.get("about_this_resource_text"),
        "uid": video.get("uid"),
        "resourcetype": "Video",
        "video_metadata": {"youtube_id": stream.get("media_location")},
        "video_files": {"video_thumbnail_file": cover.get("media_location")},
    }
