"""No change may make search worse on the judged collections: words on all of them, meaning on samples of two."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from corridor.search.relevance import judged
from corridor.search.relevance.commands import relevance


def test_scores_hold(shared_data: Path) -> None:
    result = CliRunner().invoke(relevance, ["--check"])
    assert result.exit_code == 0, result.output


def test_the_baseline_holds_what_is_wanted(shared_data: Path) -> None:
    """The figures of all sets in all modes, which the build has no time to work out, are those of the last full run."""
    baseline = judged.read_baseline()
    gains = []
    for each in judged.judged_sets(shared_data):
        scores = {mode: measures["ndcg_at_10"] for mode, measures in baseline[each.name].items()}
        assert each.reference
        assert round(scores["lexical"], 2) >= each.reference[0], each.name
        assert scores["hybrid"] >= scores["lexical"], each.name
        gains.append(scores["hybrid"] / scores["lexical"] - 1)
    assert sum(gains) / len(gains) >= judged.WANTED_GAIN


def test_a_fallen_score_fails(shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raised = judged.read_baseline()
    raised["cranfield"]["lexical"]["ndcg_at_10"] += 0.05
    (tmp_path / "baseline.json").write_text(json.dumps(raised))
    monkeypatch.setattr(judged, "BASELINE", tmp_path / "baseline.json")
    one = next(each for each in judged.judged_sets(shared_data) if each.name == "cranfield")
    monkeypatch.setattr("corridor.search.relevance.commands.judged_sets", lambda folder: [one])
    result = CliRunner().invoke(relevance, ["--check"])
    assert result.exit_code == 1
    assert "cranfield, lexical: ndcg_at_10 fell" in result.output
