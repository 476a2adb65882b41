"""Each source, read over HTTP from the stand-in as from its provider, gives what the files behind it give."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner

from corridor.learn.ingest.oauth import Client
from corridor.learn.ingest.source import FetchFailed, Source
from corridor.learn.sources.mit_edx.source import MitEdx
from corridor.learn.sources.mitxonline.source import MitxOnline
from corridor.learn.sources.ocw.source import OpenCourseware
from corridor.learn.sources.podcast.source import Podcasts
from corridor.learn.sources.see.source import Sloan
from corridor.learn.sources.tests.reading import fetcher, read
from corridor.learn.sources.xpro.source import Xpro
from corridor.standins.catalogues import Served, serve
from corridor.standins.catalogues.providers import CLIENT_ID, CLIENT_SECRET
from corridor.standins.catalogues.server import SOURCES
from corridor.standins.commands import standin


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serve() as running:
        yield running


def source(code: str, served: Served, **options: Any) -> Source:
    """The source, signed on where it must be."""
    kinds: dict[str, type[Any]] = {
        "mitxonline": MitxOnline, "mit_edx": MitEdx, "xpro": Xpro, "see": Sloan, "ocw": OpenCourseware, "podcast": Podcasts,
    }  # fmt: skip
    if code in served.token_addresses:
        options["client"] = Client(served.token_addresses[code], CLIENT_ID, CLIENT_SECRET, "JWT" if code == "mit_edx" else "Bearer")
    found: Source = kinds[code](address=served.addresses[code], **options)
    return found


@pytest.mark.parametrize("code", ["mitxonline", "mit_edx", "xpro", "see"])
def test_over_http_as_from_files(code: str, served: Served, tmp_path: Path) -> None:
    there = read(source(code, served), tmp_path / "there", [served.base])
    here = read(type(source(code, served))(address=str(SOURCES / code / "fixture")), tmp_path / "here")
    assert there.records
    assert (there.records, there.skipped, there.rejected, there.gaps) == (here.records, here.skipped, here.rejected, [])


def test_courseware_from_its_site_as_from_files_but_for_what_lies_beside(served: Served, tmp_path: Path) -> None:
    there = read(source("ocw", served), tmp_path / "there")
    here = read(OpenCourseware(address=str(SOURCES / "ocw/fixture")), tmp_path / "here")
    assert there.records.keys() == here.records.keys()
    course = "18-900-knots-and-ropes-spring-2031/"
    assert there.records[course].model_copy(update={"content_files": None}) == here.records[course].model_copy(
        update={"content_files": None}
    )
    assert [file.key for file in there.records[course].content_files or ()] == [
        file.key for file in here.records[course].content_files or ()
    ]


def test_podcasts_from_a_repository(served: Served, tmp_path: Path) -> None:
    outcome = read(source("podcast", served), tmp_path, [served.base])
    assert outcome.kinds() == {"podcast": 1, "podcast_episode": 4}
    assert [gap.key_prefix for gap in outcome.gaps] == [f"{served.base.removeprefix('http://')}/podcasts/files/gone.rss#"]


def test_real_listings_come_in_pages_and_arrive_whole(shared_data: Path, tmp_path: Path) -> None:
    with serve(shared_data / "sources") as served:
        first = requests.get(f"{served.addresses['mitxonline']}courses/?page_size=5", timeout=5).json()
        assert (len(first["results"]), first["previous"]) == (5, None)
        assert first["next"].startswith(f"{served.base}/mitxonline/api/v2/courses/?page_size=5&page=2")
        read_there = {code: read(source(code, served), tmp_path / code, [served.base]) for code in ("mitxonline", "mit_edx", "see")}
    assert {code: (outcome.kinds().get("course"), len(outcome.gaps)) for code, outcome in read_there.items()} == {
        "mitxonline": (32, 0),  # of 39, 7 of which are proctored exams
        "mit_edx": (2, 0),
        "see": (41, 0),
    }


@pytest.mark.parametrize("code", ["mit_edx", "see"])
def test_strangers_get_nothing(code: str, served: Served, tmp_path: Path) -> None:
    for client in (None, Client(served.token_addresses[code], CLIENT_ID, "wrong")):
        stranger = source(code, served)
        stranger.client = client
        with pytest.raises(FetchFailed, match="401"):
            list(stranger.fetch(fetcher(tmp_path, served.base)))


def test_an_unchanged_answer_is_not_sent_again(served: Served) -> None:
    first = requests.get(f"{served.addresses['xpro']}courses/", timeout=5)
    again = requests.get(f"{served.addresses['xpro']}courses/", headers={"If-None-Match": first.headers["ETag"]}, timeout=5)
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert requests.head(f"{served.addresses['xpro']}courses/", timeout=5).content == b""


@pytest.mark.parametrize(
    "path",
    ["/", "/ocw/../../secret", "/podcasts/files/../../../pyproject.toml", "/podcasts/files/%2e%2e/source.py", "/ocw/courses/x/data.json"],
)
def test_nothing_else_is_served(path: str, served: Served) -> None:
    session = requests.Session()
    request = requests.Request("GET", served.base).prepare()
    request.url = served.base + path
    assert session.send(request, timeout=5).status_code == 404


def test_a_taken_port_is_a_sentence(served: Served) -> None:
    result = CliRunner().invoke(standin, ["catalogues", "--port", served.base.rpartition(":")[2]])
    assert result.exit_code == 1
    assert "name another one with --port" in result.output
