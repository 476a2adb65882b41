"""The demo goes the way of real catalogues, and arrives."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django import DjangoDbBlocker

from corridor.kit import clock
from corridor.learn.catalog.models import LearningResource, Relationship, ResourceDocument, Topic
from corridor.learn.channels.models import Channel
from corridor.learn.content.models import ContentFile
from corridor.learn.demo.actions import is_unfinished, load_demo
from corridor.learn.ingest.actions import run_source
from corridor.learn.ingest.errors import SourceUnknown
from corridor.learn.ingest.models import IngestRun, MergeEntry, QuarantinedRecord, SourceSetting
from corridor.learn.sources import source_named
from tests.fixtures.database import for_many_tests

from .cast import TODAY, catalogue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

LISTED_TWICE = 7  # by Northmere Online and by the consortium


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[IngestRun]]:
    """The demo, loaded once for the tests of this file."""
    with for_many_tests(django_db_blocker), clock.fixed(TODAY):
        yield load_demo()


def test_everything_arrives_and_nothing_is_refused(loaded: list[IngestRun]) -> None:
    records = catalogue()
    assert QuarantinedRecord.objects.count() == 0
    assert {run.status for run in loaded} == {IngestRun.Status.SUCCEEDED}
    assert sum(run.seen for run in loaded) == len(records)
    assert LearningResource.objects.filter(published=True).count() == len(records) - LISTED_TWICE
    assert MergeEntry.objects.count() == LISTED_TWICE
    assert Relationship.objects.count() == sum(len(each.record.children or ()) for each in records)
    assert ContentFile.objects.count() == sum(len(each.record.content_files or ()) for each in records)
    assert ResourceDocument.objects.filter(published=True).count() == LearningResource.objects.count()
    assert not Topic.objects.filter(resources=None).exists()


def test_a_course_listed_twice_is_its_own_providers() -> None:
    course = LearningResource.objects.get(readable_id="NorthmereX+CS.70x")
    assert (course.platform_id, course.offered_by_id) == ("online", "online")
    assert course.runs.count() == 4


def test_channels_speak_and_units_feature() -> None:
    assert not Channel.objects.filter(public_description="").exists()
    assert not Channel.objects.filter(published=False).exists()
    assert Channel.objects.exclude(featured_list=None).count() == 6
    assert Channel.objects.get(unit="pro").configuration["heading"] == "Back to the laboratory"


def test_loading_again_in_the_same_week_writes_nothing() -> None:
    documents, channels = versions(), list(Channel.objects.order_by("id").values())
    with clock.fixed(TODAY + timedelta(days=2)):
        again = load_demo()
    assert {(run.created, run.changed, run.unpublished) for run in again} == {(0, 0, 0)}
    assert versions() == documents
    assert list(Channel.objects.order_by("id").values()) == channels


def test_loading_again_weeks_later_moves_runs_and_makes_none() -> None:
    runs = set(LearningResource.objects.values_list("id", "runs__run_id"))
    with clock.fixed(TODAY + timedelta(weeks=9)):
        again = load_demo()
    assert {(run.created, run.unpublished) for run in again} == {(0, 0)}
    assert sum(run.changed for run in again) > 100
    assert set(LearningResource.objects.values_list("id", "runs__run_id")) == runs


def test_words_of_staff_are_kept() -> None:
    Channel.objects.filter(unit="open").update(public_description="Ours", featured_list=None)
    Channel.objects.filter(unit="pro").update(featured_list=LearningResource.objects.get(readable_id="path-water"))
    with clock.fixed(TODAY):
        load_demo()
    assert Channel.objects.get(unit="open").public_description == "Ours"
    featured = dict(Channel.objects.filter(unit__in=["open", "pro"]).values_list("unit", "featured_list__readable_id"))
    assert featured == {"open": "featured-open", "pro": "path-water"}


def test_a_load_that_was_cut_short_is_known_and_completed(loaded: list[IngestRun]) -> None:
    assert not is_unfinished()
    IngestRun.objects.filter(source="demo_library").update(status=IngestRun.Status.INTERRUPTED)
    assert is_unfinished()
    with clock.fixed(TODAY):
        load_demo()
    assert not is_unfinished()
    IngestRun.objects.all().delete()
    assert not is_unfinished()


def test_whoever_waits_is_told_what_is_being_done() -> None:
    told: list[str] = []
    with clock.fixed(TODAY):
        load_demo(told.append)
    assert told[0] == "units, departments and topics"
    assert {"Northmere Online", "Quayside Executive Education"} < set(told)


def test_a_provider_of_the_demo_is_a_source_by_name_where_it_is_loaded() -> None:
    with clock.fixed(TODAY):
        assert run_source(source_named("demo_open")).unchanged > 0
    IngestRun.objects.all().delete()
    SourceSetting.objects.all().delete()
    with pytest.raises(SourceUnknown):
        source_named("demo_open")


def versions() -> dict[int, int]:
    return dict(ResourceDocument.objects.values_list("resource", "version"))
