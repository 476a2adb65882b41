"""Curated and generated to one graph: what a person wrote wins."""

from datetime import date

from c4gen.model.graph import Graph, Standing
from c4gen.model.merge import merge, model_of
from c4gen.tests.code import facts_of, model, service

TODAY = date(2026, 6, 1)
CLIENT = "import requests\ndef run():\n    return requests.get('https://bank.example-bank.com/a')\n"
HEAD = """
meta: {name: one, primary_system: one}
systems:
  - {id: one, name: One, kind: internal, repo: one, containers: [{id: web, name: Web, runs: [web]}]}
  - {id: bank, name: The bank, aliases: [bank.example-bank.com]}
"""


def graph(flows: str = "", head: str = HEAD) -> Graph:
    curated = model(head + (f"flows:\n{flows}" if flows else ""))
    return merge(curated, facts_of(curated, one=service(CLIENT)), TODAY)


def test_a_flow_that_code_bears_out_keeps_its_words_and_gains_evidence():
    (found,) = graph("  - {id: asks, source: web, target: bank, label: Asks for statements, protocol: REST}\n").connections
    assert (found.standing, found.label, found.protocol) == (Standing.CONFIRMED, "Asks for statements", "REST")
    assert [f"{one.path}:{one.line}" for one in found.evidence] == ["app/client.py:3"]
    assert len(found.found) == 1


def test_an_edge_of_the_code_alone_is_drawn_as_such():
    (found,) = graph().connections
    assert (found.standing, found.source, found.target) == (Standing.CODE, "web", "bank")


def test_a_flow_of_systems_stands_for_one_of_their_containers():
    (found,) = graph("  - {id: asks, source: one, target: bank}\n").connections
    assert found.standing is Standing.CONFIRMED


def test_a_flow_of_the_model_alone_stays_and_says_so():
    found = {one.id: one.standing for one in graph("  - {id: back, source: bank, target: web}\n").connections}
    assert found["back"] is Standing.CURATED


def test_an_assertion_holds_until_its_date():
    def standing(expires: str) -> Standing:
        flow = f"  - {{id: back, source: bank, target: web, asserted: {{reason: r, expires: {expires}}}}}\n"
        return next(one.standing for one in graph(flow).connections if one.id == "back")

    assert standing("2026-06-01") is Standing.ASSERTED
    assert standing("2026-05-31") is Standing.CURATED


def test_sync_of_the_model_wins_and_the_contradiction_is_told():
    found = graph("  - {id: asks, source: web, target: bank, sync: false}\n")
    (connection,) = found.connections
    assert connection.sync == "async"
    assert [one.code for one in found.findings] == ["drift.sync"]


def test_boxes_that_only_the_code_knows_join_the_model():
    found = graph(head=HEAD.replace("  - {id: bank, name: The bank, aliases: [bank.example-bank.com]}\n", ""))
    assert {system.id for system in found.model.systems} == {"one", "bank.example-bank.com"}


def test_a_repository_without_a_model_gets_one():
    facts = facts_of(one=service(CLIENT))
    found = merge(model_of(facts, "one"), facts, TODAY)
    assert [(one.source, one.target) for one in found.connections] == [("one", "bank.example-bank.com")]


def test_a_box_that_another_model_has_joins_with_its_name():
    other = model(HEAD.replace("one", "two").replace("One", "Two"))
    alone = model(HEAD.replace("  - {id: bank, name: The bank, aliases: [bank.example-bank.com]}\n", ""))
    found = merge(alone, facts_of(other, alone, one=service(CLIENT)), TODAY, [other])
    assert [(one.source, one.target) for one in found.connections] == [("web", "bank")]
    assert {system.id: system.name for system in found.model.systems} == {"one": "One", "bank": "The bank"}
