"""Titles of entries that their owners meant to take away."""

import re

_MARK = r"[\[(]\s*deleted?\s*[\])]"
_DELETED = re.compile(rf"{_MARK}|delete(?:\s|$)", re.IGNORECASE)
_MARKED = re.compile(rf"{_MARK}$", re.IGNORECASE)


def is_deleted(title: str) -> bool:
    """Whether a title begins or ends with "[delete]" or "(delete)", or begins with the word itself."""
    title = title.strip()
    return bool(_DELETED.match(title) or _MARKED.search(title))
