"""How the words in a mapped field are read: each field of a record knows the words of its kind."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from corridor.learn.ingest.parsing.commitments import weekly_hours
from corridor.learn.ingest.parsing.deliveries import delivery
from corridor.learn.ingest.parsing.durations import days, weeks
from corridor.learn.ingest.parsing.languages import language
from corridor.learn.ingest.parsing.levels import level
from corridor.learn.ingest.parsing.names import people
from corridor.learn.ingest.parsing.prices import prices
from corridor.learn.ingest.parsing.terms import term
from corridor.learn.ingest.records import YEARS, PriceRecord
from corridor.learn.ingest.source import Rejected

Values = dict[str, Any]
Read = Callable[[Any, tzinfo], Values]
OBJECTS = frozenset({"image", "prices"})  # fields that may be given as objects
_YES = frozenset({"true", "yes", "y", "1", "on", "t"})
_NO = frozenset({"false", "no", "n", "0", "off", "f"})


def read(field: str, value: Any, zone: tzinfo = UTC) -> Values:
    """What a field's value says, in the fields of a record: "6 weeks" of `duration` also says min_weeks and max_weeks."""
    if value is None or value == [] or value == "":
        return {}
    if field not in OBJECTS:
        value = [_bare(field, each) for each in value] if isinstance(value, list) else _bare(field, value)
    return _READERS[field](value, zone) if field in _READERS else {field: value}


def _bare(field: str, value: Any) -> Any:
    """The name of an object that has one, where text is wanted. Raises Rejected for another object."""
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("name"), str):
        return value["name"]
    raise Rejected(f"{field}: an object with {', '.join(map(str, value))[:60] or 'nothing'} where text should be; name the path into it")


def texts(value: Any) -> list[str]:
    return [str(each).strip() for each in (value if isinstance(value, list) else [value]) if each is not None and str(each).strip()]


def _of_each(field: str, made: Callable[[str], Any]) -> Read:
    """A list of those entries that mean something, each once."""
    return lambda value, zone: _if(field, list(dict.fromkeys(found for text in texts(value) if (found := made(text)))))


def _if(field: str, value: Any) -> Values:
    return {} if value in (None, [], "") else {field: value}


def _plain(field: str) -> Read:
    return lambda value, zone: _if(field, " ".join(texts(value)))


def _duration(value: Any, zone: tzinfo) -> Values:
    text = " ".join(texts(value))
    span = weeks(text)
    return {"duration": text, **({"min_weeks": span.least, "max_weeks": span.most} if span else {})}


def _time_commitment(value: Any, zone: tzinfo) -> Values:
    text = " ".join(texts(value))
    hours = weekly_hours(text, days(text))
    return {"time_commitment": text, **({"min_weekly_hours": hours.least, "max_weekly_hours": hours.most} if hours else {})}


def _prices(value: Any, zone: tzinfo) -> Values:
    found = [price for each in (value if isinstance(value, list) else [value]) for price in _price(each)]
    return _if("prices", [price.model_dump(mode="json") for price in found])


def _price(value: Any) -> tuple[PriceRecord, ...]:
    if not isinstance(value, dict):
        return prices(value)
    if value.get("amount") is None:
        raise Rejected("prices: an object without amount; name the path into it")
    return prices(value["amount"], str(value.get("currency") or "USD"))


def _instructors(value: Any, zone: tzinfo) -> Values:
    return _if("instructors", [person.model_dump() for person in people(texts(value))])


def _course_numbers(value: Any, zone: tzinfo) -> Values:
    kinds = ["primary"] + ["cross-listed"] * len(numbers := list(dict.fromkeys(texts(value))))
    return _if("course_numbers", [{"value": number, "listing_type": kind} for number, kind in zip(numbers, kinds, strict=False)])


def _term(value: Any, zone: tzinfo) -> Values:
    found = term(" ".join(texts(value)))
    return {**_if("semester", found.semester), **_if("year", found.year)}


def _flag(field: str) -> Read:
    def flag(value: Any, zone: tzinfo) -> Values:
        word = str(value).strip().casefold()
        return {field: word in _YES} if word in _YES | _NO else {field: value}

    return flag


def _moment(field: str) -> Read:
    def moment(value: Any, zone: tzinfo) -> Values:
        if isinstance(value, date) and not isinstance(value, datetime):
            value = value.isoformat()
        if isinstance(value, int) and value in YEARS:
            value = str(value)
        if isinstance(value, str):
            value = _parsed(value)
        return {field: value.replace(tzinfo=zone) if isinstance(value, datetime) and value.tzinfo is None else value}

    return moment


def _parsed(text: str) -> datetime | str:
    """An ISO date or time, or a month or year, which begin on their first day; other text stays as it is, for the record to refuse."""
    for candidate in (text, f"{text}-01", f"{text}-01-01"):
        try:
            return datetime.fromisoformat(candidate)
        except ValueError:
            continue
    return text


def _image(value: Any, zone: tzinfo) -> Values:
    return {"image": value if isinstance(value, dict) else {"url": str(value)}}


_READERS: Mapping[str, Read] = {
    **{name: _plain(name) for name in ("title", "readable_id", "key", "description", "full_description", "location", "run_id", "semester", "slug")},
    **{name: _of_each(name, str) for name in ("topics", "ocw_topics", "content_tags", "departments", "pace", "format", "old_numbers")},
    **{name: _flag(name) for name in ("published", "professional", "certification", "license_cc", "is_b2b", "is_variant", "test_mode")},
    **{name: _moment(name) for name in ("start_date", "end_date", "enrollment_start", "enrollment_end", "last_modified")},
    "languages": _of_each("languages", language),
    "delivery": _of_each("delivery", delivery),
    "level": _of_each("level", level),
    "duration": _duration,
    "time_commitment": _time_commitment,
    "prices": _prices,
    "instructors": _instructors,
    "course_numbers": _course_numbers,
    "term": _term,
    "image": _image,
}  # fmt: skip
