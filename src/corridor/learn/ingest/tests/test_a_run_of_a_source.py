"""What a run of a source does with new, changed, unchanged, bad and missing records."""

import random
from datetime import timedelta
from functools import reduce

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from corridor.kit import clock
from corridor.kit.outbox.models import OutboxEvent
from corridor.learn.catalog.models import LearningResource, ResourceDocument
from corridor.learn.ingest.models import IngestRun, QuarantinedRecord, SourceRecord, SourceSetting
from corridor.learn.ingest.source import FetchFailed, Gap, RawRecord

from .cast import Given, course, read, resource, titles

Status = IngestRun.Status


def test_new_records_become_resources_with_documents(alpha: Given) -> None:
    run = read(
        alpha, course("1"), course("2", topics=["Natural Philosophy"], offered_by="unit", departments=["electrical  engineering", "99"])
    )
    assert (run.status, run.seen, run.created, run.documents) == (Status.SUCCEEDED, 2, 2, 2)
    assert titles() == {"Course 1", "Course 2"}
    second = resource("2")
    assert set(second.topics.values_list("name", flat=True)) == {"Physics", "Science"}
    assert [department.name for department in second.departments.all()] == ["Electrical Engineering"]
    assert run.warnings == {"unknown department": {"99": 1}}
    assert ResourceDocument.objects.filter(published=True).count() == 2
    assert OutboxEvent.objects.filter(topic="learn.resources").count() == 2


def test_a_change_is_told_by_field(alpha: Given) -> None:
    read(alpha, course("1"), course("2"))
    run = read(alpha, course("1", title="Renamed", url="https://x.example/1"), course("2"))
    assert (run.created, run.changed, run.unchanged, run.documents) == (0, 1, 1, 1)
    assert run.changed_fields == {"title": 1, "url": 1}
    assert run.difference["changed"] == [{"key": "1", "fields": {"title": ["Course 1", "Renamed"], "url": [None, "https://x.example/1"]}}]
    assert titles() == {"Renamed", "Course 2"}


def test_unchanged_payloads_are_not_even_mapped(alpha: Given) -> None:
    read(alpha, course("1"), course("2"))
    alpha.mapped = 0
    run = read(alpha, course("1"), course("2"))
    assert (run.unchanged, alpha.mapped) == (2, 0)


def test_a_new_mapping_looks_at_unchanged_payloads_again(alpha: Given) -> None:
    read(alpha, course("1"))
    alpha.mapping_revision, alpha.mapped = 2, 0
    run = read(alpha, course("1"))
    assert (run.unchanged, run.changed, alpha.mapped) == (1, 0, 1)


def test_a_change_that_says_nothing_changes_nothing(alpha: Given) -> None:
    read(alpha, course("1", noise=1))
    version = ResourceDocument.objects.get().version
    run = read(alpha, course("1", noise=2))
    assert (run.unchanged, run.changed, run.documents) == (1, 0, 0)
    assert ResourceDocument.objects.get().version == version


def test_bad_records_are_set_aside_and_the_rest_goes_on(alpha: Given) -> None:
    run = read(
        alpha,
        course("good"),
        course("rejected", reject="no title given"),
        course("invalid", title="", min_weeks=-1),
        course("broken", crash="field"),
        course("stranger", platform="nowhere"),
        course("who", offered_by="nobody"),
    )
    assert (run.status, run.created, run.rejected) == (Status.SUCCEEDED, 1, 5)
    reasons = dict(QuarantinedRecord.objects.values_list("key", "reason"))
    assert reasons["rejected"] == "no title given"
    assert reasons["invalid"].startswith("title: is empty; min_weeks: Input should be greater than or equal to 0")
    assert reasons["broken"] == "the mapping failed with KeyError: 'field'"
    assert "platform 'nowhere' is not in the reference data: add it to platforms.yaml" in reasons["stranger"]
    assert "offeror 'nobody' is not in the reference data" in reasons["who"]


def test_a_bad_record_is_kept_once_and_is_off_the_list_when_it_is_good(alpha: Given) -> None:
    for _ in range(3):
        read(alpha, course("1", reject="bad"))
    assert QuarantinedRecord.objects.get().resolved_at is None
    read(alpha, course("1", reject="worse"))
    assert list(QuarantinedRecord.objects.filter(resolved_at=None).values_list("reason", flat=True)) == ["worse"]
    read(alpha, course("1"))
    assert not QuarantinedRecord.objects.filter(resolved_at=None).exists()


