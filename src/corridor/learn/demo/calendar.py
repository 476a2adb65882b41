"""Dates that are written relative to the day of loading, so that the demo never goes stale (pure)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/New_York")  # where Northmere's days begin
TERMS = {"Winter": (1, 8), "Spring": (2, 1), "Summer": (6, 15), "Fall": (9, 1)}  # first month and day


def monday(now: datetime) -> date:
    """The Monday of the week of `now`: day 0 of the demo's calendar. Loading twice in a week gives the same dates."""
    today = now.astimezone(ZONE).date()
    return today - timedelta(days=today.weekday())


def midnight(day: date) -> str:
    return datetime.combine(day, time(), ZONE).isoformat()


def moment(day_zero: date, days: int) -> str:
    return midnight(day_zero + timedelta(days=days))


def term(day_zero: date, text: str) -> tuple[str, int, str]:
    """Semester, year and first day of "Fall 2": the fall of the year before last."""
    semester, years_ago = text.split()
    year = day_zero.year - int(years_ago)
    return semester, year, midnight(date(year, *TERMS[semester]))
