"""Reference data from files."""

import json
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner
from django.db import connection

from corridor.learn.catalog.commands import reference
from corridor.learn.catalog.errors import ReferenceDataInvalid
from corridor.learn.catalog.models import Department, Offeror, Platform, School, Topic, TopicMapping
from corridor.learn.catalog.queries import topic_lookup
from corridor.learn.catalog.reference.files import flattened, folder_of, read, sets
from corridor.learn.catalog.reference.load import Loaded, load_reference
from corridor.learn.channels.models import Channel

from .cast import body_of, make_resource, publish_now

pytestmark = pytest.mark.django_db
ID = "6a0d4b6c-5c3f-4d5e-9d0a-2f1f8f0c1a11"


def folder(path: Path, **files: str) -> Path:
    for name, text in files.items():
        (path / f"{name}.yaml").write_text(text)
    return path


def test_the_shipped_set_is_as_large_as_it_is_known_to_be() -> None:
    assert sets() == ["mit"]
    load_reference("mit")
    assert (Platform.objects.count(), Offeror.objects.count(), School.objects.count(), Department.objects.count()) == (21, 7, 6, 37)
    assert (Topic.objects.filter(parent=None).count(), Topic.objects.exclude(parent=None).count()) == (11, 98)
    mapped = {code: TopicMapping.objects.filter(offeror=code).count() for code in ("ocw", "mitx", "xpro", "see", "mitpe", "climate")}
    assert mapped == {"ocw": 331, "mitx": 32, "xpro": 27, "see": 27, "mitpe": 27, "climate": 0}
    assert Department.objects.filter(school=None).count() == 6
    kinds = [Channel.objects.filter(channel_type=kind).count() for kind in ("topic", "department", "unit")]
    assert kinds == [109, 31, 7]  # a department without a school has none


def test_the_shipped_words_mean_what_the_units_mean_by_them() -> None:
    load_reference("mit")
    lookup, names = topic_lookup(), dict(Topic.objects.values_list("id", "name"))
    for unit, word, meant in (
        ("mitx", "Electronics", {"Data Science, Analytics & Computer Technology", "Electrical Engineering", "Engineering"}),
        ("ocw", "Game Theory", {"Economics", "Social Sciences"}),
        ("xpro", "AI/Machine Learning", {"AI", "Machine Learning", "Data Science, Analytics & Computer Technology"}),
        ("climate", "Energy", {"Energy", "Energy, Climate & Sustainability"}),
        ("see", "Calculus", set()),
    ):
        assert {names[id] for id in lookup.topics([word], unit)} == meant


def test_loading_again_writes_nothing() -> None:
    load_reference("mit")
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables")
        before = cursor.fetchone()
        assert load_reference("mit") == Loaded(0, 0)
        cursor.execute("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables")
        assert cursor.fetchone() == before


def test_topics_have_the_same_id_on_every_machine() -> None:
    load_reference("mit")
    assert Topic.objects.get(name="Physics").topic_uuid == UUID("a00ce115-d604-5a6f-91e6-191a6b0164ec")


def test_a_renamed_and_moved_topic_keeps_its_resources_and_its_address(tmp_path: Path) -> None:
    load_reference(folder(tmp_path, topics=f"topics:\n- {{name: Alchemy, id: {ID}}}\n- name: Science\n"))
    course = make_resource()
    course.topics.add(Topic.objects.get(name="Alchemy"))
    publish_now(course)
    load_reference(folder(tmp_path, topics=f"topics:\n- name: Science\n  icon: flask\n  children:\n  - {{name: Chemistry, id: {ID}}}\n"))
    told = body_of(course)["topics"][0]
    assert (told["name"], told["icon"], told["parent"]) == ("Chemistry", "flask", Topic.objects.get(name="Science").pk)
    assert told["channel_url"].endswith("/c/topic/alchemy/")
    channel = Channel.objects.get(topic__name="Chemistry")
    assert (channel.title, channel.search_filter) == ("Chemistry", "topic=Chemistry")


def test_two_topics_may_swap_their_names(tmp_path: Path) -> None:
    other = ID.replace("6a", "7b")
    load_reference(folder(tmp_path, topics=f"topics:\n- {{name: East, id: {ID}}}\n- {{name: West, id: {other}}}\n"))
    load_reference(folder(tmp_path, topics=f"topics:\n- {{name: West, id: {ID}}}\n- {{name: East, id: {other}}}\n"))
    assert Topic.objects.get(topic_uuid=ID).name == "West"


def test_a_topic_known_by_name_takes_the_id_of_the_file(tmp_path: Path) -> None:
    topic = Topic.objects.create(name="physics")
    assert load_reference(folder(tmp_path, topics=f"topics:\n- {{name: Physics, id: {ID}}}\n")) == Loaded(0, 1)
    topic.refresh_from_db()
    assert (str(topic.topic_uuid), topic.name) == (ID, "Physics")


