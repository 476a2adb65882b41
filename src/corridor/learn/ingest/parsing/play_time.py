"""How long something plays, as ISO 8601."""

import re

_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2})(?:[.,]\d+)?")
_SECONDS = re.compile(r"(\d{1,7})(?:\.\d+)?(?:\s*(?:s|sec|secs|seconds?))?")
_WORDS = re.compile(
    r"(?:(\d{1,3})\s*h(?:ours?|rs?)?)?\s*(?:(\d{1,4})\s*m(?:in(?:ute)?s?)?)?\s*(?:(\d{1,5})\s*s(?:ec(?:ond)?s?)?)?", re.IGNORECASE
)
_ISO = re.compile(r"P(?:(\d{1,2})D)?T?(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})(?:\.\d+)?S)?", re.IGNORECASE)
LONGEST = 1000 * 3600


def play_seconds(text: str) -> int | None:
    """Seconds of "1:02:03", "62:03", "3723", "1h 2m", "PT1H2M3S"; None for what is no duration, and for nothing."""
    text = " ".join(text.split())
    if match := _CLOCK.fullmatch(text):
        parts = match.groups()
    elif match := _SECONDS.fullmatch(text):
        parts = (None, None, match.group(1))
    elif text and (match := _WORDS.fullmatch(text)):
        parts = match.groups()
    elif len(text) > 2 and (match := _ISO.fullmatch(text)):
        days, *parts = match.groups()  # type: ignore[assignment]  # the pattern has four groups
        parts = (str(int(parts[0] or 0) + 24 * int(days or 0)), parts[1], parts[2])
    else:
        return None
    hours, minutes, seconds = (int(part or 0) for part in parts)
    total = hours * 3600 + minutes * 60 + seconds
    return total if 0 < total < LONGEST else None


def iso_play_time(text: str) -> str:
    """`text` as ISO 8601 in at most 10 characters, such as PT1H2M3S; "" where it tells nothing. Seconds give way when too long."""
    total = play_seconds(text)
    if total is None:
        return ""
    hours, minutes, seconds = total // 3600, total // 60 % 60, total % 60
    whole = "PT" + "".join(f"{value}{unit}" for value, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if value)
    return whole if len(whole) <= 10 else whole[: whole.rindex("M") + 1]
