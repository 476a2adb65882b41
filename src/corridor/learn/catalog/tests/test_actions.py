"""What staff do, and views."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from corridor.learn.catalog import actions
from corridor.learn.catalog.errors import DetailsInvalid, EditRefused, ItemRefused, ResourceNotFound
from corridor.learn.catalog.models import LearningResource, Relationship, ResourceDocument, ViewEvent

from .cast import body_of, make_resource, make_topics, publish_now

pytestmark = pytest.mark.django_db


def test_an_edit_is_told_at_once() -> None:
    science, physics = make_topics("Science", "Physics")
    resource = make_resource()
    actions.edit_resource(
        resource.pk, {"title": "  New\n title ", "description": "<p onclick='x'>Hi</p><script>1</script>", "topics": [physics.pk]}
    )
    body = body_of(resource)
    assert (body["title"], body["description"]) == ("New title", "<p>Hi</p>")
    assert {topic["id"] for topic in body["topics"]} == {science.pk, physics.pk}


def test_hiding_and_showing() -> None:
    resource = make_resource()
    actions.set_published(resource.pk, False)
    assert not ResourceDocument.objects.get().published
    actions.set_published(resource.pk, True)
    assert ResourceDocument.objects.get().published


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"view_count": 9}, "view_count"),
        ({"readable_id": "x"}, "readable_id"),
        ({"title": ""}, "title"),
        ({"title": "x" * 600}, "title"),
        ({"title": None}, "title"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"certification_type": "gold"}, "certification_type"),
        ({"min_weeks": "many"}, "min_weeks"),
        ({"published": "perhaps"}, "published"),
        ({"topics": [999_999]}, "topics"),
        ({"departments": ["none"]}, "departments"),
        ({"content_tags": ["x"]}, "content_tags"),
        ({"offered_by_id": "nobody"}, "offered_by"),
        ({"delivery": ["by mule"]}, "delivery"),
    ],
)
def test_an_edit_that_cannot_be_is_refused_by_field_and_changes_nothing(changes: dict[str, Any], field: str) -> None:
    resource = make_resource()
    publish_now(resource)
    before = body_of(resource)
    with pytest.raises(EditRefused) as refused:
        actions.edit_resource(resource.pk, {"description": "half an edit"} | changes)
    assert refused.value.field == field
    publish_now(resource)
    assert body_of(resource) == before


def test_details_are_checked_by_the_resources_type() -> None:
    with pytest.raises(DetailsInvalid):
        actions.edit_resource(make_resource().pk, {"details": {"rss_url": "https://example.org/feed"}})


def test_nothing_can_be_done_to_what_is_not_there() -> None:
    course = make_resource()
    for attempt in (
        lambda: actions.set_published(0, True),
        lambda: actions.set_items(0, []),
        lambda: actions.set_items(course.pk, []),  # a course is no learning path
        lambda: actions.delete_learning_path(course.pk),
    ):
        with pytest.raises(ResourceNotFound):
            attempt()


def items_of(path: LearningResource) -> list[str]:
    links = Relationship.objects.filter(parent=path).order_by("position")
    assert [link.position for link in links] == list(range(len(links)))
    return [link.child.readable_id for link in links]


def test_a_learning_path_keeps_its_order() -> None:
    path = actions.create_learning_path(title="Begin here", description="<b>!</b>", author=None)
    a, b, c, d = (make_resource(name).pk for name in "ABCD")
    actions.set_items(path.pk, [c, a, b])
    actions.add_item(path.pk, d)
    assert items_of(path) == ["C", "A", "B", "D"]
    actions.move_item(path.pk, d, 0)
    assert items_of(path) == ["D", "C", "A", "B"]
    actions.move_item(path.pk, d, 99)
    assert items_of(path) == ["C", "A", "B", "D"]
    actions.remove_item(path.pk, a)
    assert items_of(path) == ["C", "B", "D"]
    assert body_of(path)["learning_path"]["item_count"] == 3
    actions.set_items(path.pk, [])
    assert (items_of(path), body_of(path)["learning_path"]["item_count"]) == ([], 0)


def test_a_deleted_learning_path_is_gone() -> None:
    path, item = actions.create_learning_path(title="Short-lived"), make_resource()
    actions.set_items(path.pk, [item.pk])
    actions.delete_learning_path(path.pk)
    assert not LearningResource.objects.filter(pk=path.pk).exists()
    assert LearningResource.objects.filter(pk=item.pk).exists()


def test_what_cannot_be_an_item_is_refused() -> None:
    path, course = actions.create_learning_path(title="Path"), make_resource()
    actions.set_items(path.pk, [course.pk])
    for attempt in (
        lambda: actions.add_item(path.pk, path.pk),
        lambda: actions.add_item(path.pk, course.pk),
        lambda: actions.add_item(path.pk, 999_999),
        lambda: actions.set_items(path.pk, [course.pk, course.pk]),
        lambda: actions.move_item(path.pk, 999_999, 0),
        lambda: actions.remove_item(path.pk, 999_999),
    ):
        with pytest.raises(ItemRefused):
            attempt()
    assert items_of(path) == ["R1"]


def test_only_views_of_what_people_can_see_are_noted() -> None:
    shown, hidden = make_resource("A"), make_resource("B", published=False)
    publish_now(shown, hidden)
    event = UUID(int=1)
    assert actions.record_view(shown.pk, event)
    assert not actions.record_view(shown.pk, event)
    assert not actions.record_view(hidden.pk, uuid4())
    assert not actions.record_view(0, uuid4())
    assert ViewEvent.objects.count() == 1


def test_views_are_added_to_those_that_were_known_and_documents_follow_together() -> None:
    first, second, third = (make_resource(name, view_count=10) for name in "ABC")
    publish_now(first, second, third)
    for resource in (first, first, second):
        actions.record_view(resource.pk, uuid4())
    assert body_of(first)["views"] == 10
    assert actions.count_views() == 2
    assert [body_of(resource)["views"] for resource in (first, second, third)] == [12, 11, 10]
    assert actions.count_views() == 0
