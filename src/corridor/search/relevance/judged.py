"""The judged collections of development, and the scores that a change must not lower."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

import click
import yaml
from pydantic import BaseModel, ConfigDict

from corridor.search import durable
from corridor.search.model import Mode

from .collection import Fields, Query, reach, read_ids, read_queries, read_records
from .evaluation import Evaluation
from .measures import Measures

_HERE = Path(__file__).parent
BASELINE = _HERE.parents[3] / "tests" / "relevance" / "baseline.json"
# A score may fall by so much before it counts: processors round differently.
TOLERANCE = 0.002
# What is asked of search by words and meaning, against words alone, in the mean over the sets.
WANTED_GAIN = 0.12
_GUARDED = ("ndcg_at_10", "recall_at_100")
# What a build embeds: so many documents around so many queries of this set.
SAMPLED, SAMPLE_DOCUMENTS, SAMPLE_QUERIES = "coursera", 150, 30

Scores = dict[Mode, Measures]
_T = TypeVar("_T")


class JudgedSet(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    documents: Path
    queries: Path
    ids: Path | None = None
    fields: Fields
    reference: tuple[float, float, float]


@dataclass(frozen=True)
class Judged:
    name: str
    records: Sequence[Mapping[str, Any]]
    fields: Fields
    queries: Sequence[Query]
    reference: tuple[float, float, float] | None = None  # nDCG@10, MRR@10, recall@100 of BM25


def shared_data() -> Path:
    folder = Path(os.environ.get("CORRIDOR_SHARED") or _HERE.parents[4] / "shared") / "data"
    if not folder.is_dir():
        raise click.ClickException(
            f"The judged collections are not there: {folder}. Put the folder `shared` beside the checkout, name it in CORRIDOR_SHARED, or give "
            "--documents and --queries of your own."
        )
    return folder


def judged_sets(folder: Path) -> Iterator[Judged]:
    declared = yaml.safe_load((_HERE / "judged.yaml").read_text())
    for name, settings in declared.items():
        chosen = JudgedSet.model_validate(settings)
        records: Sequence[Mapping[str, Any]] = read_records(folder / chosen.documents)
        if chosen.ids:
            records = only(records, chosen.fields, read_ids(folder / chosen.ids))
        yield Judged(name, records, chosen.fields, read_queries(folder / chosen.queries), chosen.reference)


def only(records: Sequence[Mapping[str, Any]], fields: Fields, ids: set[str]) -> list[Mapping[str, Any]]:
    return [record for record in records if ids.intersection(reach(record, fields.id))]


def gain(scores: Mapping[str, Scores]) -> float:
    """Mean over the sets of how much better nDCG@10 is with meaning than by words alone."""
    gains = [each[Mode.HYBRID].ndcg_at_10 / each[Mode.LEXICAL].ndcg_at_10 - 1 for each in scores.values()]
    return sum(gains) / len(gains)


def sample(judged: Judged, documents: int = SAMPLE_DOCUMENTS, queries: int = SAMPLE_QUERIES) -> Judged:
    """Some queries, spread over the set, with the documents they are about and others up to the number. The same each time."""
    chosen = _spread(judged.queries, queries)
    about = {id for query in chosen for id in query.relevant}
    wanted = only(judged.records, judged.fields, about)
    others = [record for record in judged.records if not about.intersection(reach(record, judged.fields.id))]
    return Judged(f"{judged.name}_sample", [*wanted, *_spread(others, documents - len(wanted))], judged.fields, chosen)


def _spread(values: Sequence[_T], count: int) -> list[_T]:
    return [values[at * len(values) // count] for at in range(count)] if 0 < count < len(values) else list(values[: max(count, 0)])


def falls(scores: Mapping[str, Scores]) -> list[str]:
    """What is worse than the baseline, or worse with meaning than without."""
    found = [
        f"{name}: hybrid is below lexical"
        for name, each in scores.items()
        if Mode.HYBRID in each and each[Mode.HYBRID].ndcg_at_10 < each[Mode.LEXICAL].ndcg_at_10
    ]
    return found + compared(scores, read_baseline())


def short(scores: Mapping[str, Scores]) -> list[str]:
    """What is less than wanted of search by words and meaning over all sets."""
    if gain(scores) >= WANTED_GAIN:
        return []
    return [f"hybrid is {gain(scores):.1%} above lexical in the mean, wanted are {WANTED_GAIN:.0%}"]


def compared(scores: Mapping[str, Scores], baseline: Mapping[str, Mapping[str, Mapping[str, float]]]) -> list[str]:
    return [
        f"{name}, {mode.value}: {measure} fell from {before[measure]:.4f} to {now:.4f}"
        for name, modes in scores.items()
        for mode, measures in modes.items()
        if (before := baseline.get(name, {}).get(mode.value))
        for measure in _GUARDED
        if (now := asdict(measures)[measure]) < before[measure] - TOLERANCE
    ]


def read_baseline() -> dict[str, dict[str, dict[str, float]]]:
    baseline: dict[str, dict[str, dict[str, float]]] = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    return baseline


def write_baseline(scores: Mapping[str, Scores]) -> None:
    content = {
        name: {mode.value: {measure: round(value, 4) for measure, value in asdict(each).items()} for mode, each in modes.items()}
        for name, modes in scores.items()
    }
    before = read_baseline()
    merged = before | {name: before.get(name, {}) | modes for name, modes in content.items()}
    durable.replace(BASELINE, durable.json_bytes(merged) + b"\n")


def scores(evaluations: Mapping[Mode, Evaluation]) -> Scores:
    return {mode: each.measures for mode, each in evaluations.items()}
