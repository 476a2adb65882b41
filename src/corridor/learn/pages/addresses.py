"""Where things are read about. Pure."""

from urllib.parse import urlencode, urlsplit

from django.utils.text import slugify

NAMELESS = "resource"
LONGEST_SLUG = 80


def slug(title: str) -> str:
    return slugify(title)[:LONGEST_SLUG].strip("-") or NAMELESS


def resource_path(id: int, title: str) -> str:
    return f"/resources/{id}-{slug(title)}"


def content_path(resource_id: int, title: str, file_id: int) -> str:
    return f"{resource_path(resource_id, title)}/content/{file_id}"


def path_of(address: str | None) -> str:
    """An address of this site without its origin."""
    return urlsplit(address or "").path


def search_path(**parameters: str | list[str]) -> str:
    return f"/search?{urlencode(parameters, doseq=True)}"
