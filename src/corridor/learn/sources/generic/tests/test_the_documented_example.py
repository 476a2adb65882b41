"""The example of docs/add-a-source.md does what the page says."""

from decimal import Decimal
from pathlib import Path

import pytest

from corridor.kit.storage import FolderStore
from corridor.learn.catalog.models import LearningResource
from corridor.learn.catalog.reference.load import load_reference
from corridor.learn.ingest import actions
from corridor.learn.ingest.actions import Wish, run_source
from corridor.learn.ingest.models import QuarantinedRecord
from corridor.learn.sources.generic.source import from_file

EXAMPLE = Path(__file__).parents[6] / "docs" / "example-source" / "college.yaml"


@pytest.mark.django_db
def test_three_courses_come_one_row_is_skipped_and_one_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "file_store", lambda: FolderStore(tmp_path))
    load_reference("mit")
    source = from_file(EXAMPLE)
    assert run_source(source, Wish(dry_run=True)).created == 3
    assert not LearningResource.objects.exists()
    run = run_source(source)
    assert (run.created, run.skipped, run.rejected) == (3, 1, 1)
    assert QuarantinedRecord.objects.get().reason.startswith("title: is missing")
    drawing = LearningResource.objects.get(readable_id="ART-3")
    assert set(drawing.topics.values_list("name", flat=True)) >= {"Visual Arts", "Computer Science"}
    assert (drawing.delivery, drawing.min_weeks, drawing.certification) == (["hybrid"], 8, True)
    assert [Decimal(price["amount"]) for price in drawing.resource_prices] == [Decimal(1250)]
    programs = LearningResource.objects.get(readable_id="CS-10").runs.get()
    assert list(programs.instructors.values_list("full_name", flat=True)) == ["Ada Moss", "Iwo Rey"]
    assert (programs.start_date.isoformat(), programs.level) == ("2031-03-03T23:00:00+00:00", ["undergraduate"])
    again = run_source(source)
    assert (again.unchanged, again.created, again.changed, again.documents) == (3, 0, 0, 0)