def test_mappings_of_named_topics_are_replaced_and_others_stay(tmp_path: Path) -> None:
    Offeror.objects.create(code="ocw", name="OCW")
    kept = TopicMapping.objects.create(topic=Topic.objects.create(name="Kept"), offeror_id="ocw", topic_name="K")
    load_reference(folder(tmp_path, topics="topics:\n- {name: Physics, mappings: {ocw: [Light, Heat]}}\n"))
    load_reference(folder(tmp_path, topics="topics:\n- {name: Physics, mappings: {ocw: [Heat, Sound]}}\n"))
    assert set(TopicMapping.objects.values_list("topic_name", flat=True)) == {"Heat", "Sound", "K"}
    assert TopicMapping.objects.filter(pk=kept.pk).exists()


def test_a_set_without_words_of_an_offeror_leaves_them(tmp_path: Path) -> None:
    load_reference("mit")
    before = TopicMapping.objects.count()
    load_reference(
        folder(tmp_path, offerors="offerors: [{code: ours, name: Ours}]", topics="topics: [{name: Physics}, {name: Mathematics}]")
    )
    assert TopicMapping.objects.count() == before


def test_a_renamed_unit_department_and_school_are_told_at_once(tmp_path: Path) -> None:
    texts = {
        "offerors": "offerors:\n- {code: press, name: Press}\n",
        "schools": "schools:\n- {name: School}\n",
        "departments": "departments:\n- {id: '6', name: Engines, school: School}\n",
        "platforms": "platforms:\n- {code: campus, name: Campus}\n",
    }
    load_reference(folder(tmp_path, **texts))
    course = make_resource(offered_by_id="press")
    course.departments.add("6")
    publish_now(course)
    renamed = {name: text.replace("Press", "House").replace("Engines", "Motors").replace("Campus", "Town") for name, text in texts.items()}
    renamed["schools"] = "schools:\n- {name: School, url: 'https://example.org/'}\n"
    assert load_reference(folder(tmp_path, **renamed)) == Loaded(0, 4)
    body = body_of(course)
    assert (body["offered_by"]["name"], body["platform"]["name"]) == ("House", "Town")
    assert (body["departments"][0]["name"], body["departments"][0]["school"]["url"]) == ("Motors", "https://example.org/")
    assert set(Channel.objects.values_list("title", flat=True)) == {"House", "Motors"}


def test_an_update_names_the_parent_that_is_there_already(tmp_path: Path) -> None:
    load_reference(folder(tmp_path, topics=f"topics:\n- {{name: Science, id: {ID}}}\n"))
    load_reference(folder(tmp_path, topics=f"topics:\n- {{name: Physics, parent: {ID}}}\n"))
    assert Topic.objects.get(name="Physics").parent == Topic.objects.get(name="Science")


REFUSED = [
    ({"platforms": "platforms:\n- {code: a}\n"}, "platforms.yaml: a → name: Field required"),
    ({"platforms": "platforms:\n- {code: a, name: A, colour: red}\n"}, "platforms.yaml: a → colour: no such key"),
    ({"platforms": "platforms:\n- {code: a, name: A, is_edx: 'yes'}\n"}, "platforms.yaml: a → is_edx: Input should be a valid boolean"),
    ({"platforms": "platforms:\n- {code: far-too-long-code, name: A}\n"}, "platforms.yaml: far-too-long-code → code: "),
    ({"platforms": "platforms:\n- {code: a, name: A, url: 'javascript:1'}\n"}, "platforms.yaml: a → url: must be a web address"),
    ({"platforms": "platforms:\n- {code: a, name: A}\n- {code: A, name: B}\n"}, "platforms.yaml: A: is there twice"),
    ({"platforms": "- {code: a, name: A}\n"}, "platforms.yaml: must hold one key, platforms"),
    ({"platforms": "platforms: [\n"}, "platforms.yaml: "),
    ({"platforms": "platforms: \x07\n"}, "platforms.yaml: "),
    ({"platforms": "platforms:\n- &a {code: a, name: A}\n- *a\n"}, "platforms.yaml: aliases (*name) are not allowed"),
    ({"platforms": "platforms:\n- {code: a, name: A, name: B}\n"}, "platforms.yaml: name is given twice"),
    ({"platforms": "platforms:\n- !!python/object/apply:os.system [ls]\n"}, "platforms.yaml: could not determine a constructor"),
    ({"platforms": "platforms: " + "[" * 1200}, "platforms.yaml: "),
    ({"colours": "colours: []\n"}, "colours.yaml: is none of platforms.yaml"),
    ({"departments": "departments:\n- {id: '6', name: Six, school: Nowhere}\n"}, "departments.yaml: 6: there is no school named Nowhere"),
    ({"departments": "departments:\n- {id: 6, name: Six}\n"}, "departments.yaml: Six → id: Input should be a valid string"),
    ({"offerors": "offerors:\n- {code: new, name: Taken}\n"}, "offerors.yaml: new: Taken is the name of old already"),
    ({"offerors": "offerors:\n- {code: a, name: Same}\n- {code: b, name: Same}\n"}, "offerors.yaml: Same: is there twice"),
    ({"topics": "topics:\n- {name: A, children: [{name: a}]}\n"}, "topics.yaml: a: is there twice"),
    (
        {"topics": "topics:\n- {name: A, mappings: {nobody: [X]}}\n"},
        "topics.yaml: A → mappings → nobody: there is no offeror with this code",
    ),
    ({"topics": "topics:\n- {name: A, children: [{name: B, icn: x}]}\n"}, "topics.yaml: A → children → B → icn: no such key"),
    ({"topics": "topics:\n- {name: A, id: not-a-uuid}\n"}, "topics.yaml: A → id: Input should be a valid UUID"),
    ({"topics": f"topics:\n- {{name: A, parent: {ID}}}\n"}, "topics.yaml: A: there is no topic with the id of its parent"),
    ({"topics": f"topics:\n- {{name: A, id: {ID}, parent: {ID}}}\n"}, "topics.yaml: A: would be below itself"),
    (
        {"topics": f"topics:\n- {{name: A, children: [{{name: B, parent: {ID}}}]}}\n"},
        "topics.yaml: B: has a parent by its place in the file already",
    ),
]


