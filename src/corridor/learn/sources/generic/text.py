"""Text as files hold it: what stands for nothing, and text that was decoded wrongly on its way."""

import re
from typing import Any

NOTHING = frozenset({"", "null", "none", "nan", "n/a", "undefined"})
# UTF-8 read as Windows-1252: a lead byte as a letter, followed by what continuation bytes look like.
_MOJIBAKE = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def repaired(text: str) -> str:
    """Text that is UTF-8 read as Windows-1252, as it was meant; only where all of it turns into other text without a rest."""
    if text.isascii() or not _MOJIBAKE.search(text):
        return text
    try:
        meant = text.encode("cp1252").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text
    return text if meant == text or _CONTROL.search(meant) else repaired(meant)


def cleaned(value: Any, nothing: frozenset[str]) -> Any:
    """JSON-like data with texts repaired, and None for texts that stand for nothing."""
    if isinstance(value, str):
        text = value.strip()
        return None if text.casefold() in nothing else repaired(text)
    if isinstance(value, dict):
        return {name: cleaned(each, nothing) for name, each in value.items()}
    return [cleaned(each, nothing) for each in value] if isinstance(value, list) else value
