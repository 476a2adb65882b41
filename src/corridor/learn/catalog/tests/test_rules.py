"""The rules, as tables of cases and as properties that hold whatever the runs are."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from corridor.learn.catalog import rules
from corridor.learn.catalog.rules import Price

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Held:
    """A run with dates in days from now."""

    id: int = 1
    starts: int | None = None
    ends: int | None = None
    opens: int | None = None
    closes: int | None = None
    published: bool = True
    is_variant: bool = False
    semester: str = ""
    year: int | None = None

    def _at(self, days: int | None) -> datetime | None:
        return None if days is None else NOW + timedelta(days=days)

    @property
    def start_date(self) -> datetime | None:
        return self._at(self.starts)

    @property
    def end_date(self) -> datetime | None:
        return self._at(self.ends)

    @property
    def enrollment_start(self) -> datetime | None:
        return self._at(self.opens)

    @property
    def enrollment_end(self) -> datetime | None:
        return self._at(self.closes)


OVER = Held(1, starts=-100, ends=-50, opens=-150, closes=-90)
LAST_OVER = Held(2, starts=-40, ends=-10, opens=-60, closes=-35)
OPEN = Held(3, starts=-5, ends=60, opens=-30, closes=10)
OPEN_EARLY = Held(4, starts=20, ends=80, opens=-1, closes=15)
COMING = Held(5, starts=30, ends=90, opens=5, closes=29)
LATER = Held(6, starts=200, ends=290, opens=150, closes=199)
ENDLESS = Held(7, starts=-300)
UNDATED = Held(8)
ALWAYS_OPEN = Held(9, opens=-500, closes=500)


@pytest.mark.parametrize(
    ("runs", "best"),
    [
        ([], None),
        ([UNDATED], 8),
        ([OVER], 1),
        ([OVER, LAST_OVER], 2),  # nothing to enroll in and nothing coming: the last that started
        ([LAST_OVER, COMING], 5),  # the next to start, though one may not enroll yet
        ([COMING, LATER], 5),
        ([OPEN, COMING], 3),
        ([OPEN_EARLY, COMING], 4),  # open now although it starts later
        ([OPEN_EARLY, OPEN], 3),  # of two open ones the first to start
        ([ENDLESS, COMING], 5),  # without an end of any kind it is never open
        ([ENDLESS, OVER], 1),  # and then just one that started, long ago
        ([UNDATED, OVER], 1),
        ([ALWAYS_OPEN, OPEN], 3),  # a missing start counts as now: later than what has started
        ([ALWAYS_OPEN, OPEN_EARLY], 9),  # and sooner than what has not
        ([replace(OPEN, published=False), OVER], 1),
        ([replace(OPEN, is_variant=True), OVER], 1),
        ([replace(OPEN, published=False)], None),
        ([replace(OPEN, id=12), replace(OPEN, id=11)], 11),  # alike: the older record
    ],
)
def test_best_run(runs: list[Held], best: int | None) -> None:
    chosen = rules.best_run(runs, NOW)
    assert (chosen.id if chosen else None) == best


@pytest.mark.parametrize(
    ("run", "enrollable"),
    [
        (Held(opens=0, closes=1), True),  # opens this very moment
        (Held(opens=-1, closes=0), False),  # closed this very moment
        (Held(starts=-1, ends=1), True),  # the run's own dates stand in
        (Held(starts=-1, closes=1), True),
        (Held(opens=-1), False),
        (Held(opens=-9, starts=5, ends=50), True),
        (Held(opens=1, starts=-5, ends=50), False),
        (Held(closes=5), False),
    ],
)
def test_enrollment_is_open_between_its_dates(run: Held, enrollable: bool) -> None:
    assert rules.is_enrollable(run, NOW) is enrollable


@pytest.mark.parametrize(
    ("runs", "days"),
    [
        ([], None),
        ([OPEN, OVER], None),
        ([COMING], 30),
        ([LATER, COMING], 30),
        ([Held(starts=10, opens=12)], 12),  # one can begin when enrollment opens
        ([Held(starts=0)], None),  # starts now: no longer coming
        ([replace(COMING, is_variant=True), LATER], 200),
    ],
)
def test_next_start_date(runs: list[Held], days: int | None) -> None:
    assert rules.next_start_date(runs, NOW) == (None if days is None else NOW + timedelta(days=days))


days = st.none() | st.integers(-400, 400)
held = st.builds(Held, st.integers(1, 9), days, days, days, days, st.booleans(), st.booleans())
catalogues = st.lists(held, max_size=6, unique_by=lambda run: run.id)


@given(catalogues)
def test_the_best_run_is_public_and_there_is_one_whenever_a_run_is(runs: list[Held]) -> None:
    best, public = rules.best_run(runs, NOW), rules.public_runs(runs)
    assert (best in public) if public else best is None


@given(catalogues, st.randoms())
def test_the_order_of_runs_makes_no_difference(runs: list[Held], random: object) -> None:
    shuffled = list(runs)
    random.shuffle(shuffled)
    for rule in (rules.best_run, rules.next_run, rules.next_start_date, rules.next_change):
        assert rule(runs, NOW) == rule(shuffled, NOW)


@given(catalogues)
def test_an_open_run_is_never_passed_over(runs: list[Held]) -> None:
    best = rules.best_run(runs, NOW)
    enrollable = [run for run in rules.public_runs(runs) if rules.is_enrollable(run, NOW)]
    assert not enrollable or best in enrollable


@given(catalogues, st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_nothing_changes_before_the_next_change(runs: list[Held], share: float) -> None:
    change = rules.next_change(runs, NOW)
    then = NOW + ((change or NOW + timedelta(days=9999)) - NOW) * share
    assume(NOW < then < (change or then + timedelta(1)))
    for rule in (rules.best_run, rules.next_run, rules.next_start_date):
        assert rule(runs, NOW) == rule(runs, then)


@given(catalogues, st.integers(0, 300))
def test_the_next_start_never_moves_into_the_past(runs: list[Held], later: int) -> None:
    now, then = rules.next_start_date(runs, NOW), rules.next_start_date(runs, NOW + timedelta(days=later))
    assert now is None or now > NOW
    if now and then and all(run.opens is None for run in runs):
        assert then >= now


# --- prices


def prices(*amounts: str) -> list[Price]:
    return [Price(Decimal(amount)) for amount in amounts]


@pytest.mark.parametrize(
    ("given", "certification", "shown"),
    [
        ([], True, []),
        (["49.00", "0.00"], True, ["0.00", "49.00"]),
        (["49.00", "0.00"], False, []),  # what would be paid for a certificate that is not to be had
        (["0.00"], False, []),
        (["200.00", "150.00"], False, ["150.00", "200.00"]),  # the course itself costs this
        (["49.00", "49.00"], True, ["49.00"]),
    ],
)
def test_shown_prices(given: list[str], certification: bool, shown: list[str]) -> None:
    assert [str(price.amount) for price in rules.shown_prices(prices(*given), certification)] == shown


@pytest.mark.parametrize(
    ("resource_type", "professional", "amounts", "free"),
    [
        ("course", False, [], True),
        ("course", False, ["0.00", "49.00"], True),
        ("course", False, ["49.00"], False),
        ("course", True, [], False),
        ("course", True, ["0.00"], False),
        ("program", False, ["600.00"], False),
        ("program", False, [], True),
        ("video", True, ["5.00"], True),
        ("podcast", False, [], True),
    ],
)
def test_free(resource_type: str, professional: bool, amounts: list[str], free: bool) -> None:
    assert rules.is_free(resource_type, professional, prices(*amounts)) is free


# --- kinds


@pytest.mark.parametrize(
    ("resource_type", "category", "group"),
    [
        ("course", "Course", "course"),
        ("program", "Program", "program"),
        ("program", "Course", "course"),  # a program shown as a course
        ("course", "Bootcamp", "course"),
        ("video", "Lecture Video", "learning_material"),
        ("document", "Course", "learning_material"),
        ("learning_path", "Learning Path", "learning_material"),
    ],
)
def test_resource_type_group(resource_type: str, category: str, group: str) -> None:
    assert rules.resource_type_group(resource_type, category) == group


def test_a_category_is_the_sources_word_or_the_types_own() -> None:
    assert rules.resource_category("document", "Open Textbook") == "Open Textbook"
    assert rules.resource_category("podcast_episode") == "Podcast Episode"


@pytest.mark.parametrize(
    ("own", "of_runs", "delivery"),
    [
        (["in_person"], [["online"]], ["in_person"]),
        ([], [["online"], ["hybrid", "online"]], ["hybrid", "online"]),
        ([], [[], []], ["online"]),
        ([], [], ["online"]),
    ],
)
def test_delivery_is_the_resources_own_else_its_runs_else_online(own: list[str], of_runs: list[list[str]], delivery: list[str]) -> None:
    assert rules.modes("delivery", own, of_runs) == delivery


def test_an_address_has_the_podcasts_of_an_episode_and_the_playlists_of_a_video() -> None:
    parents = [(7, "PODCAST_EPISODES"), (3, "PODCAST_EPISODES"), (5, "LEARNING_PATH_ITEMS"), (9, "PLAYLIST_VIDEOS")]
    assert rules.canonical_parents("podcast_episode", parents) == [3, 7]
    assert rules.canonical_parents("video", parents) == [9]
    assert rules.canonical_parents("course", parents) == []


# --- completeness and age


@pytest.mark.parametrize(
    ("number", "parts", "completeness"),
    [
        ("18.06SC", (0, 0, 0, 0), 1.0),
        ("18.01sc", (0, 0, 0, 0), 1.0),
        ("18.06", (24, 24, 1, 10), 1.0),
        ("18.06", (240, 240, 10, 100), 1.0),
        ("18.06", (0, 0, 0, 0), 0.0),
        ("18.06", (12, 0, 0, 0), 0.2),
        ("18.06", (0, 6, 1, 5), 0.35),
    ],
)
def test_completeness(number: str, parts: tuple[int, int, int, int], completeness: float) -> None:
    videos, notes, exams, problem_sets = parts
    assert rules.completeness(number, videos=videos, notes=notes, exams=exams, problem_sets=problem_sets) == pytest.approx(completeness)


def term(year: int | None, semester: str) -> Held:
    return Held(semester=semester, year=year)


@pytest.mark.parametrize(
    ("resource_type", "runs", "age"),
    [
        ("video", [], NOW),
        ("course", [COMING], None),
        ("program", [OVER], None),
        ("course", [OVER, LAST_OVER], NOW - timedelta(days=40)),
        ("course", [term(2009, "Fall"), term(2007, "Spring")], datetime(2009, 9, 1, tzinfo=UTC)),
        ("course", [term(2011, "January IAP")], datetime(2011, 1, 1, tzinfo=UTC)),
        ("course", [term(2011, "")], datetime(2011, 1, 1, tzinfo=UTC)),
        ("course", [term(None, "Fall")], None),
        ("course", [], None),
    ],
)
def test_age_date(resource_type: str, runs: list[Held], age: datetime | None) -> None:
    assert rules.age_date(resource_type, NOW, runs, NOW) == age


@pytest.mark.parametrize(
    ("age", "completeness", "stale"),
    [
        (datetime(2010, 12, 31, tzinfo=UTC), 1.0, True),
        (datetime(2011, 1, 1, tzinfo=UTC), 1.0, False),
        (None, 1.0, False),
        (None, 0.49, True),
        (NOW, 0.5, False),
    ],
)
def test_incomplete_or_stale(age: datetime | None, completeness: float, stale: bool) -> None:
    assert rules.is_incomplete_or_stale(age, completeness) is stale


# --- course numbers


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("6.001", "06.001"),
        ("18.06", "18.06"),
        ("21G.107", "21G.107"),
        (" 9.00sc ", "09.00SC"),
        ("CMS.608", "CMS.608"),
        ("CS 9", "CS 09"),
        ("", ""),
    ],
)
def test_sort_key_of_course_numbers(number: str, key: str) -> None:
    assert rules.sort_coursenum(number) == key


@given(st.lists(st.integers(1, 99), min_size=2, max_size=20))
def test_course_numbers_sort_as_people_count(departments: list[int]) -> None:
    numbers = [f"{department}.01" for department in departments]
    assert [int(number.split(".")[0]) for number in sorted(numbers, key=rules.sort_coursenum)] == sorted(departments)


# --- what is told of the best run


def test_what_the_best_run_does_not_know_is_told_of_the_resource() -> None:
    @dataclass
    class Told:
        availability: str = ""
        location: str = ""
        duration: str = ""
        min_weeks: int | None = None
        max_weeks: int | None = None
        time_commitment: str = ""
        min_weekly_hours: int | None = None
        max_weekly_hours: int | None = None

    own = Told(availability="anytime", location="Hall", duration="3 weeks", min_weeks=3, max_weeks=3, time_commitment="5 hours")
    run = Told(availability="dated", min_weeks=10, max_weeks=12)
    told = rules.run_dependent(own, run)
    assert told["availability"] == "dated"
    assert told["location"] == "Hall"
    assert (told["duration"], told["min_weeks"], told["max_weeks"]) == ("", 10, 12)  # never a text of one with numbers of the other
    assert told["time_commitment"] == "5 hours"