def test_a_bad_record_that_is_given_no_more_is_off_the_list(alpha: Given) -> None:
    read(alpha, course("1", reject="bad"), course("2"))
    read(alpha, course("2"))
    assert not QuarantinedRecord.objects.filter(resolved_at=None).exists()


def test_a_record_that_turns_bad_leaves_what_is_known(alpha: Given) -> None:
    read(alpha, course("1"), course("2"))
    run = read(alpha, course("1", reject="bad"), course("2"))
    assert (run.rejected, run.missing) == (1, 0)
    assert titles() == {"Course 1", "Course 2"}


def test_the_same_record_twice_counts_once_and_another_under_its_key_is_set_aside(alpha: Given) -> None:
    for _ in range(2):
        run = read(alpha, course("1"), course("1"), course("1", title="Another"))
        assert (run.seen, run.rejected) == (2, 1)
        assert titles() == {"Course 1"}
        assert "more than once" in QuarantinedRecord.objects.get(resolved_at=None).reason


def test_two_records_of_one_source_cannot_be_the_same_resource(alpha: Given) -> None:
    for _ in range(2):
        read(alpha, course("1"), course("2", readable_id="1", title="Another"))
        assert titles() == {"Course 1"}
        assert "describes the same course as 1" in QuarantinedRecord.objects.get(resolved_at=None).reason
    read(alpha, course("1"), course("2"))
    assert titles() == {"Course 1", "Course 2"}
    assert not QuarantinedRecord.objects.filter(resolved_at=None).exists()


def test_a_record_under_a_new_key_takes_over_its_resource(alpha: Given) -> None:
    others = [course(str(number)) for number in range(5, 15)]
    read(alpha, course("old", readable_id="1"), *others)
    before = resource("1").id
    read(alpha, course("new", readable_id="1", title="Renamed"), *others)
    assert (resource("1").id, resource("1").title, resource("1").published) == (before, "Renamed", True)
    assert SourceRecord.objects.get(key="old").withdrawn_at


@pytest.mark.parametrize(
    "raw",
    [
        RawRecord("", "course", {}),
        RawRecord("a\0b", "course", {}),
        RawRecord("k" * 2000, "course", {}),
        RawRecord("deep", "course", reduce(lambda inner, _: [inner], range(900), 1)),
        RawRecord("surrogate", "course", {"title": "\ud800"}),
        RawRecord("huge", "course", {"title": "x" * (65 * 2**20)}),
        RawRecord("text", "course", "no object"),
        RawRecord("nothing", "course", None),
    ],
    ids=lambda raw: raw.key[:10],
)
def test_what_is_no_record_at_all_is_set_aside(alpha: Given, raw: RawRecord) -> None:
    for _ in range(2):
        run = read(alpha, raw, course("good"))
        assert (run.status, run.rejected) == (Status.SUCCEEDED, 1)
        assert titles() == {"Course good"}
        assert QuarantinedRecord.objects.get(resolved_at=None).reason


def test_hostile_text_is_only_text(alpha: Given) -> None:
    title = "Robert'); DROP TABLE learn_run;-- \0<script>alert(1)</script>"
    run = read(
        alpha,
        course(
            "1'; --",
            title=title,
            description="<b onclick=x>bold</b><script>x</script>",
            url="javascript:alert(1)",
            details={"old_numbers": ["1\0"]},
        ),
    )
    assert (run.created, run.rejected) == (1, 0)
    stored = resource("1'; --")
    assert stored.title == "Robert'); DROP TABLE learn_run;--"
    assert stored.description == "<b>bold</b>"
    assert (stored.url, stored.details["old_numbers"]) == ("", ["1"])


