"""What every engine for words must do. An adapter's tests subclass LexicalContract and say how it is opened."""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from corridor.search.clauses import All, Any, Best, Everything, Field, Fixed, Ids, Nothing, Raised, Scaled, Sequel, Term, Value
from corridor.search.definition import IndexDefinition
from corridor.search.model import Document
from corridor.search.ports import Found, LexicalEngine, LexicalReader

from .cast import DEFINITION, courses

_FORK = multiprocessing.get_context("spawn")


def ids(found: Iterable[Found]) -> list[int]:
    return [each.id for each in found]


def plain(id: int, version: int = 1, title: str = "same words", **values: object) -> Document:
    return Document(id=id, version=version, texts={"title": title}, **values)


def write(engine: LexicalEngine, documents: Iterable[Document] = (), deletes: Iterable[int] = ()) -> LexicalReader:
    with engine.writer() as writer:
        writer.delete(deletes)
        writer.put(documents)
        writer.commit()
    return engine.reader()


class LexicalContract:
    @staticmethod
    def open_engine(folder: Path, definition: IndexDefinition) -> LexicalEngine:
        raise NotImplementedError

    @pytest.fixture
    def engine(self, tmp_path: Path) -> LexicalEngine:
        return self.open_engine(tmp_path / "words", DEFINITION)

    @pytest.fixture
    def reader(self, engine: LexicalEngine) -> LexicalReader:
        return write(engine, courses())

    def word(self, reader: LexicalReader, word: str) -> Term:
        return Term(Field.BAG, reader.stems([word])[0])

    # Documents

    def test_an_empty_index_answers(self, engine: LexicalEngine) -> None:
        reader = engine.reader()
        assert reader.documents == 0
        assert reader.count(Everything(), {}) == 0
        assert ids(reader.top(Everything(), {}, 10)) == []
        assert reader.facets(Everything(), {}, ["unit"]) == {"unit": {}}
        assert reader.versions() == {}

    def test_a_document_comes_back_as_it_went_in(self, reader: LexicalReader) -> None:
        found = reader.top(Ids((1,)), {}, 10)
        (stored,) = reader.load(found)
        assert stored.body == courses()[0].body
        assert list(stored.texts["title"]) == ["Linear Algebra"]
        assert reader.versions([1, 2, 999]) == {1: 1, 2: 1}
        assert reader.versions() == {each.id: 1 for each in courses()}

    def test_an_update_replaces_and_a_delete_removes(self, engine: LexicalEngine, reader: LexicalReader) -> None:
        changed = write(engine, [replace(courses()[0], version=7, texts={"title": "Quaternions"})], deletes=[2])
        assert ids(changed.top(self.word(changed, "quaternion"), {}, 10)) == [1]
        assert changed.documents == len(courses()) - 1
        assert changed.versions([1, 2]) == {1: 7}
        assert ids(reader.top(Ids((1, 2)), {}, 10)) == [1, 2], "a reader keeps seeing what was there when it was asked for"

    def test_what_is_not_committed_is_not_seen(self, engine: LexicalEngine) -> None:
        with engine.writer() as writer:
            writer.put([plain(1)])
            writer.commit()
            writer.put([plain(2)])
        assert engine.reader().versions() == {1: 1}

    def test_the_same_reader_as_long_as_nothing_changes(self, engine: LexicalEngine, reader: LexicalReader) -> None:
        assert engine.reader() is reader
        assert write(engine, [plain(99)]) is not reader

    def test_weights_are_kept(self, engine: LexicalEngine) -> None:
        reader = write(engine, [plain(1, weight=0.25), plain(2)])
        assert reader.weights(reader.ordered(Everything(), {}, "", 0, 2)) == [0.25, 1.0]

    # Matching

    def test_clauses_match_as_they_say(self, reader: LexicalReader) -> None:
        linear, python, cells = self.word(reader, "linear"), self.word(reader, "python"), self.word(reader, "cells")
        phrase = Sequel(Field.WORDS, ("vector", "spaces"))
        cases = [
            (linear, {1, 2, 3}),
            (Any((linear, python)), {1, 2, 3, 7}),
            (Any((linear, phrase, python), 2), {1, 3}),
            (All((linear, phrase)), {1, 3}),
            (All((linear, python)), set()),
            (Best((python, cells)), {7, 19, 20}),
            (phrase, {1, 3}),
            (Sequel(Field.WORDS, ("spaces", "vector")), set()),
            (Fixed(python, 3.0), {7}),
            (Scaled(python, 2.0), {7}),
            (Raised(python, (linear,)), {7}),
            (Ids((3, 5, 777)), {3, 5}),
            (Value("unit", "mitx"), {7, 8, 12, 13}),
            (Value("topic", "COMPUTER SCIENCE"), {4, 5, 6, 7, 11, 23}),
            (Nothing(), set()),
        ]
        for clause, expected in cases:
            assert set(ids(reader.top(clause, {}, 100))) == expected, clause
            assert reader.count(clause, {}) == len(expected), clause

    def test_scores_add_up(self, reader: LexicalReader) -> None:
        def score(clause: object) -> float:
            return {each.id: each.score for each in reader.top(clause, {}, 100)}[1]

        linear, algebra = self.word(reader, "linear"), self.word(reader, "algebra")
        assert score(Any((linear, algebra))) == pytest.approx(score(linear) + score(algebra), rel=1e-5)
        assert score(Best((linear, algebra))) == pytest.approx(max(score(linear), score(algebra)), rel=1e-5)
        assert score(Scaled(linear, 3.0)) == pytest.approx(3 * score(linear), rel=1e-5)
        assert score(Fixed(linear, 4.0)) == pytest.approx(4.0)
        assert score(Raised(Fixed(linear), (algebra,))) == pytest.approx(score(algebra), rel=1e-5)

    def test_more_occurrences_and_shorter_texts_score_higher(self, engine: LexicalEngine) -> None:
        texts = {1: "algebra", 2: "algebra and many other things of which one may speak", 3: "algebra algebra"}
        reader = write(engine, [Document(id=id, version=1, texts={"description": text}) for id, text in texts.items()])
        assert ids(reader.top(Term(Field.BAG, reader.stems(["algebra"])[0]), {}, 3)) == [3, 1, 2]

    def test_filters_narrow_without_touching_scores(self, reader: LexicalReader) -> None:
        clause = Any((self.word(reader, "introduction"), self.word(reader, "computer")))
        free = {each.id: each.score for each in reader.top(clause, {}, 100)}
        filtered = reader.top(clause, {"unit": ["mitx", "xPRO"], "level": ["introductory"]}, 100)
        assert {each.id: each.score for each in filtered} == {id: pytest.approx(free[id]) for id in (7, 11)}
        assert reader.count(clause, {"unit": ["mitx", "xPRO"], "level": ["introductory"]}) == 2
        assert reader.count(clause, {"unit": ["nowhere"]}) == 0

    # Order and pages

    def test_a_shorter_list_begins_a_longer_one(self, engine: LexicalEngine) -> None:
        with engine.writer() as writer:
            for start in range(0, 90, 30):
                writer.put(plain(id) for id in random.Random(start).sample(range(start, start + 30), 30))
                writer.commit()
        reader = engine.reader()
        everything = ids(reader.top(self.word(reader, "same"), {}, 90))
        assert sorted(everything) == list(range(90))
        for limit in (1, 2, 29, 31, 64, 89):
            assert ids(reader.top(self.word(reader, "same"), {}, limit)) == everything[:limit]

    def test_sorts_put_missing_keys_last(self, reader: LexicalReader) -> None:
        everything = [each.id for each in courses()]
        newest = ids(reader.ordered(Everything(), {}, "newest", 0, 100))
        assert newest[:3] == [13, 7, 12]
        assert newest[-2:] == [21, 22], "without a start, by id"
        priced = ids(reader.ordered(Everything(), {}, "price", 0, 100))
        assert priced[:5] == [7, 12, 8, 13, 11]
        assert sorted(newest) == sorted(priced) == everything
        assert ids(reader.ordered(Everything(), {}, "", 0, 100)) == everything

    def test_numbers_sort_as_numbers_and_titles_without_case(self, engine: LexicalEngine) -> None:
        prices = [-10.5, -3, 0, 0.25, 2, 10, 1e9]
        reader = write(
            engine,
            [plain(id, sorts={"price": price, "title": title}) for id, (price, title) in enumerate(zip(prices, "gFeDcBa", strict=True))],
        )
        assert ids(reader.ordered(Everything(), {}, "price", 0, 10)) == list(range(7))
        assert ids(reader.ordered(Everything(), {}, "title", 0, 10)) == list(range(6, -1, -1))

    def test_pages_of_an_order_neither_repeat_nor_lose(self, reader: LexicalReader) -> None:
        whole = ids(reader.ordered(Everything(), {"unit": ["ocw"]}, "price", 0, 100))
        paged = [id for start in range(0, len(whole), 4) for id in ids(reader.ordered(Everything(), {"unit": ["ocw"]}, "price", start, 4))]
        assert paged == whole
        assert ids(reader.ordered(Everything(), {}, "price", 10**12, 20)) == []

    # Facets

    def test_facets_count_documents_not_values(self, reader: LexicalReader) -> None:
        facets = reader.facets(self.word(reader, "computer"), {}, ["unit", "topic"])
        assert facets["unit"] == {"ocw": 1, "mitx": 1, "xPRO": 2}
        assert facets["topic"] == {"Mathematics": 1, "Computer Science": 3, "Humanities": 1}

    def test_spellings_of_one_value_are_one_value(self, engine: LexicalEngine, reader: LexicalReader) -> None:
        more = write(engine, [plain(100, keywords={"topic": ["CHEMISTRY", "Chemistry"], "unit": ["OCW"]})])
        facets = more.facets(Everything(), {}, ["topic", "unit"])
        assert facets["topic"]["Chemistry"] == 2
        assert "CHEMISTRY" not in facets["topic"]
        assert facets["unit"]["OCW"] == 1, "a keyword that does not fold keeps them apart"

    # Words

    def test_frequencies_and_completions(self, reader: LexicalReader) -> None:
        assert reader.frequency(Field.WORDS, "thermodynamics") == 2
        assert reader.frequency(Field.WORDS, "nowhere") == 0
        completions = reader.completions(Field.SUGGEST, "prog", 10)
        assert completions == [("programming", 2), ("programs", 1)]
        assert reader.completions(Field.SUGGEST, "prog", 1) == [("programming", 2)]

    def test_similar_words(self, reader: LexicalReader) -> None:
        cases = {"algebera": "algebra", "thermodinamics": "thermodynamics", "pyhton": "python", "strnag": "strang", "calclus": "calculus"}
        for typed, meant in cases.items():
            assert reader.similar_words(Field.WORDS, typed)[0][0] == meant
        assert reader.similar_words(Field.WORDS, "cat") == [], "short words are not guessed at"
        assert reader.similar_words(Field.SUGGEST, "porgram", prefix=True)[0][0].startswith("program")

    def test_names_are_listed_as_written(self, reader: LexicalReader) -> None:
        assert reader.names(Term(Field.SUGGEST, "strang")) == {"Gilbert Strang": 2}

    def test_explanations_account_for_the_score(self, reader: LexicalReader) -> None:
        clause = self.word(reader, "python")
        explained = reader.explain(clause, 7)
        assert explained is not None
        assert explained["value"] == pytest.approx(reader.top(clause, {}, 1)[0].score, rel=1e-4)
        assert reader.explain(clause, 1) is None

    # Processes and crashes

    def test_another_process_sees_commits(self, tmp_path: Path, engine: LexicalEngine) -> None:
        before = write(engine, [plain(1)])
        worker = _FORK.Process(target=_write_in_process, args=(type(self), tmp_path / "words", [plain(2), plain(3)]))
        worker.start()
        worker.join(60)
        assert worker.exitcode == 0
        assert before.versions() == {1: 1}
        assert engine.reader().versions() == {1: 1, 2: 1, 3: 1}

    @pytest.mark.parametrize("seed", range(3))
    def test_kill_during_writes_leaves_a_committed_state(self, tmp_path: Path, seed: int) -> None:
        folder = tmp_path / "words"
        engine = self.open_engine(folder, DEFINITION)
        worker = _FORK.Process(target=_write_rounds, args=(type(self), folder))
        worker.start()
        _wait_for(lambda: engine.reader().documents > 0)
        time.sleep(random.Random(seed).uniform(0.0, 0.3))
        os.kill(worker.pid or 0, signal.SIGKILL)
        worker.join()
        versions = engine.reader().versions()
        assert sorted(versions) == list(range(_ROUND)), "all documents of a round or none"
        assert len(set(versions.values())) == 1
        reader = write(self.open_engine(folder, DEFINITION), [plain(500)])
        assert reader.versions()[500] == 1, "the next writer goes on"


_ROUND = 20


def _write_in_process(suite: type[LexicalContract], folder: Path, documents: list[Document]) -> None:
    write(suite.open_engine(folder, DEFINITION), documents)


def _write_rounds(suite: type[LexicalContract], folder: Path) -> None:
    engine = suite.open_engine(folder, DEFINITION)
    for version in range(1, 10_000):
        write(engine, [plain(id, version) for id in range(_ROUND)])


def _wait_for(condition: object, patience: float = 30.0) -> None:
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
