"""Facts of many resources at once, in a constant number of queries, whatever their number."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db.models import Min, Model, Q, QuerySet
from django.db.models.expressions import RawSQL

from corridor.learn.channels.models import Channel
from corridor.learn.channels.queries import addresses
from corridor.learn.content.models import ContentFile

from . import shapes
from .facts import Child, Facts, FileFacts, Json, Links, OwnedFile, Parent, Reference, ResourceFacts, RunFacts
from .models import ContentTag, Department, LearningResource, Offeror, Platform, Relationship, Run, RunInstructor, Topic
from .vocabulary import ChannelType, RelationType, ResourceType
from .wire import binary_cursor

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

K = TypeVar("K")
V = TypeVar("V")
D = TypeVar("D", bound="DataclassInstance")


def among(field: str, ids: Collection[int]) -> Q:
    """A filter for many ids that costs one parameter, not one for each."""
    return Q(**{f"{field}__in": RawSQL("SELECT unnest(%s::bigint[])", [list(ids)])})


def rows(queryset: QuerySet[Any], row: type[D]) -> list[D]:
    """The rows of a query as values of a dataclass, whose fields name the columns.

    Five times as fast as instances of models.
    """
    try:
        sql, parameters = queryset.values_list(*(each.name for each in fields(row))).query.sql_with_params()
    except EmptyResultSet:  # asks for what cannot be, such as an id that no column holds
        return []
    with binary_cursor(row) as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def reference() -> Reference:
    """The whole reference data. Six queries."""
    channel_url = addresses()
    departments = Department.objects.select_related("school")
    return Reference(
        topics={row.id: shapes.topic(row, channel_url.topics.get(row.id)) for row in Topic.objects.all()},
        departments={row.pk: shapes.department(row, channel_url.departments.get(row.pk)) for row in departments},
        offerors={row.code: shapes.offeror(row, channel_url.units.get(row.code)) for row in Offeror.objects.all()},
        platforms={row.code: shapes.platform(row) for row in Platform.objects.all()},
        tags=dict(ContentTag.objects.values_list("id", "name")),
    )


def load(ids: Collection[int]) -> list[Facts]:
    """The facts of those resources that exist. Ten queries."""
    files = _files(ids)
    wanted = {*ids, *(file.resource_id for of_one in files.values() for file in of_one)}
    resources = {each.id: each for each in rows(LearningResource.objects.filter(among("id", wanted)), ResourceFacts)}
    links = _links(wanted)
    runs, instructors = _public_runs(ids), _instructors(ids)
    children, parents, featured = _children(ids), _parents(ids), _featured(ids)
    return [
        Facts(
            resource=resources[id],
            links=links[id],
            runs=runs[id],
            instructors=instructors,
            children=children[id],
            parents=parents[id],
            files=[OwnedFile(file, resources[file.resource_id], links[file.resource_id]) for file in files[id]],
            featured=featured.get(id),
        )
        for id in ids
        if id in resources
    ]


def owned(files: Collection[FileFacts]) -> list[OwnedFile]:
    """Content files with the resources that they belong to, in the order given. Four queries."""
    owners = {file.resource_id for file in files}
    resources = {each.id: each for each in rows(LearningResource.objects.filter(among("id", owners)), ResourceFacts)}
    links = _links(owners)
    return [OwnedFile(file, resources[file.resource_id], links[file.resource_id]) for file in files if file.resource_id in resources]


def _grouped(pairs: Iterable[tuple[K, V]]) -> defaultdict[K, list[V]]:
    groups: defaultdict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups


def _links(ids: Collection[int]) -> defaultdict[int, Links]:
    links: defaultdict[int, Links] = defaultdict(Links)
    for id, topic in _pairs(LearningResource.topics.through, ids, "topic", "topic__name"):
        links[id].topics.append(topic)
    for id, department in _pairs(LearningResource.departments.through, ids, "department", "department"):
        links[id].departments.append(department)
    for id, tag in _pairs(LearningResource.content_tags.through, ids, "contenttag", "contenttag__name"):
        links[id].tags.append(tag)
    return links


def _pairs(through: type[Model], ids: Collection[int], name: str, order: str) -> Iterable[tuple[int, Any]]:
    return through._default_manager.filter(among("learningresource", ids)).order_by(order).values_list("learningresource", name)


def _public_runs(ids: Collection[int]) -> defaultdict[int, list[RunFacts]]:
    public = Run.objects.filter(among("resource", ids), published=True, is_variant=False)
    return _grouped((run.resource_id, run) for run in rows(public.order_by("start_date", "enrollment_start", "id"), RunFacts))


def _instructors(ids: Collection[int]) -> defaultdict[int, list[Json]]:
    public = RunInstructor.objects.filter(among("run__resource", ids), run__published=True, run__is_variant=False)
    names = public.values_list("run__id", "instructor", "instructor__first_name", "instructor__last_name", "instructor__full_name")
    people: defaultdict[int, list[Json]] = defaultdict(list)
    for run, id, first, last, full in names.order_by("position", "id"):
        people[run].append({"id": id, "first_name": first or None, "last_name": last or None, "full_name": full})
    return people


def _children(ids: Collection[int]) -> defaultdict[int, list[Child]]:
    published = Relationship.objects.filter(among("parent", ids), child__published=True).order_by("position", "id")
    return _grouped(
        (parent, Child(child=child, position=position, relation_type=relation, title=title, readable_id=readable_id))
        for parent, child, position, relation, title, readable_id in published.values_list(
            "parent", "child", "position", "relation_type", "child__title", "child__readable_id"
        )
    )


def _parents(ids: Collection[int]) -> defaultdict[int, list[Parent]]:
    published = Relationship.objects.filter(among("child", ids), parent__published=True).order_by("parent")
    return _grouped(
        (child, Parent(id=parent, relation_type=relation, title=title, readable_id=readable_id, url=url, course_numbers=numbers))
        for child, parent, relation, title, readable_id, url, numbers in published.values_list(
            "child", "parent", "relation_type", "parent__title", "parent__readable_id", "parent__url", "parent__details__course_numbers"
        )
    )


def _files(ids: Collection[int]) -> defaultdict[int, list[FileFacts]]:
    """By the material that they are, or were made into; those of a course that is not public stay out of it."""
    materials = Q(direct_resource=None, resource__resource_type__in=(ResourceType.VIDEO, ResourceType.DOCUMENT))
    own = among("resource", ids) & materials
    made = among("direct_resource", ids) & Q(resource__published=True)
    files = rows(ContentFile.objects.filter(own | made, published=True).order_by("id"), FileFacts)
    return _grouped((file.direct_resource_id or file.resource_id, file) for file in files)


def _featured(ids: Collection[int]) -> dict[int, int]:
    lists = Channel.objects.filter(channel_type=ChannelType.UNIT, published=True, featured_list__published=True).values("featured_list")
    items = Relationship.objects.filter(among("child", ids), parent__in=lists, relation_type=RelationType.LEARNING_PATH_ITEMS)
    return dict(items.values("child").annotate(best=Min("position")).values_list("child", "best"))
