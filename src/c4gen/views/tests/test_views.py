"""What each view shows of a model."""

import pytest

from c4gen.model.curated import Model
from c4gen.model.facts import Facts
from c4gen.model.graph import Graph
from c4gen.pages.tests import cast
from c4gen.views import system
from c4gen.views.atlas import Atlas
from c4gen.views.circles import in_circles
from c4gen.views.infrastructure import infrastructure
from c4gen.views.landscape import landscape
from c4gen.views.picture import Edge, Picture, Shape, Sync

CAMPUS, LIBRARY = cast.campus(), cast.library()
ATLAS = Atlas((CAMPUS, LIBRARY))


def edge(picture: Picture, source: str, target: str) -> Edge:
    return next(edge for edge in picture.edges if (edge.source, edge.target) == (source, target))


def ids(picture: Picture) -> set[str]:
    return {node.id for node in picture.nodes}


def test_context_lifts_flows_to_systems_and_keeps_both_directions():
    picture = system.context(ATLAS, CAMPUS)
    assert edge(picture, "campus", "payments").label == "Charges\nSettles"
    assert edge(picture, "campus", "payments").sync is Sync.MIXED
    assert edge(picture, "payments", "campus").sync is Sync.ASYNC


def test_context_shows_people_without_flows():
    assert {"student", "teacher", "visitor"} <= ids(system.context(ATLAS, CAMPUS))


def test_outside_systems_of_a_group_are_one_box_in_the_context_alone():
    picture = system.context(ATLAS, CAMPUS)
    group = next(node for node in picture.nodes if node.id == "group.Messaging")
    assert (group.kind, group.description) == ("2 External Systems", "Mail service, Text messages")
    assert {"mail", "sms"} <= ids(system.containers(ATLAS, CAMPUS))


def test_containers_stand_in_the_system_and_neighbours_around_it():
    picture = system.containers(ATLAS, CAMPUS)
    inside = {node.id for node in picture.nodes if node.boundary == "campus"}
    assert inside == {"campus-web", "campus-worker", "campus-db", "campus-queue"}
    assert next(node for node in picture.nodes if node.id == "campus-db").shape is Shape.DATABASE
    assert "visitor" not in ids(picture)


def test_what_is_addressed_to_the_system_lands_at_its_door():
    assert edge(system.containers(ATLAS, CAMPUS), "payments", "campus-web").label == "Tells of a payment"


def test_boxes_drill_down():
    context = {node.id: node.link for node in system.context(ATLAS, CAMPUS).nodes}
    assert (context["campus"], context["library"], context["payments"]) == ("container.html", "../library/index.html", "")
    containers = {node.id: node.link for node in system.containers(ATLAS, CAMPUS).nodes}
    assert (containers["campus-web"], containers["campus-db"]) == ("component.html#campus-web", "")


def test_components_and_their_neighbours():
    [(container, picture)] = system.components(ATLAS, CAMPUS)
    assert container.id == "campus-web"
    assert {node.id: node.boundary for node in picture.nodes} == {
        "campus-catalog": "campus-web", "campus-enrolment": "campus-web", "campus-db": "", "campus-queue": "", "payments": "",
    }  # fmt: skip
    assert edge(picture, "campus-enrolment", "campus-queue").sync is Sync.ASYNC
    assert (
        edge(picture, "campus-catalog", "campus-db").evidence[0].address
        == "https://example.org/campus/blob/main/campus/catalog/queries.py#L12"
    )


def test_steps_are_numbered_once_and_carry_the_evidence_of_their_flow():
    [(_, picture)] = system.scenarios(ATLAS, CAMPUS)
    charge = edge(picture, "campus-web", "payments")
    assert charge.label == "3. Charges the card"
    assert charge.evidence[0].path == "campus/payments.py"


def test_dependencies_mark_circles():
    picture = system.dependencies(ATLAS, CAMPUS)
    assert "cycle" in edge(picture, "campus", "library").tags
    assert "cycle" in edge(picture, "payments", "campus").tags
    assert ids(picture) == {"campus", "library", "payments"}


def test_evidence_names_the_line_and_links_to_it():
    evidence = edge(system.containers(ATLAS, CAMPUS), "campus-web", "sso").evidence[0]
    assert (evidence.path, evidence.tier, evidence.note) == ("campus/sso.py", "host", "call_sso")
    assert evidence.address == f"https://example.org/campus/blob/main/campus/sso.py#L{evidence.line}"


def test_an_arrow_with_many_flows_says_some_and_details_all():
    lines = tuple(cast.connection("campus-web", "payments", f"Reason {n}", "sync", f"p{n}") for n in range(9))
    graph = Graph(CAMPUS.model, lines, Facts())
    arrow = edge(system.context(Atlas((graph,)), graph), "campus", "payments")
    assert arrow.label.split("\n")[-1] == "and 6 more"
    assert len(arrow.details) == 9


def test_the_landscape_groups_by_domain_and_says_a_shared_arrow_once():
    picture = landscape(ATLAS)
    assert {node.id: node.boundary for node in picture.nodes if node.boundary} == {"campus": "Teaching", "library": "Services"}
    assert edge(picture, "library", "campus").label == "Asks for students"
    assert next(node for node in picture.nodes if node.id == "campus").link == "campus/index.html"


def test_infrastructure_shows_what_compose_files_run():
    picture = infrastructure(CAMPUS)
    assert picture is not None
    assert ids(picture) == {"db", "web"}
    assert infrastructure(LIBRARY) is None


def test_a_model_without_anything_but_its_system():
    graph = Graph(Model.model_validate({"meta": {"name": "x", "primary_system": "x"}, "systems": [{"id": "x", "name": "X"}]}), (), Facts())
    atlas = Atlas((graph,))
    assert ids(system.context(atlas, graph)) == {"x"}
    assert ids(system.containers(atlas, graph)) == {"x"}
    assert ids(system.dependencies(atlas, graph)) == {"x"}
    assert system.components(atlas, graph) == system.scenarios(atlas, graph) == []


@pytest.mark.parametrize(
    ("arrows", "circling"),
    [
        ([], set()),
        ([("a", "b")], set()),
        ([("a", "b"), ("b", "a")], {("a", "b"), ("b", "a")}),
        ([("a", "b"), ("a", "c"), ("b", "c"), ("c", "a")], {("a", "b"), ("a", "c"), ("b", "c"), ("c", "a")}),
        ([("a", "b"), ("b", "c"), ("c", "b"), ("c", "d")], {("b", "c"), ("c", "b")}),
        ([("a", "a")], {("a", "a")}),
    ],
)
def test_arrows_on_circles(arrows: list[tuple[str, str]], circling: set[tuple[str, str]]):
    assert in_circles(arrows) == circling
    assert in_circles(reversed(arrows)) == circling


def test_a_long_chain_does_not_exhaust_the_stack():
    chain = [(f"n{n}", f"n{n + 1}") for n in range(5000)]
    assert in_circles(chain) == set()
    assert len(in_circles([*chain, ("n5000", "n0")])) == 5001
