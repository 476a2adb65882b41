"""Two at once: nothing is lost, nothing is told that is not so."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection, transaction

from corridor.kit.outbox.models import OutboxEvent
from corridor.learn.catalog import actions
from corridor.learn.catalog.documents import publish
from corridor.learn.catalog.models import LearningResource, Relationship, ResourceDocument, ViewEvent
from corridor.learn.catalog.vocabulary import RelationType

from .cast import NOW, link, make_resource, make_topics, publish_now

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(jobs: Sequence[Callable[[], object]]) -> None:
    """Run jobs on threads of their own that start together; raises what any of them raised."""
    gate = threading.Barrier(len(jobs))

    def run(job: Callable[[], object]) -> None:
        try:
            gate.wait()
            job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as threads:
        for done in [threads.submit(run, job) for job in jobs]:
            done.result()


def test_a_parent_tells_of_both_children_that_change_at_once() -> None:
    program = make_resource("P1", "program")
    children = [make_resource(f"C{number}") for number in range(6)]
    link(program, *children, relation=RelationType.PROGRAM_COURSES)
    publish_now(program, *children)

    def rename(child: LearningResource) -> None:
        with transaction.atomic():
            LearningResource.objects.filter(pk=child.pk).update(title=f"New {child.readable_id}")
            publish([child.pk], now=NOW)

    at_once([lambda child=child: rename(child) for child in children])
    told = ResourceDocument.objects.get(pk=program.pk).search["children"]
    assert [child["title"] for child in told] == [f"New C{number}" for number in range(6)]


def test_a_parent_and_its_child_may_change_at_once_without_waiting_for_each_other_forever() -> None:
    podcast, episode = make_resource("PC", "podcast"), make_resource("E", "podcast_episode")
    link(podcast, episode, relation=RelationType.PODCAST_EPISODES)
    publish_now(podcast, episode)

    def rename(resource: LearningResource, title: str) -> None:
        with transaction.atomic():
            LearningResource.objects.filter(pk=resource.pk).update(title=title)
            publish([resource.pk], now=NOW)

    for attempt in range(5):
        at_once([lambda: rename(podcast, f"P{attempt}"), lambda: rename(episode, f"E{attempt}")])  # noqa: B023 run within the round
    assert ResourceDocument.objects.get(pk=podcast.pk).search["children"][0]["title"] == "E4"
    assert b'"parent_podcasts":[{"id":%d,"title":"P4"' % podcast.pk in bytes(ResourceDocument.objects.get(pk=episode.pk).body)


def test_a_later_commit_has_the_greater_version() -> None:
    resources = [make_resource(f"C{number}") for number in range(8)]
    publish_now(*resources)
    committed: list[int] = []

    def rename(resource: LearningResource) -> None:
        with transaction.atomic():
            LearningResource.objects.filter(pk=resource.pk).update(title="New")
            publish([resource.pk], now=NOW)
            committed.append(ResourceDocument.objects.get(pk=resource.pk).version)  # nobody else is in here

    at_once([lambda resource=resource: rename(resource) for resource in resources])
    assert committed == sorted(committed)
    assert OutboxEvent.objects.count() == 16


def test_one_opens_a_topics_channel_while_another_closes_it() -> None:
    (topic,) = make_topics("Physics")
    shown, hidden = make_resource("C1"), make_resource("C2", published=False)
    for resource in (shown, hidden):
        resource.topics.add(topic)
    publish_now(shown, hidden)
    at_once([lambda: actions.set_published(shown.pk, False), lambda: actions.set_published(hidden.pk, True)])
    topic.refresh_from_db()
    assert topic.channel.published


def test_items_added_at_once_all_get_a_place_of_their_own() -> None:
    path = actions.create_learning_path(title="Path")
    resources = [make_resource(f"C{number}") for number in range(8)]
    at_once([lambda resource=resource: actions.add_item(path.pk, resource.pk) for resource in resources])
    links = Relationship.objects.filter(parent=path)
    assert sorted(links.values_list("position", flat=True)) == list(range(8))
    assert {*links.values_list("child", flat=True)} == {resource.pk for resource in resources}


def test_items_moved_and_removed_at_once_leave_no_gap() -> None:
    path = actions.create_learning_path(title="Path")
    ids = [make_resource(f"C{number}").pk for number in range(6)]
    actions.set_items(path.pk, ids)
    at_once(
        [
            lambda: actions.move_item(path.pk, ids[5], 0),
            lambda: actions.remove_item(path.pk, ids[2]),
            lambda: actions.move_item(path.pk, ids[0], 3),
        ]
    )
    links = Relationship.objects.filter(parent=path).order_by("position")
    assert list(links.values_list("position", flat=True)) == list(range(5))
    assert ids[2] not in links.values_list("child", flat=True)


def test_a_view_counts_once_however_often_and_by_whomever_it_is_told_and_counted() -> None:
    resource = make_resource()
    publish_now(resource)
    events = [uuid4() for _ in range(4)]
    at_once([lambda event=event: actions.record_view(resource.pk, event) for event in events * 2])
    at_once([actions.count_views] * 4)
    resource.refresh_from_db()
    assert (resource.view_count, ViewEvent.objects.count()) == (4, 4)
    assert b'"views":4' in bytes(ResourceDocument.objects.get().body)
