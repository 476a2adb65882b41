"""What a start does about the index."""

import shutil

import pytest

from corridor.embedded.prepare import look_after_index
from corridor.learn.catalog.tests.cast import make_resource, publish_now
from corridor.learn.discovery import indexes, indexing, maintenance, verification
from corridor.search.errors import EncoderUnavailable
from tests.fixtures.index import Index

pytestmark = pytest.mark.django_db


@pytest.fixture
def missing(index: Index, monkeypatch: pytest.MonkeyPatch) -> Index:
    """Three resources, and no index."""
    monkeypatch.setattr(verification, "A_MOMENT", 0.0)
    publish_now(*(make_resource(f"R{number}", title=f"Course {number}") for number in range(3)))
    shutil.rmtree(index.home / "index")
    return index


def test_a_missing_index_is_made_and_embedded(missing: Index, capsys: pytest.CaptureFixture[str]) -> None:
    assert maintenance.unfit() == ["resources", "contents"]
    look_after_index()
    assert indexing.without_vector() == []
    told = capsys.readouterr().err
    assert "Indexed 3 resources" in told
    assert "Embedded 3 resources" in told
    look_after_index()
    assert capsys.readouterr().err == "", "a second start has nothing to do"


def test_an_index_of_another_definition_is_made_anew(missing: Index) -> None:
    look_after_index()
    about = indexes.resource_store().folder / "g-000001" / "generation.json"
    about.write_text(about.read_text().replace(indexes.RESOURCES.fingerprint, "of an older Corridor"))
    indexes._resource_store.cache_clear()
    assert maintenance.unfit() == ["resources"]
    look_after_index()
    assert maintenance.unfit() == []
    assert indexing.without_vector() == [], "the vectors were kept"


def test_a_start_goes_on_without_the_encoder(missing: Index, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def away(*_: object) -> None:
        raise EncoderUnavailable("The service is down.")

    monkeypatch.setattr(missing.encoder, "encode", away)
    look_after_index()
    assert indexes.resource_store().snapshot().words.documents == 3
    assert "Search goes by words alone for now: The service is down." in capsys.readouterr().err


def test_a_start_does_not_wait_long_for_meaning(
    missing: Index, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(maintenance, "EMBEDDED_AT_ONCE", 1)
    monkeypatch.setattr(maintenance, "PATIENT_START", -1.0)
    look_after_index()
    assert "Embedded 0 resources for search by meaning; the relay goes on with the rest" in capsys.readouterr().err
    missing.deliver()
    assert indexing.without_vector() == []


def test_a_start_waits_for_the_first_meaning_alone(missing: Index, capsys: pytest.CaptureFixture[str]) -> None:
    look_after_index()
    publish_now(make_resource("R3", title="Course 3"))
    missing.rebuild()
    assert len(indexing.without_vector()) == 1
    capsys.readouterr()
    look_after_index()
    assert "Embedded" not in capsys.readouterr().err
    missing.deliver()
    assert indexing.without_vector() == []
