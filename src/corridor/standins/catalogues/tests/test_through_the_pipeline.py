"""The sources' invented catalogues, read as a provider's over HTTP and brought into the catalogue."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from corridor.kit.storage import FolderStore
from corridor.kit.tests.misbehaving import serving
from corridor.learn.catalog.models import LearningResource, Relationship, Run
from corridor.learn.catalog.reference.load import load_reference
from corridor.learn.content.models import ContentFile
from corridor.learn.ingest import actions
from corridor.learn.ingest.actions import Wish, run_source
from corridor.learn.ingest.models import IngestRun, QuarantinedRecord
from corridor.learn.sources.mitxonline.source import MitxOnline
from corridor.learn.sources.ocw.source import OpenCourseware
from corridor.learn.sources.olx.tests.test_olx import FILES, packed
from corridor.learn.sources.podcast.source import Podcasts
from corridor.standins.catalogues import Served, serve
from corridor.standins.catalogues.server import SOURCES
from corridor.standins.catalogues.tests.test_catalogues import source
from tests.fixtures.database import for_many_tests

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture(scope="module")
def reference(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with for_many_tests(django_db_blocker):
        load_reference("mit")
        yield


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "file_store", lambda: FolderStore(tmp_path / "raw-store"))


@pytest.fixture
def served() -> Iterator[Served]:
    with serve() as running:
        yield running


def counts(run: IngestRun) -> tuple[int, int, int, int]:
    return run.created, run.changed, run.unchanged, run.rejected


@pytest.mark.parametrize(
    ("code", "created", "rejected"),
    [("mitxonline", 6, 1), ("mit_edx", 4, 1), ("xpro", 3, 2), ("see", 2, 1), ("ocw", 6, 0), ("podcast", 5, 0)],
)
def test_a_catalogue_is_taken_in_and_a_second_reading_changes_nothing(code: str, created: int, rejected: int, served: Served) -> None:
    reader = source(code, served)
    assert counts(run_source(reader)) == (created, 0, 0, rejected)
    assert LearningResource.objects.count() == created
    assert QuarantinedRecord.objects.filter(source=code).count() == rejected
    again = run_source(reader)
    assert (again.created, again.changed, again.unchanged) == (0, 0, created)


def test_programs_and_courses_are_tied_together(served: Served) -> None:
    run_source(source("mitxonline", served))
    links = Relationship.objects.filter(parent__readable_id="program-v1:MITxT+TIME").order_by("position")
    assert [(link.child.readable_id.rpartition("+")[2], link.relation_type) for link in links] == [
        ("12.900x", "PROGRAM_COURSES"),
        ("WIND", "PROGRAM_COURSES"),
        ("WATER", "PROGRAM_PROGRAMS"),
        ("2.901x", "PROGRAM_COURSES"),
    ]


def test_textbooks_and_lectures_are_tied_to_the_files_that_they_are_made_of(served: Served) -> None:
    run_source(OpenCourseware(address=str(SOURCES / "ocw/fixture")))
    made = {file.title: file.direct_resource for file in ContentFile.objects.filter(run__isnull=False, direct_resource__isnull=False)}
    assert {title: resource and resource.resource_type for title, resource in made.items()} == {
        "The Book of Ropes": "document",
        "Lecture 1: The Reef Knot": "video",
        "Lecture 2: The Bowline": "video",
    }
    assert ContentFile.objects.get(run__isnull=False, title="Lecture 1: The Reef Knot").content.startswith("Welcome to knots.")


def test_archives_become_the_content_of_their_runs(tmp_path: Path) -> None:
    place = tmp_path / "archives"
    place.mkdir()
    (place / "course-v1:MITxT+12.900x+1T2031.tar.gz").write_bytes(packed(FILES))
    reader = MitxOnline(address=str(SOURCES / "mitxonline/fixture"), archives=str(place))
    run_source(reader)
    run = Run.objects.get(run_id="course-v1:MITxT+12.900x+1T2031")
    assert list(run.content_files.order_by("key").values_list("title", flat=True)) == [
        "open.txt",
        "Overview",
        "Reading",
        "Quiz",
        "Unit",
        "At noon",
    ]
    assert run.checksum
    (place / "course-v1:MITxT+12.900x+1T2031.tar.gz").write_bytes(b"broken in transit")
    run_source(reader)
    assert run.content_files.filter(published=True).count() == 6


def test_a_feed_that_fails_keeps_its_podcast_and_one_that_is_no_longer_named_goes(tmp_path: Path) -> None:
    well = {"is": True}
    feed = (SOURCES / "podcast/fixture/tin-whistle.rss").read_bytes()
    drum, fife = (
        feed.replace(b"whistle.example.org", host).replace(b"<guid>same</guid>", b"") for host in (b"drum.example.org", b"fife.example.org")
    )
    routes = {
        "/failing": lambda r: r.give(feed if well["is"] else b"", 200 if well["is"] else 404),
        "/leaving": lambda r: r.give(drum),
        "/staying": lambda r: r.give(fife),
    }
    with serving(routes) as server:
        (tmp_path / "failing.yaml").write_text(f"rss_url: {server.at('/failing')}\n")
        (tmp_path / "leaving.yaml").write_text(f"rss_url: {server.at('/leaving')}\n")
        (tmp_path / "staying.yaml").write_text(f"rss_url: {server.at('/staying')}\n")
        reader = AtHome(address=str(tmp_path), home=server.address)
        run_source(reader)
        assert published_podcasts() == {"failing": 4, "leaving": 4, "staying": 4}
        well["is"] = False
        (tmp_path / "leaving.yaml").unlink()
        run_source(reader, Wish(allow_unpublish=True))
    assert published_podcasts() == {"failing": 4, "staying": 4}


@dataclass
class AtHome(Podcasts):
    """Podcasts whose feeds may lie on this machine."""

    home: str = ""

    def places(self) -> tuple[str, ...]:
        return (self.home,)


def published_podcasts() -> dict[str, int]:
    """Published episodes of each published podcast, by the end of its address."""
    podcasts = LearningResource.objects.filter(resource_type="podcast", published=True)
    return {podcast.readable_id.rpartition("/")[2]: podcast.child_links.filter(child__published=True).count() for podcast in podcasts}
