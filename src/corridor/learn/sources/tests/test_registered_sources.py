"""What the settings say reaches the sources."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corridor.config import load
from corridor.kit.storage import FolderStore
from corridor.learn.catalog.models import Department, Platform
from corridor.learn.ingest import actions
from corridor.learn.ingest.actions import Wish, run_source
from corridor.learn.ingest.models import IngestRun
from corridor.learn.sources import registered
from corridor.learn.sources.mit_edx.source import MitEdx
from corridor.learn.sources.mitxonline.source import MitxOnline
from corridor.learn.sources.see.source import Sloan

ENVIRONMENT = {
    "MITXONLINE_API_URL": "https://courses.example.org/api/v2",
    "MITXONLINE_ARCHIVES": "s3://archives/mitxonline/",
    "EDX_API_CLIENT_ID": "we",
    "EDX_API_CLIENT_SECRET": "hush",
    "SEE_API_URL": "https://sloan.example.org/api",
    "SEE_API_CLIENT_ID": "we",
    "SEE_API_CLIENT_SECRET": "hush",
}


def test_each_source_has_a_code_a_schedule_and_a_name_of_its_own() -> None:
    found = registered(load({}))
    assert [source.code for source in found] == ["mitxonline", "mit_edx", "xpro", "see", "ocw", "podcast"]
    assert len({source.name for source in found}) == len(found)
    assert all(len(source.schedule.split()) == 5 and source.complete for source in found)


def test_addresses_archives_and_credentials_come_from_the_settings() -> None:
    found = {source.code: source for source in registered(load(ENVIRONMENT))}
    online, edx, sloan = found["mitxonline"], found["mit_edx"], found["see"]
    assert isinstance(online, MitxOnline)
    assert (online.site, online.places()) == ("https://courses.example.org/", ("s3://archives/mitxonline/",))
    assert isinstance(edx, MitEdx)
    assert edx.client
    assert (edx.client.scheme, edx.client.client_secret) == ("JWT", "hush")
    assert isinstance(sloan, Sloan)
    assert sloan.client
    assert (sloan.address, sloan.client.token_address) == ("https://sloan.example.org/api", "https://sloan.example.org/oauth/token")
    assert "hush" not in repr(found)


def test_without_credentials_no_one_signs_on() -> None:
    assert all(getattr(source, "client", None) is None for source in registered(load({})))


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["mitxonline", "mit_edx", "xpro", "see", "ocw", "podcast"])
def test_a_source_can_be_read_into_a_catalogue_that_knows_nothing_of_it(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after `corridor up`, whose demo has platforms and departments of its own."""
    monkeypatch.setattr(actions, "file_store", lambda: FolderStore(tmp_path))
    Platform.objects.create(code="ocw", name="Courseware that a catalogue of files has brought")
    learn_alone = load({"CORRIDOR_SYSTEMS": "learn"})
    source: Any = next(source for source in registered(learn_alone) if source.code == code)
    without_archives = {"archives": ""} if hasattr(source, "archives") else {}
    run = run_source(replace(source, **without_archives), Wish(str(Path(__file__).parents[1] / code / "fixture")))
    refused = [each["reason"] for each in run.difference.get("rejected", ()) if "reference data" in each["reason"]]
    assert (run.status, refused) == (IngestRun.Status.SUCCEEDED, [])
    assert run.created
    assert Department.objects.exists()
    assert not any("reference data" in kind for kind in run_source(replace(source, **without_archives), Wish(str(tmp_path))).warnings)
