"""Facts as a file and back."""

from pathlib import Path

import pytest

from c4gen.extract.run import extract
from c4gen.extract.trees import FolderTree
from c4gen.model.store import UnknownFormat, from_json, to_json

CAMPUS = Path(__file__).parents[2] / "tests" / "fixtures" / "campus"


def test_facts_survive_and_come_out_the_same_each_time():
    trees = [FolderTree(name, CAMPUS / name) for name in ("directory", "front", "ledger", "shop")]
    facts = extract(trees)
    text = to_json(facts)
    assert from_json(text) == facts
    assert to_json(extract(reversed(trees))) == text


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"null", b'{"format": 0}', b'{"format": 1}', b'{"format": 1, "repositories": 3}', b"\xff"]
)
def test_a_file_that_is_none_is_refused_with_a_sentence(content: bytes):
    with pytest.raises(UnknownFormat, match="facts"):
        from_json(content)
