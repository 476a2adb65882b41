"""What dates, modes and products make of runs, courses and programs. Pure; moments at which something changes belong to what comes after."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from .facts import ProductFacts, RunFacts
from .vocabulary import PRIMARY_LANGUAGES, Availability, Mode

COMPLETION = "Certificate of Completion"
MICROMASTERS = "MicroMasters Credential"


def is_enrollable(run: RunFacts, now: datetime) -> bool:
    """Whether anybody can be enrolled: begun enrollment that has not ended, in a live run that will start or has started."""
    opened = run.enrollment_start is not None and run.enrollment_start <= now
    return run.live and run.start_date is not None and opened and (run.enrollment_end is None or now < run.enrollment_end)


class Window(Protocol):
    """What says until when the verified track of a run is sold: its facts, or its row."""

    @property
    def live(self) -> bool: ...
    @property
    def upgrade_deadline(self) -> datetime | None: ...


def is_sold_still(run: Window, now: datetime) -> bool:
    """Whether its dates let the verified track be bought, where there is one."""
    return run.live and (run.upgrade_deadline is None or now < run.upgrade_deadline)


def is_upgradable(run: RunFacts, now: datetime) -> bool:
    """Whether the verified track can be bought."""
    return is_sold_still(run, now) and Mode.VERIFIED in run.slugs and any(product.is_active for product in run.products)


def is_archived(run: RunFacts, now: datetime) -> bool:
    """Over, yet open to who wants to read."""
    return _is_over(run, now) and is_enrollable(run, now)


def _is_over(run: RunFacts, now: datetime) -> bool:
    return run.end_date is not None and run.end_date <= now


def next_run(runs: Iterable[RunFacts], now: datetime) -> RunFacts | None:
    """The run that a course stands for: its card, its page, the checkout and the API take this one.

    Of the public runs that take people in and are not over, in a primary language or English: the one that starts first. Shortened
    runs and those for an industry come after all others, translations after the original.
    """
    open_runs = [run for run in runs if run.is_public and is_enrollable(run, now) and not _is_over(run, now) and _in_main_language(run)]
    return min(open_runs, key=lambda run: (run.is_variant, run.start_date, not run.is_primary_language, run.id), default=None)


def _in_main_language(run: RunFacts) -> bool:
    return run.is_primary_language or run.language in PRIMARY_LANGUAGES


def canonical_runs(runs: Iterable[RunFacts]) -> tuple[RunFacts, ...]:
    """Of the runs that share a tag, the original: unshortened, for no industry, in the primary language. In the order given."""
    chosen: dict[str, RunFacts] = {}
    for run in runs:
        if run.run_tag not in chosen or _originality(run) < _originality(chosen[run.run_tag]):
            chosen[run.run_tag] = run
    return tuple(chosen.values())


def _originality(run: RunFacts) -> tuple[bool, bool, bool, int]:
    return (run.is_variant, not run.is_primary_language, run.language not in PRIMARY_LANGUAGES, run.id)


def availability(runs: Collection[RunFacts], now: datetime) -> Availability:
    """Whether one can begin at once, at one's own pace."""
    run = next_run(runs, now)
    started = run is not None and run.start_date is not None and run.start_date <= now
    return Availability.ANYTIME if run is not None and run.is_self_paced and started else Availability.DATED


def next_change(runs: Iterable[RunFacts], now: datetime) -> datetime | None:
    """When something of the above may next be otherwise without anybody's doing."""
    dates = (
        date
        for run in runs
        for date in (run.start_date, run.end_date, run.enrollment_start, run.enrollment_end, run.upgrade_deadline)
        if date is not None and date > now
    )
    return min(dates, default=None)


# --- certificates and prices


def certificate_type(program_types: Iterable[str]) -> str:
    """Of a program by its own type; of a course by those of the programs that require it."""
    return MICROMASTERS if any(each.casefold().startswith("micromasters") for each in program_types) else COMPLETION


def offers_certificate(slugs: Iterable[Collection[str]]) -> bool:
    return any(Mode.VERIFIED in each for each in slugs)


@dataclass(frozen=True)
class PriceRange:
    least: Decimal | None
    most: Decimal | None


def price_range(stated_least: Decimal | None, stated_most: Decimal | None, products: Iterable[ProductFacts]) -> PriceRange:
    """What staff state, which may reckon with financial aid; else what products cost."""
    if stated_least is not None or stated_most is not None:
        least = stated_least if stated_least is not None else stated_most
        most = stated_most if stated_most is not None else stated_least
        return PriceRange(least, most)
    prices = [product.price for product in products if product.is_active]
    return PriceRange(min(prices, default=None), max(prices, default=None))


def course_number(readable_id: str) -> str:
    return readable_id.rpartition("+")[2]


def number_of_run(courseware_id: str) -> str:
    """`18.03x` of `course-v1:MITxT+18.03x+1T2026`."""
    parts = courseware_id.split("+")
    return parts[1] if len(parts) > 1 else courseware_id
