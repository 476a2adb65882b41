"""What a typed model can still get wrong."""

from datetime import date
from pathlib import Path

import pytest

from c4gen.model.findings import Severity
from c4gen.model.validate import check_across, check_model
from c4gen.tests.code import model

TODAY = date(2026, 6, 1)
BASE = """
meta: {name: one, primary_system: one}
actors: [{id: person, name: Person}]
systems:
  - id: one
    name: One
    containers:
      - {id: web, name: Web, components: [{id: part, name: Part, relationships: [{target: TARGET}]}]}
      - {id: db, name: Database, shape: db}
  - {id: two, name: Two}
flows:
  - {id: asks, source: web, target: two}
  - {id: tells, source: two, target: one, sync: false}
"""


def said(text: str, roots: dict[str, Path] | None = None) -> list[tuple[str, str]]:
    return [(found.code, found.message) for found in check_model(model(text.replace("TARGET", "two")), "one.yaml", TODAY, roots)]


def test_a_sound_model_has_no_finding():
    assert said(BASE) == []


WRONG = {
    "a box twice": (BASE.replace("id: two, name", "id: web, name"), "model.twice", "'web'"),
    "a flow twice": (BASE.replace("id: tells", "id: asks"), "model.twice", "'asks'"),
    "a primary system that is none": (BASE.replace("primary_system: one", "primary_system: nine"), "model.primary", "'nine'"),
    "a container of another system": (BASE.replace("primary_system: one", "primary_system: one, api_container: nine"), "model.api-container", "'nine'"),
    "a flow to nobody": (BASE.replace("source: web, target: two", "source: web, target: nine"), "model.unknown-id", "'nine'"),
    "a component that points at nothing": (BASE.replace("TARGET", "nine"), "model.unknown-id", "'nine'"),
    "a step to nobody": (BASE + "scenarios: [{id: s, title: S, steps: [{source: web, target: nine}]}]\n", "model.unknown-id", "'nine'"),
    "a step without a flow": (BASE + "scenarios: [{id: s, title: S, steps: [{source: person, target: web}]}]\n", "model.step-without-flow", "person to web"),
    "a step that waits for what does not": (BASE + "scenarios: [{id: s, title: S, steps: [{source: two, target: web}]}]\n", "model.step-sync", "'tells'"),
    "an assertion past its date": (
        BASE + "  - {id: old, source: one, target: two, asserted: {reason: r, expires: 2026-05-31}}\n", "model.expired", "2026-05-31"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "code", "named"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_named(text: str, code: str, named: str):
    found = said(text)
    assert code in {one for one, _ in found}
    assert any(named in message for one, message in found if one == code)


def test_a_step_of_containers_may_stand_for_a_flow_of_their_systems():
    assert said(BASE + "scenarios: [{id: s, title: S, steps: [{source: two, target: web, sync: false}]}]\n") == []


def test_sources_that_are_gone_are_named(tmp_path: Path):
    (tmp_path / "here.py").write_text("a\nb\n")
    where = "systems:\n  - {id: one, name: One, source: {repo: one, path: %s}}\n"
    head = "meta: {name: one, primary_system: one}\n"
    assert said(head + where % "here.py", {"one": tmp_path}) == []
    assert [code for code, _ in said(head + where % "gone.py", {"one": tmp_path})] == ["model.dead-source"]
    assert [code for code, _ in said(head + where % "here.py, line: 9", {"one": tmp_path})] == ["model.dead-source"]
    assert [code for code, _ in said(head + where % "../out.py", {"one": tmp_path})] == ["model.source-outside"]
    assert said(head + where % "gone.py") == []


def test_models_that_contradict_each_other_are_told():
    one = model(
        "meta: {name: one, primary_system: one}\nsystems:\n  - {id: one, name: One}\n  - {id: two, name: Zwei}\nflows: [{id: a, source: one, target: two}]\n"
    )
    two = model("meta: {name: two, primary_system: two}\nsystems:\n  - {id: two, name: Two}\nactors: [{id: one, name: One}]\n")
    found = {(one.code, one.severity, one.path) for one in check_across([("one.yaml", one), ("two.yaml", two)])}
    assert found == {
        ("models.two-meanings", Severity.WARNING, "two.yaml"),
        ("models.two-names", Severity.NOTE, "two.yaml"),
        ("models.one-sided", Severity.WARNING, "two.yaml"),
    }


def test_models_that_agree_are_silent():
    text = "meta: {{name: {0}, primary_system: {0}}}\nsystems:\n  - {{id: one, name: One}}\n  - {{id: two, name: Two}}\nflows: [{{id: a, source: one, target: two}}]\n"
    assert check_across([("one.yaml", model(text.format("one"))), ("two.yaml", model(text.format("two")))]) == ()
