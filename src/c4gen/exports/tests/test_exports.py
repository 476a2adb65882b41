import json
import re

from c4gen.exports.diagram import mermaid, plantuml
from c4gen.exports.names import aliases
from c4gen.exports.whole import model_json, picture_json, structurizr
from c4gen.pages.tests import cast
from c4gen.views import system
from c4gen.views.atlas import Atlas

CAMPUS = cast.campus()
CONTAINERS = system.containers(Atlas((CAMPUS,)), CAMPUS)


def test_plantuml():
    text = plantuml(CONTAINERS)
    assert text.startswith("@startuml\n!include <C4/C4_Container>")
    assert 'ContainerDb(n_campus_db, "Database", "PostgreSQL", "What must not be lost")' in text
    assert 'Person(n_student, "Student", "Takes courses")' in text
    assert 'System_Ext(n_payments, "Payments", "Takes cards")' in text
    assert 'Rel(n_campus_web, n_campus_queue, "Enqueues", "Redis", $tags="async")' in text
    assert 'Boundary(n_campus_boundary, "Campus") {' in text


def test_mermaid():
    text = mermaid(CONTAINERS)
    assert '  n_campus_worker -.->|"Sends letters"| n_mail' in text
    assert '  n_campus_web -->|"Charges"| n_payments' in text
    assert 'n_campus_db[("Database (Container: PostgreSQL)")]' in text


def test_structurizr_has_every_box_and_arrow_once_and_closes_its_braces():
    text = structurizr(CAMPUS)
    assert text.count("{") == text.count("}")
    assert text.count(" -> ") == len(CAMPUS.connections)
    assert len(re.findall(r"= (?:person|softwareSystem|container|component) ", text)) == 3 + 6 + 4 + 2
    assert 'n_campus_web -> n_sso "Signs people in" "OIDC" "sync"' in text


def test_json_holds_what_the_picture_shows():
    picture = json.loads(picture_json(CONTAINERS))
    assert len(picture["nodes"]) == len(CONTAINERS.nodes)
    assert picture["edges"][0]["evidence"][0]["path"]
    model = json.loads(model_json(CAMPUS))
    assert model["connections"][0]["standing"] == "confirmed"


def test_names_break_out_of_no_string():
    graph = cast.hostile()
    picture = system.containers(Atlas((graph,)), graph)
    for line in plantuml(picture).splitlines() + structurizr(graph).splitlines():
        assert line.count('"') % 2 == 0
    assert "<script" not in plantuml(picture)
    assert "<script" not in mermaid(picture)


def test_aliases_stay_different():
    assert aliases(["a-b", "a_b", "A.b"]) == {"a-b": "n_a_b", "a_b": "n_a_b_2", "A.b": "n_A_b_3"}
