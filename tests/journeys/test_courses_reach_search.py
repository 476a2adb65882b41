"""A course made in MITx Online is found in Learn, which reads it over HTTP like anybody's; one that goes is taken off."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import orjson
import pytest
from django.test import Client

from corridor.config import load
from corridor.kit import clock
from corridor.kit.storage import FolderStore
from corridor.learn.ingest import actions as ingest
from corridor.learn.ingest.archive import Archive
from corridor.learn.ingest.models import IngestRun
from corridor.learn.sources import OWN_REFERENCE, mitx_online
from corridor.learn.sources.mitxonline.source import MitxOnline
from corridor.mitxonline.catalog import actions, trees
from corridor.mitxonline.catalog.requirements import all_of, course
from tests.fixtures.index import Index

SHOWN = {"live": True, "include_in_learn_catalog": True, "description": "How wicks draw oil."}


def make_course(number: str, title: str) -> int:
    id = actions.create_course(readable_id=f"course-v1:NorthmereX+{number}", title=title, live=True, prospectus=SHOWN)
    now = clock.now()
    fields = {
        "title": title, "courseware_id": f"course-v1:NorthmereX+{number}+1T", "run_tag": "1T", "live": True,
        "start_date": now - timedelta(days=9), "end_date": now + timedelta(days=90), "enrollment_start": now - timedelta(days=30),
    }  # fmt: skip
    actions.create_run(id, fields=fields)
    return id


class Learn:
    """Learn's side: its source, read from our own site, and its search."""

    def __init__(self, site: str, store: Path, index: Index) -> None:
        api = f"{site}/mitxonline/api/v2"
        self.source = MitxOnline(api=api, address=api, site=urljoin(api, "/"), reference_set=OWN_REFERENCE)
        self.archive, self.index = Archive(FolderStore(store)), index

    def pull(self) -> IngestRun:
        run = ingest.run_source(self.source)
        assert run.status == IngestRun.Status.SUCCEEDED, run.error
        self.index.deliver()
        return run

    def received(self, run: IngestRun) -> list[dict[str, Any]]:
        """The rows that the site sent in a run."""
        pages = self.archive.read_manifest(run.raw_key).payloads.values()
        return [row for page in pages for row in orjson.loads(self.archive.open(page.key).read())["results"]]

    def found(self, client: Client, question: str) -> list[str]:
        results = client.get("/api/v1/learning_resources_search/", {"q": question}).json()["results"]
        return [row["readable_id"] for row in results]


@pytest.fixture
def learn(site: str, index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Learn:
    monkeypatch.setattr(ingest, "file_store", lambda: FolderStore(tmp_path / "raw"))
    return Learn(site, tmp_path / "raw", index)


def test_a_course_is_found_changed_and_taken_off(learn: Learn, client: Client) -> None:
    wicks, lamps = make_course("LN.01x", "Wicks and Oil"), make_course("LN.02x", "Lamps of the Harbour")
    program = actions.create_program(readable_id="program-v1:NorthmereX+LIGHT", title="Keepers of Light", live=True, prospectus=SHOWN)
    trees.set_requirements(program, [all_of(course(wicks))])
    assert learn.pull().created == 3
    assert learn.found(client, "wicks and oil")[0] == "course-v1:NorthmereX+LN.01x"
    assert learn.found(client, "keepers of light")[0] == "program-v1:NorthmereX+LIGHT"

    again = learn.pull()
    assert (again.created, again.changed, again.unchanged, learn.received(again)) == (0, 0, 3, [])

    actions.edit_course(wicks, fields={"title": "Tallow and Rushlight"})
    changed = learn.pull()
    told = {row["readable_id"] for row in learn.received(changed)}
    assert told == {"course-v1:NorthmereX+LN.01x", "program-v1:NorthmereX+LIGHT"}  # a program tells of its first course
    assert (changed.changed, changed.unchanged) == (1, 2)
    assert learn.found(client, "tallow and rushlight")[0] == "course-v1:NorthmereX+LN.01x"

    actions.delete_course(lamps)
    actions.edit_program(program, fields={"live": False})
    assert learn.pull().unpublished == 2
    assert learn.found(client, "lamps of the harbour") == learn.found(client, "keepers of light") == []


def test_our_own_courses_are_read_unless_others_are_named() -> None:
    own = mitx_online(load({"CORRIDOR_BASE_URL": "http://127.0.0.1:8123"}))
    assert (own.address, own.site) == ("http://127.0.0.1:8123/mitxonline/api/v2", "http://127.0.0.1:8123/")
    named = mitx_online(load({"MITXONLINE_API_URL": "https://courses.example.org/api/v2"}))
    alone = mitx_online(load({"CORRIDOR_SYSTEMS": "learn"}))
    assert [(each.address, each.api) for each in (named, alone)] == [
        ("", "https://courses.example.org/api/v2"),
        ("", "https://mitxonline.mit.edu/api/v2"),
    ]
