"""What a process remembers of an index: nothing is worked out twice, nothing outlives a change, and it stays within its limit."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from corridor.search.errors import EncoderUnavailable
from corridor.search.memory import Memory
from corridor.search.model import Mode, Search
from corridor.search.ports import Vectors
from corridor.search.searcher import Searcher
from corridor.search.store import IndexStore
from corridor.search.tuning import Tuning

from .cast import DEFINITION, WordEncoder, catalogue, courses, embedded


class AwayAtFirst(WordEncoder):
    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = super().encode(texts)
        if self.calls == 1:
            raise EncoderUnavailable("Not yet.")
        return vectors


def test_what_was_asked_for_the_longest_ago_goes_first():
    memory: Memory[str] = Memory(10)
    memory.keep("a", "first", 4)
    memory.keep("b", "second", 4)
    assert memory.get("a") == "first"
    memory.keep("c", "third", 4)
    assert memory.get("b") is None
    assert (memory.get("a"), memory.get("c")) == ("first", "third")


def test_what_is_heavier_than_the_limit_is_not_kept():
    memory: Memory[str] = Memory(10)
    memory.keep("a", "light", 1)
    memory.keep("b", "heavy", 11)
    assert (memory.get("a"), memory.get("b")) == ("light", None)


def test_the_weight_of_what_went_is_free_again():
    memory: Memory[int] = Memory(3)
    for number in range(100):
        memory.keep(number, number)
    assert [number for number in range(100) if memory.get(number) is not None] == [97, 98, 99]


@pytest.mark.parametrize("text", ["algebra", ""])
def test_a_question_is_answered_once(tmp_path: Path, text: str):
    searcher = catalogue(tmp_path)
    asked = Search(text, filters={"level": ["undergraduate"]}, facets=("topic",), highlight=True)
    assert searcher.search(asked) is searcher.search(replace(asked, filters={"level": ("undergraduate",)}))


@pytest.mark.parametrize(
    "other",
    [
        {"text": "calculus"},
        {"filters": {"level": ["introductory"]}},
        {"filters": {}},
        {"facets": ("unit",)},
        {"sort": "title"},
        {"offset": 1},
        {"limit": 1},
        {"mode": Mode.LEXICAL},
        {"highlight": False},
    ],
)
def test_every_part_of_a_question_tells_it_from_others(tmp_path: Path, other: dict[str, object]):
    searcher = catalogue(tmp_path)
    asked = Search("linear algebra", filters={"level": ["undergraduate"]}, facets=("topic",), highlight=True)
    first = searcher.search(asked)
    assert searcher.search(replace(asked, **other)) is not first


def test_a_change_of_the_index_is_seen_by_the_next_question(tmp_path: Path):
    searcher = catalogue(tmp_path)
    before = searcher.search(Search("algebra"))
    with IndexStore(tmp_path, DEFINITION, encoder=WordEncoder.name).writer() as writer:
        writer.apply(embedded([replace(courses()[0], version=2, body=b'{"id": 1, "title": "Changed"}')]), [])
    after = searcher.search(Search("algebra"))
    assert b"Changed" not in b"".join(hit.body for hit in before.hits)
    assert b"Changed" in b"".join(hit.body for hit in after.hits)


def test_searchers_of_other_tunings_remember_their_own(tmp_path: Path):
    plain = catalogue(tmp_path, meaning=False)
    tuned = Searcher(plain._store, None, Tuning(synonyms=(("quaternions", "algebra"),)))
    assert plain.search(Search("quaternions", mode=Mode.LEXICAL)).total == 0
    assert tuned.search(Search("quaternions", mode=Mode.LEXICAL)).total > 0


def test_an_answer_by_words_alone_is_not_kept_when_meaning_was_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("corridor.search.encoding._REST", 0.0)
    catalogue(tmp_path)
    searcher = Searcher(IndexStore(tmp_path, DEFINITION, encoder=WordEncoder.name), AwayAtFirst())
    assert [searcher.search(Search("algebra")).mode for _ in range(2)] == [Mode.LEXICAL, Mode.HYBRID]