def test_what_only_the_database_refuses_is_found_and_set_aside(alpha: Given) -> None:
    unwieldy = "".join(map(chr, random.Random(1).choices(range(0x20000, 0x2A000), k=1024)))  # too long for an index
    good = [course(str(number)) for number in range(7)]
    run = read(alpha, *good[:4], course("bad", content_files=[{"key": unwieldy}]), *good[4:])
    assert run.status == Status.SUCCEEDED
    assert run.warnings == {"no resource could be made of it": {"bad": 1}}
    assert titles() == {each["title"] for each in good}
    assert "the database refuses" in QuarantinedRecord.objects.get(resolved_at=None).reason
    read(alpha, *good, course("bad", content_files=[{"key": "file"}]))
    assert "Course bad" in titles()
    assert not QuarantinedRecord.objects.filter(resolved_at=None).exists()


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-12:00", "1799-12-31T00:00:00Z"])
def test_a_moment_out_of_our_time_is_one_bad_record(alpha: Given, moment: object) -> None:
    runs = [{"run_id": "r", "title": "r", "start_date": moment}]
    run = read(alpha, course("good"), course("bad", runs=runs), course("good too"))
    assert (run.status, run.rejected, titles()) == (Status.SUCCEEDED, 1, {"Course good", "Course good too"})
    assert "runs.0.start_date: the year" in QuarantinedRecord.objects.get().reason


