"""How well search answers judged queries, beside what else finds words: the same documents, the same queries, one run.

    ./corridor bench relevance [--words] [--json bench/results/relevance.json]

The judged collections of ../shared/data/search. Corridor answers by words, by meaning and by both; --words leaves the vectors out, which take
minutes to make the first time. PostgreSQL ranks as the documentation of Django advises (weights A and B, `websearch`, ts_rank); in `any word` its
query asks for one of the words instead of all. SQLite FTS5 and Xapian stem and rank by BM25, the title twice; bm25s has no stemmer. Each gives up
to 100 documents.
"""

import argparse
import json
import os
import platform
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import bm25s
import psycopg
import xapian

from corridor.search import Document, Mode
from corridor.search.encoders import choose_encoder
from corridor.search.relevance.collection import BODY, CODES, NAMES, TITLE, TOPICS, document, reach
from corridor.search.relevance.embedding import Remembered
from corridor.search.relevance.evaluation import evaluate, indexed
from corridor.search.relevance.judged import Judged, judged_sets, shared_data
from corridor.search.relevance.measures import DEPTH, Measures, measure
from corridor.search.text import STOP_WORDS, words

Ranking = Callable[[str], list[int]]
Row = dict[str, float]
FURTHER = (BODY, NAMES, CODES, TOPICS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--words", action="store_true", help="leave meaning out")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    sets = list(judged_sets(shared_data()))
    found = {judged.name: {**rivals(judged), **ours(judged, options.words)} for judged in sets}
    for name, rows in found.items():
        show(name, rows)
    show("mean of the sets", {title: mean([rows[title] for rows in found.values()]) for title in next(iter(found.values()))})
    if options.json:
        about = {"at": datetime.now(UTC).isoformat(), "python": platform.python_version(), "machine": platform.machine()}
        options.json.write_text(json.dumps({**about, "load": os.getloadavg(), "sets": found}, indent=1) + "\n")


def ours(judged: Judged, words_alone: bool) -> dict[str, Row]:
    encoder = None if words_alone else choose_encoder(threads=os.cpu_count() or 1)
    kept = Path(os.environ.get("CORRIDOR_HOME") or Path(__file__).parents[1] / ".corridor") / "relevance"
    embedder = Remembered(encoder, kept, lambda done, total: None) if encoder else None
    with indexed(judged.records, judged.fields, encoder, embedder) as collection:
        modes = list(Mode) if encoder else [Mode.LEXICAL]
        evaluations = {mode: evaluate(collection, judged.queries, mode) for mode in modes}
    return {f"Corridor, {mode}": row(each.measures, each.seconds, len(judged.queries)) for mode, each in evaluations.items()}


def rivals(judged: Judged) -> dict[str, Row]:
    documents = [document(record, judged.fields, number) for number, record in enumerate(judged.records)]
    outside = [str(next(iter(reach(record, judged.fields.id)), number)) for number, record in enumerate(judged.records)]
    rows = {}
    with tempfile.TemporaryDirectory(prefix="corridor-bench-") as folder:
        for title, make in RIVALS.items():
            ask = make(documents, Path(folder))
            started = time.perf_counter()
            rankings = [(ask(query.text), query.relevant) for query in judged.queries]
            seconds = time.perf_counter() - started
            measured = [measure([outside[number] for number in ranking], relevant) for ranking, relevant in rankings]
            rows[title] = row(Measures.mean(measured), seconds, len(judged.queries))
    return rows


def row(measures: Measures, seconds: float, queries: int) -> Row:
    return {**{name: round(value, 4) for name, value in asdict(measures).items()}, "ms": round(1000 * seconds / max(1, queries), 2)}


def mean(rows: Sequence[Row]) -> Row:
    return {name: round(sum(each[name] for each in rows) / len(rows), 4) for name in rows[0]}


def show(name: str, rows: dict[str, Row]) -> None:
    print(f"\n{name:<30}{'nDCG@10':>10}{'MRR@10':>10}{'R@100':>10}{'S@1':>10}{'ms/query':>10}")
    for title, each in rows.items():
        print(f"{title:<30}" + "".join(f"{value:>10.3f}" for value in each.values()))


# --- the rivals


def _text(each: Document, *names: str) -> str:
    return " ".join(value for name in names for value in ([each.texts[name]] if isinstance(each.texts[name], str) else each.texts[name]))


def _said(text: str) -> list[str]:
    return [word for word in words(text) if word not in STOP_WORDS]


def fts5(documents: Sequence[Document], folder: Path) -> Ranking:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE texts USING fts5(title, further, tokenize='porter unicode61')")
    rows = ((each.id + 1, _text(each, TITLE), _text(each, *FURTHER)) for each in documents)
    database.executemany("INSERT INTO texts(rowid, title, further) VALUES (?, ?, ?)", rows)

    def ask(text: str) -> list[int]:
        query = " OR ".join(f'"{word}"' for word in _said(text)) or '"nothing"'
        found = database.execute(f"SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY bm25(texts, 2, 1) LIMIT {DEPTH}", (query,))
        return [int(number) - 1 for (number,) in found]

    return ask


def of_xapian(documents: Sequence[Document], folder: Path) -> Ranking:
    database = xapian.WritableDatabase(str(folder / "xapian"), xapian.DB_CREATE_OR_OVERWRITE)
    generator = xapian.TermGenerator()
    generator.set_stemmer(xapian.Stem("english"))
    for each in documents:
        made = xapian.Document()
        generator.set_document(made)
        generator.index_text(_text(each, TITLE), 2)
        generator.index_text(_text(each, *FURTHER))
        database.replace_document(each.id + 1, made)
    database.commit()
    parser = xapian.QueryParser()
    parser.set_stemmer(xapian.Stem("english"))
    parser.set_stemming_strategy(xapian.QueryParser.STEM_SOME)
    parser.set_database(database)

    def ask(text: str) -> list[int]:
        enquire = xapian.Enquire(database)
        enquire.set_query(parser.parse_query(" ".join(_said(text))))
        return [match.docid - 1 for match in enquire.get_mset(0, DEPTH)]

    return ask


def of_bm25s(documents: Sequence[Document], folder: Path) -> Ranking:
    retriever = bm25s.BM25()
    texts = [f"{_text(each, TITLE)} {_text(each, TITLE, *FURTHER)}" for each in documents]
    retriever.index(bm25s.tokenize(texts, stopwords="en", show_progress=False), show_progress=False)

    def ask(text: str) -> list[int]:
        said = [word for word in _said(text) if word in retriever.vocab_dict]
        if not said:
            return []
        numbers, _ = retriever.retrieve([said], k=min(DEPTH, len(documents)), show_progress=False)
        return [int(number) for number in numbers[0]]

    return ask


def postgresql(any_word: bool) -> Callable[[Sequence[Document], Path], Ranking]:
    def make(documents: Sequence[Document], folder: Path) -> Ranking:
        connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
        connection.execute("DROP TABLE IF EXISTS pg_temp.texts")
        connection.execute("CREATE TEMP TABLE texts (id int, told tsvector)")
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO texts VALUES (%s, setweight(to_tsvector('english', %s), 'A') || setweight(to_tsvector('english', %s), 'B'))",
                [(each.id, _text(each, TITLE).replace("\0", ""), _text(each, *FURTHER).replace("\0", "")[:500_000]) for each in documents],
            )
        connection.execute("CREATE INDEX ON texts USING gin (told)")

        def ask(text: str) -> list[int]:
            query = " or ".join(_said(text)) if any_word else text
            found = connection.execute(
                "SELECT id FROM texts, websearch_to_tsquery('english', %s) query WHERE told @@ query ORDER BY ts_rank(told, query) DESC, id LIMIT %s",
                (query.replace("\0", ""), DEPTH),
            )
            return [int(number) for (number,) in found]

        return ask

    return make


RIVALS: dict[str, Callable[[Sequence[Document], Path], Ranking]] = {
    "PostgreSQL": postgresql(any_word=False),
    "PostgreSQL, any word": postgresql(any_word=True),
    "SQLite FTS5": fts5,
    "Xapian": of_xapian,
    "bm25s": of_bm25s,
}


if __name__ == "__main__":
    main()