@pytest.mark.parametrize(("files", "reason"), REFUSED, ids=[reason[:40] for _, reason in REFUSED])
def test_files_that_cannot_be_used_are_refused_by_file_and_key(files: dict[str, str], reason: str, tmp_path: Path) -> None:
    Offeror.objects.create(code="old", name="Taken")
    with pytest.raises(ReferenceDataInvalid) as refused:
        load_reference(folder(tmp_path, **files))
    assert str(refused.value).startswith(reason)
    assert not Topic.objects.exists()
    assert not Platform.objects.exists()


def test_a_circle_through_topics_that_are_there_is_refused(tmp_path: Path) -> None:
    load_reference(folder(tmp_path, topics=f"topics:\n- name: A\n  id: {ID}\n  children:\n  - name: B\n    id: {ID.replace('6a', '7b')}\n"))
    with pytest.raises(ReferenceDataInvalid, match="would be below itself"):
        load_reference(folder(tmp_path, topics=f"topics:\n- {{name: A, id: {ID}, parent: {ID.replace('6a', '7b')}}}\n"))


def test_a_name_that_another_topic_has_is_refused(tmp_path: Path) -> None:
    load_reference(folder(tmp_path, topics=f"topics:\n- {{name: A, id: {ID}}}\n- name: B\n"))
    with pytest.raises(ReferenceDataInvalid, match="B: is the name of another topic"):
        load_reference(folder(tmp_path, topics=f"topics:\n- {{name: B, id: {ID}}}\n"))


def test_an_empty_or_absent_folder_is_told(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "nowhere", "nowhere"):
        with pytest.raises(ReferenceDataInvalid, match="holds none of"):
            load_reference(place)


def test_the_command_lists_the_sets() -> None:
    listing = CliRunner().invoke(reference, ["list"]).output
    assert "mit: 21 platforms, 7 offerors, 6 schools, 37 departments, 109 topics" in listing


def test_the_command_says_what_it_did(tmp_path: Path) -> None:
    folder(tmp_path, schools="schools:\n- {name: School}\n")
    outputs = [CliRunner().invoke(reference, ["load", str(tmp_path)]).output for _ in range(2)]
    assert outputs == ["1 rows created, 0 changed.\n", "Nothing to change.\n"]


def test_every_topic_of_a_shipped_set_has_an_icon_or_inherits_one() -> None:
    for name in sets():
        assert all(placed.icon.isalpha() for placed in flattened(read(folder_of(name)).topics))


def test_words_of_real_payloads_find_topics(shared_data: Path) -> None:
    """Of the subjects that real catalogues carry, most are known; those of the published answers all are."""
    load_reference("mit")
    known = {name.casefold() for name in Topic.objects.values_list("name", flat=True)}
    answers = json.loads((shared_data / "sources/mit_learn_api/search_results.json").read_text())
    told = {topic["name"] for result in answers["results"] for topic in result["topics"]}
    assert {name for name in told if name.casefold() not in known} == set()
    lookup = topic_lookup()
    subjects = {
        subject["name"]
        for course in json.loads((shared_data / "sources/mit_edx/courses_page.json").read_text())["results"]
        for subject in course["subjects"]
    }
    assert subjects
    assert {subject for subject in subjects if not lookup.topics([subject], "mitx")} == set()
