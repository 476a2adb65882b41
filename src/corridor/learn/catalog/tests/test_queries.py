"""What readers get."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from corridor.learn.catalog import actions, queries
from corridor.learn.catalog.errors import ResourceNotFound
from corridor.learn.catalog.models import ContentTag, LearningResource
from corridor.learn.catalog.vocabulary import RelationType, ResourceType
from corridor.learn.channels.models import Channel

from .cast import days, link, make_department, make_resource, make_topics, make_unit, problems, publish_now

pytestmark = pytest.mark.django_db


def test_only_staff_read_what_is_not_published() -> None:
    hidden = make_resource(published=False)
    publish_now(hidden)
    for read in (lambda staff: queries.detail(hidden.pk, staff=staff), lambda staff: queries.detail_by_name("R1", "campus", staff=staff)):
        with pytest.raises(ResourceNotFound):
            read(False)
        assert orjson.loads(read(True))["readable_id"] == "R1"
    assert queries.bodies([hidden.pk]) == {}
    assert [*queries.bodies([hidden.pk], staff=True)] == [hidden.pk]
    with pytest.raises(ResourceNotFound):
        queries.items(hidden.pk, limit=10)


def test_one_name_may_stand_for_things_of_several_types() -> None:
    course, program = make_resource("X", "course", published=False), make_resource("X", "program")
    publish_now(course, program)
    assert orjson.loads(queries.detail_by_name("X", "campus", staff=True))["resource_type"] == "program"  # what everyone sees goes first
    assert orjson.loads(queries.detail_by_name("X", "campus", resource_type="course", staff=True))["id"] == course.pk
    with pytest.raises(ResourceNotFound):
        queries.detail_by_name("X", "elsewhere")


def test_an_episodes_long_texts_are_on_its_own_page_alone(contract: Path) -> None:
    texts = {"audio_url": "https://example.org/a.mp3", "transcript": "Good evening", "rss": "<item/>"}
    episode = make_resource("E", "podcast_episode", details=texts)
    publish_now(episode)
    whole = orjson.loads(queries.detail(episode.pk))
    assert (whole["podcast_episode"]["transcript"], whole["podcast_episode"]["rss"]) == ("Good evening", "<item/>")
    assert problems(contract, "PodcastEpisodeResource", whole) == []
    listed = orjson.loads(queries.bodies([episode.pk])[episode.pk])
    assert (listed["podcast_episode"]["transcript"], listed["podcast_episode"]["rss"]) == ("", None)


def test_bodies_come_in_the_order_asked_for() -> None:
    resources = [make_resource(f"C{number}") for number in range(5)]
    publish_now(*resources)
    ids = [resources[number].pk for number in (3, 0, 4, 1)]
    assert [*queries.bodies([ids[0], 999_999, *ids[1:]])] == ids


def test_items_come_by_position_then_the_last_modified_first() -> None:
    path = make_resource("L", "learning_path")
    old, new, undated, hidden = (
        make_resource(name, last_modified=when, published=name != "hidden")
        for name, when in (("old", days(-9)), ("new", days(-1)), ("undated", None), ("hidden", days(-1)))
    )
    for child in (old, undated, new, hidden):
        path.child_links.create(child=child, position=1, relation_type=RelationType.LEARNING_PATH_ITEMS)
    first = make_resource("first")
    path.child_links.create(child=first, position=0, relation_type=RelationType.LEARNING_PATH_ITEMS)
    publish_now(*LearningResource.objects.all())
    found = queries.items(path.pk, limit=10)
    assert [orjson.loads(item.body)["readable_id"] for item in found.items] == ["first", "new", "old", "undated"]
    assert found.count == 4
    page = queries.items(path.pk, limit=2, offset=1, staff=True)
    assert ([item.child for item in page.items], page.count) == ([hidden.pk, new.pk] if hidden.pk < new.pk else [new.pk, hidden.pk], 5)
    item = found.items[0]
    assert queries.item(path.pk, item.id) == item
    with pytest.raises(ResourceNotFound):
        queries.item(path.pk, item.id + 1000)


def test_summaries(contract: Path) -> None:
    podcast, episode = make_resource("PC", "podcast"), make_resource("E", "podcast_episode", last_modified=days(-1), title="x" * 300)
    link(podcast, episode, relation=RelationType.PODCAST_EPISODES)
    hidden = make_resource("H", published=False)
    publish_now(podcast, episode, hidden)
    found = queries.summaries(limit=10)
    assert ([row["id"] for row in found.rows], found.count) == ([podcast.pk, episode.pk], 2)
    assert found.rows[1]["canonical_parent_ids"] == [podcast.pk]
    for row in found.rows:
        assert problems(contract, "LearningResourceSummary", orjson.loads(orjson.dumps(row))) == []
    of_type = LearningResource.objects.filter(resource_type=ResourceType.PODCAST)
    assert [row["id"] for row in queries.summaries(of_type, limit=10).rows] == [podcast.pk]
    assert [row["id"] for row in queries.summaries(limit=1, offset=1).rows] == [episode.pk]


def test_featured_goes_round_the_units() -> None:
    resources = {name: make_resource(name, published=name != "hidden") for name in ("a1", "a2", "a3", "b1", "b2", "both", "hidden")}
    publish_now(*resources.values())
    for code, names in (("a", ["a1", "hidden", "both", "a2", "a3"]), ("b", ["b1", "b2", "both"])):
        path = actions.create_learning_path(title=f"Featured by {code}")
        actions.set_items(path.pk, [resources[name].pk for name in names])
        unit = make_unit(code)
        publish_now()
        Channel.objects.filter(unit=unit).update(featured_list=path)
    names = {resource.pk: name for name, resource in resources.items()}
    assert [(names[id], position) for id, position in queries.featured()] == [
        ("a1", 0),
        ("b1", 0),
        ("both", 2),
        ("b2", 1),
        ("a2", 3),
        ("a3", 4),
    ]
    assert [names[id] for id, _ in queries.featured(["b"])] == ["b1", "b2", "both"]
    LearningResource.objects.filter(title="Featured by a").update(published=False)
    assert [names[id] for id, _ in queries.featured()] == ["b1", "b2", "both"]


def test_reference_lists_have_the_published_shape(contract: Path) -> None:
    make_department()
    science, physics = make_topics("Science", "Physics")
    make_topics("Unused")
    course = make_resource(offered_by=make_unit(offerings=["Courses"]))
    course.topics.set([science, physics])
    ContentTag.objects.create(name="Exams")
    publish_now(course)
    lists: dict[str, list[Any]] = {
        "LearningResourceTopic": queries.topics(),
        "LearningResourceDepartment": queries.departments(),
        "LearningResourceSchool": queries.schools(),
        "LearningResourcePlatform": queries.platforms(),
        "LearningResourceOfferorDetail": queries.offerors(),
        "LearningResourceContentTag": queries.course_features(),
    }
    for schema, rows in lists.items():
        assert rows
        for row in rows:
            assert problems(contract, schema, row) == []
    assert lists["LearningResourceSchool"][0]["departments"][0]["department_id"] == "6"


def test_topics_are_those_with_an_open_channel() -> None:
    science, physics = make_topics("Science", "Physics")
    make_topics("Unused")
    course = make_resource()
    course.topics.set([science, physics])
    publish_now(course)

    def names(**where: Any) -> list[str]:
        return [topic["name"] for topic in queries.topics(**where)]

    assert names() == ["Physics", "Science"]
    assert names(is_toplevel=True) == ["Science"]
    assert names(is_toplevel=False) == ["Physics"]
    assert names(parents=[science.pk]) == ["Physics"]
    assert names(names=["pHYSICS", "nothing"]) == ["Physics"]
    assert names(names=["Unused"]) == []


def test_the_lookup_knows_the_tree_and_the_units_words() -> None:
    science, physics = make_topics("Science", "Physics")
    physics.mappings.create(offeror=make_unit("ocw"), topic_name="Natural Philosophy")
    assert queries.topic_lookup().topics(["natural philosophy"], "ocw") == {science.pk, physics.pk}


@pytest.mark.parametrize("number", [1, 40])
def test_lists_take_a_constant_number_of_queries(number: int) -> None:
    path = make_resource("L", "learning_path")
    children = [make_resource(f"C{each}") for each in range(number)]
    link(path, *children, relation=RelationType.LEARNING_PATH_ITEMS)
    publish_now(path)
    with CaptureQueriesContext(connection) as taken:
        queries.items(path.pk, limit=100)
        queries.bodies([child.pk for child in children])
        queries.summaries(limit=100)
        queries.detail(path.pk)
    assert len(taken) == 3 + 1 + 2 + 1
