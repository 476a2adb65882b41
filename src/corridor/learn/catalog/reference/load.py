"""Sets of reference data written to the database: rows that differ, and nothing else."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Model, Q, TextField
from django.db.models.functions import Cast

from corridor.learn.catalog.documents import publish
from corridor.learn.catalog.errors import ReferenceDataInvalid
from corridor.learn.catalog.models import Department, LearningResource, Offeror, Platform, School, Topic, TopicMapping
from corridor.learn.catalog.topics import folded
from corridor.learn.channels.sync import retitle

from .files import Contents, DepartmentRow, Placed, flattened, folder_of, read

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Loaded:
    """Rows written by a load; an unchanged set writes none."""

    created: int
    changed: int


@dataclass
class _Changes:
    """What differs from what was there, for the documents and channels that tell of it."""

    created: int = 0
    changed: int = 0
    platforms: set[str] = field(default_factory=set)
    offerors: set[str] = field(default_factory=set)
    schools: set[int] = field(default_factory=set)
    departments: set[str] = field(default_factory=set)
    topics: set[int] = field(default_factory=set)

    def resources(self) -> set[int]:
        """Resources whose documents tell of a row that changed."""
        told = Q(platform__in=self.platforms) | Q(offered_by__in=self.offerors) | Q(topics__in=self.topics)
        told |= Q(departments__in=self.departments) | Q(departments__school__in=self.schools)
        return set(LearningResource.objects.filter(told).values_list("id", flat=True))


def load_reference(source: str | Path) -> Loaded:
    """Load a shipped set by name, or a folder of the same files. Idempotent, in one transaction, channels and documents included.

    A folder holds any of platforms, offerors, schools, departments and topics `.yaml`, each one key of that name with a list of
    rows (see reference.files). Rows are matched by code, school name, department id, and topic id or name; a topic keeps its
    resources when its name or place changes. Mappings of the topics named are replaced, for the offerors of the folder and those that it
    maps words of; rows that are not named stay as they are.
    Raises ReferenceDataInvalid with file and key for data that cannot be used.
    """
    contents = read(folder_of(source))
    changes = _Changes()
    with transaction.atomic():
        _one_at_a_time()
        changes.platforms = _store(changes, Platform, {row.code: row.model_dump() for row in contents.platforms})
        changes.offerors = _store_offerors(changes, contents)
        changes.schools = _store_schools(changes, contents)
        changes.departments = _store(changes, Department, _departments(contents.departments))
        changes.topics = _store_topics(changes, contents)
        retitle(changes.topics, changes.offerors, changes.departments)
        publish(changes.resources())
    return Loaded(changes.created, changes.changed)


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE learn_topic, learn_topicmapping IN SHARE ROW EXCLUSIVE MODE")


def _store(changes: _Changes, model: type[M], wanted: dict[Any, dict[str, Any]]) -> set[Any]:
    """Create and update rows by primary key. Gives the keys of those that were there and changed."""
    there = model._default_manager.in_bulk(list(wanted))
    new = [model(**values) for key, values in wanted.items() if key not in there]
    differing = [row for key, row in there.items() if _assigned(row, wanted[key])]
    model._default_manager.bulk_create(new)
    if differing:
        names = [name for name in next(iter(wanted.values())) if name != model._meta.pk.attname]
        model._default_manager.bulk_update(differing, names)
    changes.created += len(new)
    changes.changed += len(differing)
    return {row.pk for row in differing}


def _assigned(row: Model, values: dict[str, Any]) -> bool:
    """Set the fields of a row; whether any of them differed."""
    differing = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    return bool(differing)


def _store_offerors(changes: _Changes, contents: Contents) -> set[str]:
    codes = {row.name: row.code for row in contents.offerors}
    for code, name in Offeror.objects.filter(name__in=codes).values_list("code", "name"):
        if codes[name] != code:
            raise ReferenceDataInvalid("offerors.yaml", codes[name], f"{name} is the name of {code} already")
    return _store(changes, Offeror, {row.code: row.model_dump() for row in contents.offerors})


def _store_schools(changes: _Changes, contents: Contents) -> set[int]:
    """Schools have no code: they are matched by name."""
    there = {school.name: school for school in School.objects.all()}
    new = [School(name=row.name, url=row.url) for row in contents.schools if row.name not in there]
    differing = [there[row.name] for row in contents.schools if row.name in there and _assigned(there[row.name], {"url": row.url})]
    School.objects.bulk_create(new)
    School.objects.bulk_update(differing, ["url"])
    changes.created += len(new)
    changes.changed += len(differing)
    return {school.id for school in differing}


def _departments(rows: Iterable[DepartmentRow]) -> dict[str, dict[str, Any]]:
    schools = dict(School.objects.values_list("name", "id"))
    for row in rows:
        if row.school and row.school not in schools:
            raise ReferenceDataInvalid("departments.yaml", row.id, f"there is no school named {row.school}")
    return {row.id: {"department_id": row.id, "name": row.name, "school_id": schools[row.school] if row.school else None} for row in rows}


# --- topics


def _store_topics(changes: _Changes, contents: Contents) -> set[int]:
    """Gives the ids of topics that were there and changed in a way that documents tell."""
    placed = flattened(contents.topics)
    there = list(Topic.objects.all())
    topics = _matched(placed, there)
    new = [topic for topic in topics if not topic.pk]
    Topic.objects.bulk_create(new)
    parents = {topic.topic_uuid: topic for topic in (*there, *topics)}
    old_names = {topic.pk: topic.name for topic in topics}
    differing = [topic for topic, each in zip(topics, placed, strict=True) if _assigned(topic, _wanted(each, topics, parents))]
    _refuse_cycles(parents.values())
    _rename([topic for topic in differing if topic.name != old_names[topic.pk]])
    Topic.objects.bulk_update(differing, ["topic_uuid", "icon", "parent"])
    mapped, fresh = _store_mappings(placed, topics, {row.code for row in contents.offerors}), {topic.pk for topic in new}
    changed = {topic.pk for topic in differing} - fresh
    changes.created += len(new)
    changes.changed += len(changed | mapped - fresh)
    return changed


def _matched(placed: list[Placed], there: list[Topic]) -> list[Topic]:
    """The topic of each node: of its id, else of its name, else a new one."""
    by_id = {topic.topic_uuid: topic for topic in there}
    of_id = {each.id: by_id[each.id] for each in placed if each.id in by_id}
    claimed = {topic.pk for topic in of_id.values()}
    by_name = {folded(topic.name): topic for topic in there if topic.pk not in claimed}
    topics = []
    for each in placed:
        namesake = by_name.get(folded(each.node.name))
        if namesake and each.id in of_id:
            raise ReferenceDataInvalid("topics.yaml", each.node.name, "is the name of another topic")
        topics.append(of_id.get(each.id) or namesake or Topic(name=each.node.name, topic_uuid=each.id))
    return topics


def _wanted(each: Placed, topics: list[Topic], parents: dict[UUID, Topic]) -> dict[str, Any]:
    if each.node.parent and each.node.parent not in parents:
        raise ReferenceDataInvalid("topics.yaml", each.node.name, f"there is no topic with the id of its parent, {each.node.parent}")
    above = topics[each.above] if each.above is not None else parents[each.node.parent] if each.node.parent else None
    topic_uuid = each.node.id or topics[each.index].topic_uuid
    return {"name": each.node.name, "topic_uuid": topic_uuid, "icon": each.icon, "parent_id": above.pk if above else None}


def _refuse_cycles(topics: Iterable[Topic]) -> None:
    names, above = {topic.pk: topic.name for topic in topics}, {topic.pk: topic.parent_id for topic in topics}
    for topic in above:
        seen, step = {topic}, above[topic]
        while step is not None:
            if step in seen:
                raise ReferenceDataInvalid("topics.yaml", names[topic], "would be below itself")
            seen.add(step)
            step = above[step]


def _rename(topics: list[Topic]) -> None:
    """In two steps, so that two topics may swap their names."""
    ids = [topic.pk for topic in topics]
    if ids:
        Topic.objects.filter(pk__in=ids).update(name=Cast("topic_uuid", TextField()))
        Topic.objects.bulk_update(topics, ["name"])


def _store_mappings(placed: list[Placed], topics: list[Topic], offerors: Collection[str]) -> set[int]:
    """Replace the words that the set's offerors, and those it names words of, use for the topics. Gives the ids of topics that had others."""
    codes = set(Offeror.objects.values_list("code", flat=True))
    wanted = set()
    for each, topic in zip(placed, topics, strict=True):
        for code, words in each.node.mappings.items():
            if code not in codes:
                raise ReferenceDataInvalid("topics.yaml", f"{each.node.name} → mappings → {code}", "there is no offeror with this code")
            wanted |= {(topic.pk, code, word) for word in words}
    told = {*offerors, *(code for _, code, _ in wanted)}
    rows = TopicMapping.objects.filter(topic__in=topics, offeror__in=told).values_list("topic_id", "offeror_id", "topic_name", "pk")
    there = {(topic, code, word): pk for topic, code, word, pk in rows}
    TopicMapping.objects.filter(pk__in=[pk for key, pk in there.items() if key not in wanted]).delete()
    TopicMapping.objects.bulk_create(
        TopicMapping(topic_id=topic, offeror_id=code, topic_name=word) for topic, code, word in sorted(wanted - there.keys())
    )
    return {topic for topic, _, _ in wanted ^ there.keys()}
