"""What pages say of courses and runs in words, made of the published documents. Pure; the run that a course stands for is the document's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from .facts import Json
from .vocabulary import Mode, VariantIndustry, VariantLength


@dataclass(frozen=True)
class Fact:
    """A short thing to know, beside a sign."""

    icon: str
    text: str


def day_name(day: datetime) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def day(written: str) -> str:
    return day_name(datetime.fromisoformat(written))


def money(price: str | float | Decimal) -> str:
    """$1,250 or $99.50: whole amounts without decimals."""
    value = Decimal(str(price))
    return f"${value:,.0f}" if value == value.to_integral_value() else f"${value:,.2f}"


# --- a run


def is_over(run: Json, now: datetime) -> bool:
    end = moment(run["end_date"])
    return end is not None and end <= now


def has_begun(run: Json, now: datetime) -> bool:
    start = moment(run["start_date"])
    return start is not None and start <= now


def at_own_pace(run: Json, now: datetime) -> bool:
    """Whether one may begin it on any day from now on."""
    return bool(run["is_self_paced"]) and has_begun(run, now) and not is_over(run, now)


def dates(run: Json, now: datetime) -> str:
    start, end = run["start_date"], run["end_date"]
    if at_own_pace(run, now):
        return f"Any day until {day(end)}" if end else "Any day"
    if start and end:
        return f"{day(start)} – {day(end)}"
    return f"From {day(start)}" if start else "Dates to be announced"


def enrolment(run: Json, now: datetime) -> str:
    """Whether one can enrol, and until when or from when."""
    opens, closes = moment(run["enrollment_start"]), moment(run["enrollment_end"])
    if run["is_enrollable"]:
        if is_over(run, now):
            return "Archived: its material can still be read"
        return f"Open for enrolment until {day_name(closes)}" if closes else "Open for enrolment"
    if is_over(run, now):
        return "Ended"
    if opens and opens > now:
        return f"Enrolment opens {day_name(opens)}"
    return f"Enrolment closed {day_name(closes)}" if closes and closes <= now else "Enrolment not open yet"


def product(run: Json) -> Json | None:
    """What is sold of its verified track."""
    verified = any(mode["mode_slug"] == Mode.VERIFIED for mode in run["enrollment_modes"])
    return next((each for each in run["products"] if each["is_active"]), None) if verified else None


def certificate(run: Json) -> str:
    """What the verified certificate costs and until when it is sold; nothing where there is none."""
    sold = product(run)
    if not sold:
        return ""
    deadline = run["upgrade_deadline"]
    if not run["is_upgradable"]:
        return f"no longer sold since {day(deadline)}" if deadline else ""
    return f"{money(sold['price'])} until {day(deadline)}" if deadline else money(sold["price"])


def is_free(run: Json) -> bool:
    """Whether it can be taken without paying."""
    return any(not mode["requires_payment"] for mode in run["enrollment_modes"])


def form(run: Json) -> str:
    """How it differs from the original: its language, length and industry."""
    said = [
        run["language_label"] if run["language"] not in ("", "en") or run["variant_length"] or run["variant_industry"] else "",
        VariantLength(run["variant_length"]).label if run["variant_length"] else "",
        f"for {VariantIndustry(run['variant_industry']).label.lower()}" if run["variant_industry"] else "",
    ]
    return ", ".join(filter(None, said))


@dataclass(frozen=True)
class RunLine:
    """A run as a line of a table."""

    id: int
    tag: str
    title: str
    language: str  # as HTML names it
    form: str
    dates: str
    enrolment: str
    cost: str
    is_best: bool
    is_over: bool


def line(run: Json, best: int | None, now: datetime) -> RunLine:
    over, sold = is_over(run, now), certificate(run)
    told = ["Free" if is_free(run) else "", f"certificate {sold}" if sold and not over else ""]
    return RunLine(
        id=run["id"],
        tag=run["run_tag"],
        title=run["title"],
        language=run["language"].split("_")[0] or "en",
        form=form(run),
        dates=dates(run, now),
        enrolment=enrolment(run, now),
        cost="; ".join(filter(None, told)) if run["is_enrollable"] or not over else "",
        is_best=run["id"] == best,
        is_over=over,
    )


def _rank(run: Json, best: int | None, now: datetime) -> tuple[int, float]:
    """The best one, what one can enroll in, what is to come, what is over: the last ones newest first."""
    start = moment(run["start_date"])
    at = start.timestamp() if start else float("inf")
    if is_over(run, now):
        return (4 if run["is_enrollable"] else 5, -at)
    if run["id"] == best:
        return 0, at
    return (1 if run["is_enrollable"] else 3 if has_begun(run, now) else 2), at


def in_order(runs: Iterable[Json], best: int | None, now: datetime) -> list[Json]:
    return sorted(runs, key=lambda run: _rank(run, best, now))


# --- a course


def telling_run(runs: Sequence[Json], best: int | None, now: datetime) -> Json | None:
    """The run that a course is told by: the best one, else the first to come or the last that was."""
    return next(iter(in_order(runs, best, now)), None)


def beginning(runs: Sequence[Json], best: int | None, now: datetime) -> str:
    """When one can begin, or what there is instead."""
    run = telling_run(runs, best, now)
    if run is None or not run["start_date"]:
        return "No dates yet"
    if is_over(run, now):
        return "Archived, open to read" if run["is_enrollable"] else f"Last held in {datetime.fromisoformat(run['start_date']):%B %Y}"
    if run["is_enrollable"] and at_own_pace(run, now):
        return "Start any day"
    if not has_begun(run, now):
        return f"Starts {day(run['start_date'])}"
    return f"Under way until {day(run['end_date'])}" if run["end_date"] else f"Under way since {day(run['start_date'])}"


def offered_run(runs: Sequence[Json], best: int | None, now: datetime) -> Json | None:
    """The run that a course is told by, unless it is past: what that cost helps nobody."""
    run = telling_run(runs, best, now)
    return run if run and (run["is_enrollable"] or (run["start_date"] and not is_over(run, now))) else None


def price(run: Json | None) -> str:
    return "Free" if run and is_free(run) else ""


def award(run: Json | None) -> str:
    """What the certificate of a course costs while it is sold."""
    sold = product(run) if run and run["is_upgradable"] else None
    return f"Certificate {money(sold['price'])}" if sold else ""


def facts(body: Json, runs: Sequence[Json], now: datetime) -> list[Fact]:
    """What is told of a course at first sight; `runs` are those that may be told of."""
    run = offered_run(runs, body["next_run_id"], now)
    told = [
        ("calendar", beginning(runs, body["next_run_id"], now)),
        ("clock", length(body)),
        ("price", price(run)),
        ("award", award(run)),
    ]
    return [Fact(icon, text) for icon, text in told if text]


def length(body: Json) -> str:
    """In the words of staff, else counted in weeks."""
    return str(body["duration"] or _span(body["min_weeks"], body["max_weeks"], "week"))


def effort(body: Json) -> str:
    return str(body["time_commitment"] or _span(body["min_weekly_hours"], body["max_weekly_hours"], "hour", " a week"))


def _span(least: object, most: object, unit: str, per: str = "") -> str:
    if not (least or most):
        return ""
    number = f"{least}–{most}" if least and most and least != most else f"{least or most}"
    return f"{number} {unit}{'' if number == '1' else 's'}{per}"


def taking(runs: Sequence[Json], best: int | None, now: datetime) -> str:
    """How a course can be taken now, in sentences."""
    run = telling_run(runs, best, now)
    if run is None:
        return "No run of this course has been announced. Look again later."
    if is_over(run, now):
        if run["is_enrollable"]:
            return "This course is over. Its material stays open to whoever wants to read it."
        return "This course is not being held now, and no later run has been announced."
    if run["id"] == best:
        return _open(run)
    opens, closes = moment(run["enrollment_start"]), moment(run["enrollment_end"])
    if opens and opens > now:
        return f"Enrolment opens on {day_name(opens)}."
    if closes and closes <= now:
        return f"Enrolment closed on {day_name(closes)}, and no later run has been announced."
    return "Enrolment has not been opened yet." if not run["is_enrollable"] else _open(run)


def _open(run: Json) -> str:
    until = f" until {day(run['enrollment_end'])}" if run["enrollment_end"] else ""
    return f"Enrolment is open{until}. Once you are enrolled, your dashboard leads you to the course."


def taking_program(asks: bool, *, open_now: bool, sold: bool) -> str:
    """How a program can be taken now, in sentences."""
    if not asks:
        return "It cannot be taken yet. Look again later."
    if not open_now:
        return "This program takes nobody in now. Its courses can be taken one by one: the page of each says when it is held."
    bought = " Who buys the program takes all of them on the verified track." if sold else ""
    return f"Enrol in the program, then in its courses: the page of each says when it is held.{bought}"
