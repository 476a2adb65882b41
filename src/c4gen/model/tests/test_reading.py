"""YAML to a model, with the line of each fault."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from c4gen.model.reading import LARGEST, Malformed, parse_model, read_model, yaml_tree, yaml_trees

GOOD = """
meta:
  name: one
  primary_system: one
systems:
  - id: one
    name: One
"""


def test_a_model_is_read():
    model, findings = parse_model(GOOD, "one.yaml")
    assert not findings
    assert model is not None
    assert model.primary.name == "One"


FAULTS = {
    "an unknown key": (GOOD + "    colour: red\n", "model.unknown-key", 8, "systems.0.colour"),
    "an unknown key at the top": (GOOD + "layers: []\n", "model.unknown-key", 8, "layers"),
    "a key that is needed": ("meta:\n  name: one\n", "model.missing-key", 2, "meta.primary_system"),
    "a value of another kind": (GOOD.replace("name: One", "name: [One]"), "model.value", 7, "systems.0.name"),
    "an id with a blank": (GOOD.replace("id: one", "id: o ne"), "model.value", 6, "systems.0.id"),
    "a date that is none": (
        GOOD + "flows:\n  - {id: a, source: one, target: one, asserted: {reason: r, expires: soon}}\n",
        "model.value",
        9,
        "flows.0.asserted.expires",
    ),
    "no YAML": ("meta: [\n", "model.yaml", 2, ""),
    "a key said twice": ("meta: {name: a}\nmeta: {name: b}\n", "model.yaml", 2, "given twice"),
    "two documents": ("a: 1\n---\nb: 2\n", "model.yaml", 3, "more than one document"),
    "an object of Python": ("!!python/object/apply:os.system [ls]\n", "model.value", 1, ""),
    "a list for a key": ("? [a, b]\n: 1\n", "model.yaml", 1, "plain word"),
    "nothing": ("", "model.value", 0, ""),
}


@pytest.mark.parametrize(("text", "code", "line", "named"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_has_its_line(text: str, code: str, line: int, named: str):
    model, findings = parse_model(text, "one.yaml")
    assert model is None
    assert findings[0].code == code
    assert (findings[0].path, findings[0].line) == ("one.yaml", line)
    assert named in findings[0].message


def test_every_fault_is_told():
    _, findings = parse_model(GOOD + "    colour: red\n    size: 3\n", "one.yaml")
    assert [found.line for found in findings] == [8, 9]


def test_a_file_too_large_or_no_text_is_a_finding(tmp_path: Path):
    (tmp_path / "large.yaml").write_text("a: " + "x" * LARGEST)
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe")
    assert read_model(tmp_path / "large.yaml")[1][0].code == "model.yaml"
    assert read_model(tmp_path / "bytes.yaml")[1][0].code == "model.unreadable"
    assert read_model(tmp_path / "none.yaml")[1][0].code == "model.unreadable"


def test_aliases_that_grow_are_refused():
    text = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 30))
    with pytest.raises(Malformed, match="too many values"):
        yaml_tree(text)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab:-{}[]\"'&*|>\n #!%@,?0~<\0"), max_size=60))
def test_any_text_gives_trees_or_a_reason(text: str):
    with suppress(Malformed):
        yaml_trees(text, lenient=True)
    model, findings = parse_model(text, "any.yaml")
    assert model is not None or findings