def test_what_the_database_gives_and_its_driver_refuses_is_set_aside_too(alpha: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corridor.learn.ingest.records.YEARS", range(1, 10000))
    runs = [{"run_id": "r", "title": "r", "start_date": "0001-01-01T00:00:00+05:00"}]
    run = read(alpha, course("good"), course("bad", runs=runs), course("good too"))
    assert (run.status, titles()) == (Status.SUCCEEDED, {"Course good", "Course good too"})
    assert "the database refuses" in QuarantinedRecord.objects.get().reason


class TestMissing:
    """Ten records, of which some are not given any more."""

    many = [course(str(number)) for number in range(10)]

    def test_days_of_grace_pass_before_it_is_unpublished(self, alpha: Given) -> None:
        read(alpha, *self.many)
        run = read(alpha, *self.many[1:])
        assert (run.status, run.missing, run.unpublished, len(titles())) == (Status.SUCCEEDED, 1, 0, 10)
        with clock.fixed(clock.now() + timedelta(days=3)):
            run = read(alpha, *self.many[1:])
            assert (run.missing, run.unpublished, len(titles())) == (1, 1, 9)
            assert ResourceDocument.objects.filter(published=False).count() == 1
            run = read(alpha, *self.many[1:])
            assert (run.missing, run.unpublished, run.documents) == (0, 0, 0)

    def test_it_is_back_as_it_was_when_it_is_given_again(self, alpha: Given) -> None:
        read(alpha, *self.many)
        before = resource("0").id
        read(alpha, *self.many[1:])
        with clock.fixed(clock.now() + timedelta(days=3)):
            read(alpha, *self.many[1:])
            run = read(alpha, *self.many)
        assert (run.unchanged, run.missing, run.documents) == (10, 0, 1)
        assert (resource("0").id, resource("0").published) == (before, True)
        assert SourceRecord.objects.filter(missing_since=None, withdrawn_at=None).count() == 10

    def test_one_that_returns_in_time_was_never_away(self, alpha: Given) -> None:
        read(alpha, *self.many)
        read(alpha, *self.many[1:])
        with clock.fixed(clock.now() + timedelta(days=1)):
            read(alpha, *self.many)
        with clock.fixed(clock.now() + timedelta(days=3)):
            run = read(alpha, *self.many[1:])
        assert (run.missing, run.unpublished) == (1, 0)

    @pytest.mark.parametrize("given", [many[3:], []])
    def test_too_many_at_once_stop_the_run_and_it_says_how_to_go_on(self, alpha: Given, given: list[dict[str, object]]) -> None:
        read(alpha, *self.many)
        with clock.fixed(clock.now() + timedelta(days=30)):
            run = read(alpha, *given, *([course("new")] if given else []))
        assert (run.status, run.unpublished) == (Status.HALTED, 0)
        assert "Nothing was unpublished" in run.error
        assert "corridor ingest run alpha --allow-unpublish" in run.error
        assert len(titles()) == (11 if given else 10)
        run = read(alpha, *given, allow_unpublish=True)
        assert run.status == Status.SUCCEEDED
        assert len(titles()) == len(given)

    def test_a_reading_that_ends_early_takes_in_what_it_read_and_unpublishes_nothing(self, alpha: Given) -> None:
        read(alpha, *self.many)
        run = read(alpha, course("0", title="Renamed"), FetchFailed("the line is dead"), course("1"), allow_unpublish=True)
        assert (run.status, run.changed, run.missing) == (Status.FAILED, 1, 0)
        assert "the line is dead" in run.error
        assert "Renamed" in titles()
        assert len(titles()) == 10

    def test_what_could_not_be_read_is_not_missing(self, alpha: Given) -> None:
        read(alpha, *self.many, course("b:1"), course("b:2"))
        run = read(alpha, *self.many[1:], Gap("b:", "the feed of b is down"), allow_unpublish=True)
        assert (run.missing, run.warnings) == (1, {"could not be read": {"the feed of b is down": 1}})
        assert titles() >= {"Course b:1", "Course b:2"}
        assert read(alpha, Gap("", "nothing could be read"), allow_unpublish=True).missing == 0

    def test_a_reading_that_gave_nothing_to_use_has_failed(self, alpha: Given) -> None:
        read(alpha, *self.many)
        for given in (
            [Gap("a:", "the feed of a is down"), Gap("b:", "so is that of b")],
            [course("0", reject="bad"), course("1", reject="bad")],
        ):
            run = read(alpha, *given, allow_unpublish=True)
            assert (run.status, run.missing, len(titles())) == (Status.FAILED, 0, 10)
            assert "Nothing was unpublished" in run.error

    def test_a_part_of_a_source_unpublishes_nothing(self, alpha: Given) -> None:
        read(alpha, *self.many)
        assert read(alpha, *self.many, limit=3, allow_unpublish=True).missing == 0
        alpha.complete = False
        assert read(alpha, self.many[0], allow_unpublish=True).missing == 0

    def test_what_is_not_wanted_any_more_counts_as_missing(self, alpha: Given) -> None:
        read(alpha, *self.many)
        run = read(alpha, *self.many[1:], course("0", skip="deleted by its teacher"))
        assert (run.skipped, run.missing, run.rejected) == (1, 1, 0)

    def test_what_is_in_test_mode_is_not_hidden(self, alpha: Given) -> None:
        read(alpha, *self.many, course("kept", test_mode=True))
        read(alpha, *self.many, allow_unpublish=True)
        assert resource("kept").published


def test_a_dry_run_shows_the_difference_and_changes_nothing(alpha: Given) -> None:
    read(alpha, course("1"), course("2"), course("3"), course("4"), course("5"))
    before = list(LearningResource.objects.order_by("id").values())
    records = list(SourceRecord.objects.order_by("id").values())
    run = read(
        alpha, course("1", title="Renamed"), course("2"), course("4"), course("5"), course("6"), course("7", reject="bad"), dry_run=True
    )
    assert run.dry_run
    assert (run.status, run.created, run.changed, run.unchanged, run.rejected, run.missing) == (Status.SUCCEEDED, 1, 1, 3, 1, 1)
    assert run.difference["created"] == [{"key": "6", "title": "Course 6"}]
    assert list(LearningResource.objects.order_by("id").values()) == before
    assert list(SourceRecord.objects.order_by("id").values()) == records
    assert not QuarantinedRecord.objects.exists()
    assert IngestRun.objects.get(id=run.id).created == 1


def test_a_dry_run_of_a_source_that_is_new_leaves_no_source_behind(alpha: Given) -> None:
    assert read(alpha, course("1"), dry_run=True).created == 1
    assert not SourceSetting.objects.exists()
    read(alpha, course("1"))
    assert SourceSetting.objects.get().name == alpha.name


def test_more_records_do_not_mean_more_queries(alpha: Given) -> None:
    def queries(count: int) -> int:
        alpha.code = f"source{count}"
        runs = [{"run_id": "r", "title": "r", "instructors": [{"full_name": f"Teacher {number % 7}"} for number in range(3)]}]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            read(alpha, *(course(f"{count}-{number}", topics=["Physics"], content_tags=["Notes"], runs=runs) for number in range(count)))
        return len(captured)

    queries(1)
    assert queries(200) <= queries(20)
