"""Channels: how they come about, what is told of them, and what staff may do."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from corridor.learn.catalog.actions import create_learning_path, set_items
from corridor.learn.catalog.models import Department, LearningResource, ResourceDocument, Topic
from corridor.learn.catalog.tests.cast import body_of, make_department, make_resource, make_topics, make_unit, problems, publish_now
from corridor.learn.catalog.vocabulary import ChannelType
from corridor.learn.channels import queries
from corridor.learn.channels.actions import edit_channel
from corridor.learn.channels.errors import ChannelInvalid, ChannelNotFound
from corridor.learn.channels.models import Channel

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract(shared_data: Path) -> Path:
    return shared_data.parent / "contracts" / "learn-v0.yaml"


@pytest.mark.parametrize(
    ("names", "slugs"),
    [
        (["Business & Management"], ["business-management"]),
        (["AR/VR/MR/XR"], ["ar-vr-mr-xr"]),
        (["C", "C++", "C#"], ["c", "c-2", "c-3"]),
        (["数学"], ["topic"]),
        (["x" * 128], ["x" * 96]),
    ],
)
def test_a_topics_channel_is_named_after_it(names: list[str], slugs: list[str]) -> None:
    for name in names:
        make_topics(name)
    publish_now()
    assert sorted(Channel.objects.values_list("name", flat=True)) == slugs
    assert all(len(title) <= 100 for title in Channel.objects.values_list("title", flat=True))


def test_units_and_departments_of_a_school_get_channels_once() -> None:
    make_unit("press")
    make_department("6")
    Department.objects.create(department_id="X", name="Apart")
    publish_now()
    publish_now()
    assert list(Channel.objects.values_list("channel_type", "name", "published", "search_filter")) == [
        ("department", "department-6", True, "department=6"),
        ("unit", "press", True, "offered_by=press"),
    ]


def test_a_name_that_staff_took_already_is_not_taken_again() -> None:
    Channel.objects.create(channel_type=ChannelType.UNIT, name="press", title="By hand")
    make_unit("press")
    publish_now()
    assert Channel.objects.get(unit="press").name == "press-2"


def test_channels_have_the_published_shape(contract: Path) -> None:
    (topic,) = make_topics("Physics")
    course = make_resource(offered_by=make_unit(value_prop="Good books"))
    course.topics.add(topic)
    make_department()
    path = create_learning_path(title="Best")
    Channel.objects.create(channel_type=ChannelType.PATHWAY, name="way", title="Way", featured_list=path)
    publish_now(course)
    shapes = [orjson.loads(orjson.dumps(queries.shape(channel))) for channel in queries.channels()]
    assert [shape["channel_type"] for shape in shapes] == ["department", "pathway", "topic", "unit"]
    for shape in shapes:
        assert problems(contract, f"{shape['channel_type'].title()}Channel", shape) == []
        assert problems(contract, "Channel", shape) == []
    told = {shape["channel_type"]: shape for shape in shapes}
    assert told["topic"]["topic_detail"] == {"topic": topic.pk}
    assert told["unit"]["unit_detail"]["unit"]["value_prop"] == "Good books"
    assert told["pathway"]["featured_list"]["title"] == "Best"


def test_only_staff_read_closed_channels() -> None:
    make_topics("Physics")
    publish_now()
    closed = Channel.objects.get()
    assert list(queries.channels("topic")) == []
    assert list(queries.channels("topic", staff=True)) == [closed]
    for read in (
        lambda staff: queries.channel(closed.pk, staff=staff),
        lambda staff: queries.channel_by_name("topic", "physics", staff=staff),
    ):
        with pytest.raises(ChannelNotFound):
            read(False)
        assert read(True) == closed


def test_counts_are_of_what_a_click_shows(contract: Path) -> None:
    science, physics = make_topics("Science", "Physics")
    unit, department = make_unit(), make_department()
    kinds: list[dict[str, Any]] = [
        {},
        {},
        {"resource_type": "program"},
        {"resource_type": "program", "resource_category": "Course"},  # shown as a course
        {"resource_type": "video"},
        {"published": False},
    ]
    for number, kind in enumerate(kinds):
        resource = make_resource(f"R{number}", offered_by=unit, **kind)
        resource.topics.set([science, physics] if number else [science])
        resource.departments.add(department)
    publish_now(*LearningResource.objects.all())
    for channel_type, expected in (("topic", {"physics": (2, 1), "science": (3, 1)}), ("unit", {"press": (3, 1)}), ("pathway", {})):
        with CaptureQueriesContext(connection) as taken:
            rows = queries.counts(channel_type)
        assert len(taken) <= 2
        assert {row["name"]: (row["counts"]["courses"], row["counts"]["programs"]) for row in rows} == expected
        for row in rows:
            assert problems(contract, "ChannelCounts", orjson.loads(orjson.dumps(row))) == []
    assert queries.counts("department")[0]["counts"] == {"courses": 3, "programs": 1}


def test_staff_words_are_kept_and_checked() -> None:
    make_unit()
    publish_now()
    channel = Channel.objects.get()
    edit_channel(
        channel.pk, {"public_description": "Books", "configuration": {"heading": "Read"}, "about": {"title": "About", "text": "<p>Us</p>"}}
    )
    told = queries.shape(queries.channel(channel.pk))
    assert (told["public_description"], told["configuration"]["heading"], told["about"]["title"]) == ("Books", "Read", "About")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "new"}, "name"),
        ({"title": " "}, "title"),
        ({"title": "x" * 101}, "title"),
        ({"title": 5}, "title"),
        ({"search_filter": "&&&"}, "search_filter"),
        ({"configuration": {"colour": "red"}}, "configuration.colour"),
        ({"configuration": {"logo": "javascript:alert(1)"}}, "configuration.logo"),
        ({"configuration": []}, "configuration"),
        ({"about": "words"}, "about"),
        ({"featured_list_id": 999_999}, "featured_list_id"),
        ({"published": "yes"}, "published"),
    ],
)
def test_a_channel_that_cannot_be_is_refused_by_field(changes: dict[str, Any], field: str) -> None:
    make_unit()
    publish_now()
    with pytest.raises(ChannelInvalid) as refused:
        edit_channel(Channel.objects.get().pk, changes)
    assert refused.value.field == field


def test_a_topics_channel_is_not_opened_by_hand() -> None:
    make_topics("Physics")
    publish_now()
    with pytest.raises(ChannelInvalid):
        edit_channel(Channel.objects.get().pk, {"published": True})
    with pytest.raises(ChannelNotFound):
        edit_channel(0, {"title": "x"})


def test_documents_follow_a_channels_featured_list_and_closing() -> None:
    course, other = make_resource("C1", offered_by=make_unit()), make_resource("C2")
    publish_now(course, other)
    first, second = create_learning_path(title="First"), create_learning_path(title="Second")
    set_items(first.pk, [other.pk, course.pk])
    set_items(second.pk, [course.pk])
    channel = Channel.objects.get(unit="press")

    def places() -> list[int | None]:
        return [ResourceDocument.objects.get(pk=resource.pk).search["featured_position"] for resource in (course, other)]

    assert places() == [None, None]
    edit_channel(channel.pk, {"featured_list_id": first.pk})
    assert places() == [1, 0]
    edit_channel(channel.pk, {"featured_list_id": second.pk})
    assert places() == [0, None]
    edit_channel(channel.pk, {"featured_list_id": first.pk})
    edit_channel(channel.pk, {"published": False})
    assert places() == [None, None]
    assert body_of(course)["offered_by"]["channel_url"] is None


def test_a_topic_removed_takes_its_channel_along() -> None:
    make_topics("Physics")
    publish_now()
    Topic.objects.all().delete()
    assert not Channel.objects.exists()
