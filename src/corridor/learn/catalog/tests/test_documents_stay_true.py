"""Whatever changes, in whatever order: when each change publishes what it touched, no document is left untrue."""

from collections.abc import Callable
from datetime import datetime
from random import Random

import pytest
from django.db import transaction

from corridor.learn.catalog.documents import publish, refresh_derived
from corridor.learn.catalog.models import LearningResource, Relationship, Run, Topic
from corridor.learn.catalog.vocabulary import RelationType, ResourceType
from corridor.learn.channels.models import Channel
from corridor.learn.content.models import ContentFile

from .cast import days, make_resource, make_run, make_topics, make_unit

pytestmark = pytest.mark.django_db

# The types of parent and child of each relation.
PARTS = {
    RelationType.PROGRAM_COURSES: (ResourceType.PROGRAM, ResourceType.COURSE),
    RelationType.PROGRAM_PROGRAMS: (ResourceType.PROGRAM, ResourceType.PROGRAM),
    RelationType.PODCAST_EPISODES: (ResourceType.PODCAST, ResourceType.PODCAST_EPISODE),
    RelationType.PLAYLIST_VIDEOS: (ResourceType.VIDEO_PLAYLIST, ResourceType.VIDEO),
    RelationType.COURSE_LEARNING_MATERIALS: (ResourceType.COURSE, ResourceType.VIDEO_PLAYLIST),
    RelationType.LEARNING_PATH_ITEMS: (ResourceType.LEARNING_PATH, ResourceType.COURSE),
}


class Catalogue:
    """Two resources of every type, and the changes that may befall them. Each gives the ids that it touched."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.topics = make_topics("Science", "Physics", "Optics")
        self.unit = make_unit()
        self.resources = [make_resource(f"{kind}-{number}", kind) for kind in ResourceType.values for number in range(2)]
        Channel.objects.create(
            channel_type="unit", name="press", title="Press", unit=self.unit, featured_list=self.any(ResourceType.LEARNING_PATH)
        )

    def any(self, kind: str = "") -> LearningResource:
        return self.random.choice([each for each in self.resources if kind in ("", each.resource_type)])

    def rename(self) -> set[int]:
        resource = self.any()
        LearningResource.objects.filter(pk=resource.pk).update(title=f"Title {self.random.random()}")
        return {resource.pk}

    def show_or_hide(self) -> set[int]:
        resource = self.any()
        LearningResource.objects.filter(pk=resource.pk).update(published=self.random.random() < 0.6)
        return {resource.pk}

    def tag(self) -> set[int]:
        resource = self.any()
        resource.topics.set(self.random.sample(self.topics, self.random.randrange(3)))
        return {resource.pk}

    def offer(self) -> set[int]:
        resource = self.any()
        LearningResource.objects.filter(pk=resource.pk).update(offered_by=self.random.choice([None, self.unit]))
        return {resource.pk}

    def number(self) -> set[int]:
        course = self.any(ResourceType.COURSE)
        numbers = [{"value": f"6.{self.random.randrange(9)}", "department": None, "listing_type": "primary", "sort_coursenum": ""}]
        LearningResource.objects.filter(pk=course.pk).update(details={"course_numbers": numbers})
        return {course.pk}

    def link(self) -> set[int]:
        relation = self.random.choice([*PARTS])
        parent, child = (self.any(kind) for kind in PARTS[relation])
        if parent != child:
            Relationship.objects.get_or_create(
                parent=parent, child=child, relation_type=relation, defaults={"position": self.random.randrange(3)}
            )
        return {parent.pk, child.pk}

    def unlink(self) -> set[int]:
        link = Relationship.objects.order_by("?").first()
        if not link:
            return set()
        link.delete()
        return {link.parent_id, link.child_id}

    def hold(self) -> set[int]:
        course = self.any(ResourceType.COURSE)
        start = days(self.random.randrange(-100, 100))
        make_run(
            course,
            str(self.random.random()),
            [f"Person {self.random.randrange(5)}"],
            start_date=start,
            end_date=start + (days(9) - days(0)),
        )
        return {course.pk}

    def cancel(self) -> set[int]:
        run = Run.objects.order_by("?").first()
        if not run:
            return set()
        run.delete()
        return {run.resource_id}

    def make_from_a_file(self) -> set[int]:
        owner, made = self.any(ResourceType.COURSE), self.any(ResourceType.DOCUMENT)
        ContentFile.objects.create(resource=owner, direct_resource=made, key=str(self.random.random()), title="File", description="Words")
        return {owner.pk, made.pk}

    def delete(self) -> set[int]:
        resource = self.any()
        links = Relationship.objects.filter(parent=resource.pk).values_list("child", flat=True)
        of = Relationship.objects.filter(child=resource.pk).values_list("parent", flat=True)
        made = ContentFile.objects.filter(resource=resource.pk, direct_resource__isnull=False).values_list("direct_resource", flat=True)
        touched = {resource.pk, *links, *of, *made}
        if (
            Channel.objects.filter(featured_list=resource.pk).exists()
            or sum(each.resource_type == resource.resource_type for each in self.resources) == 1
        ):
            return set()
        LearningResource.objects.filter(pk=resource.pk).delete()
        self.resources.remove(resource)
        return touched


CHANGES: list[Callable[[Catalogue], set[int]]] = [
    *[Catalogue.rename, Catalogue.show_or_hide, Catalogue.show_or_hide, Catalogue.tag, Catalogue.tag, Catalogue.offer, Catalogue.number],
    *[
        Catalogue.link,
        Catalogue.link,
        Catalogue.link,
        Catalogue.unlink,
        Catalogue.hold,
        Catalogue.cancel,
        Catalogue.make_from_a_file,
        Catalogue.delete,
    ],
]


def publish_at(now: datetime, ids: set[int]) -> int:
    with transaction.atomic():
        return len(publish(ids, now=now).changed)


@pytest.mark.parametrize("seed", range(4))
def test_no_document_is_left_untrue(seed: int) -> None:
    random = Random(seed)
    catalogue = Catalogue(random)
    now = days(0)
    for _ in range(15):
        catalogue.link()
    publish_at(now, {resource.pk for resource in catalogue.resources})
    for step in range(70):
        changes = random.sample(CHANGES, random.randrange(1, 4))
        publish_at(now, {id for change in changes for id in change(catalogue)})
        if step % 10 == 9:
            now = days(step)
            refresh_derived(now)
    everything = set(LearningResource.objects.values_list("pk", flat=True))
    assert publish_at(now, everything) == 0
    for topic in Topic.objects.all():
        assert topic.channel.published == topic.resources.filter(published=True).exists()
