"""What else can be had in process: the same documents and questions for SQLite FTS5, Xapian and bm25s.

Each answers with the 20 best ids; FTS5 and Xapian count the eight facets too. None of them loads, highlights, corrects or reads
course numbers, which Corridor does in the time it is given.
"""

import re
import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench.search_catalogue import FACETS
from corridor.search import Document
from corridor.search.text import STOP_WORDS, words

Ask = Callable[[str], object]


def _text(document: Document, name: str) -> str:
    value = document.texts[name]
    return value if isinstance(value, str) else " ".join(value)


def fts5(documents: Sequence[Document], folder: Path) -> Ask:
    database = sqlite3.connect(folder / "fts.db")
    database.execute("CREATE VIRTUAL TABLE texts USING fts5(title, description, people, numbers, tokenize='porter unicode61')")
    database.execute(f"CREATE TABLE facets (id INTEGER PRIMARY KEY, {', '.join(FACETS)})")
    rows = ((each.id, *(_text(each, name) for name in ("title", "description", "people", "numbers"))) for each in documents)
    database.executemany("INSERT INTO texts(rowid, title, description, people, numbers) VALUES (?,?,?,?,?)", rows)
    values = ((each.id, *(next(iter(each.keywords[name]), None) for name in FACETS)) for each in documents)
    database.executemany(f"INSERT INTO facets VALUES ({','.join('?' * (len(FACETS) + 1))})", values)
    database.commit()

    def ask(text: str) -> object:
        query = " OR ".join(f'"{word}"' for word in words(text) if word not in STOP_WORDS) or '"nothing"'
        best = database.execute(
            "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY bm25(texts, 2, 1, 1, 1) LIMIT 20", (query,)
        ).fetchall()
        database.execute("CREATE TEMP TABLE found AS SELECT rowid AS id FROM texts WHERE texts MATCH ?", (query,))
        for name in FACETS:
            database.execute(f"SELECT {name}, count(*) FROM found JOIN facets USING (id) GROUP BY 1").fetchall()
        database.execute("DROP TABLE found")
        return best

    return ask


def xapian(documents: Sequence[Document], folder: Path) -> Ask:
    import xapian as engine

    database = engine.WritableDatabase(str(folder / "xapian"), engine.DB_CREATE_OR_OPEN)
    generator = engine.TermGenerator()
    generator.set_stemmer(engine.Stem("english"))
    for each in documents:
        made = engine.Document()
        generator.set_document(made)
        generator.index_text(_text(each, "title"), 2)
        for name in ("description", "people", "numbers"):
            generator.index_text(_text(each, name))
        for slot, name in enumerate(FACETS):
            made.add_value(slot, next(iter(each.keywords[name]), ""))
        database.add_document(made)
    database.commit()
    parser = engine.QueryParser()
    parser.set_stemmer(engine.Stem("english"))
    parser.set_stemming_strategy(engine.QueryParser.STEM_SOME)
    parser.set_database(database)

    def ask(text: str) -> object:
        enquire = engine.Enquire(database)
        enquire.set_query(parser.parse_query(" ".join(words(text))))
        spies = [engine.ValueCountMatchSpy(slot) for slot in range(len(FACETS))]
        for spy in spies:
            enquire.add_matchspy(spy)
        best = [match.docid for match in enquire.get_mset(0, 20, database.get_doccount())]
        return best, [[(value.term, value.termfreq) for value in spy.values()] for spy in spies]

    return ask


def bm25s(documents: Sequence[Document], folder: Path) -> Ask:
    import bm25s as engine

    texts = [f"{_text(each, 'title')} {_text(each, 'title')} {_text(each, 'description')} {_text(each, 'people')}" for each in documents]
    retriever = engine.BM25()
    retriever.index(engine.tokenize(texts, stopwords="en", show_progress=False), show_progress=False)

    def ask(text: str) -> object:
        said = [word for word in re.findall(r"\w\w+", text.lower()) if word in retriever.vocab_dict]
        return retriever.retrieve([said], k=20, show_progress=False) if said else None

    return ask


RIVALS: dict[str, Callable[[Sequence[Document], Path], Ask]] = {"SQLite FTS5": fts5, "Xapian": xapian, "bm25s (no facets)": bm25s}


def built(make: Callable[[Sequence[Document], Path], Ask], documents: Sequence[Document], folder: Path) -> tuple[Ask, dict[str, Any]]:
    started = time.perf_counter()
    ask = make(documents, folder)
    return ask, {"build_seconds": round(time.perf_counter() - started, 2)}
