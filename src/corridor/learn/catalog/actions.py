"""What staff do to resources and learning paths, and the counting of views. Documents follow in the same transaction."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import TextChoices

from corridor.kit import clock
from corridor.learn.ingest.cleaning import clean_html, plain_text

from . import details
from .documents import publish
from .errors import EditRefused, ItemRefused, ResourceNotFound
from .models import LearningResource, Relationship
from .queries import topic_lookup
from .vocabulary import Delivery, Format, Pace, RelationType, ResourceType

CLEANED: dict[str, Callable[[Any], Any]] = {"title": plain_text, "description": clean_html, "full_description": clean_html}
CODED: dict[str, type[TextChoices]] = {"delivery": Delivery, "pace": Pace, "format": Format}
LINKED = ("topics", "departments", "content_tags")
EDITABLE = (
    *CLEANED,
    *CODED,
    *LINKED,
    *("url", "image_url", "image_alt", "image_description", "published", "languages", "resource_category", "details"),
    *("availability", "location", "duration", "min_weeks", "max_weeks"),
    *("time_commitment", "min_weekly_hours", "max_weekly_hours", "offered_by_id", "professional", "certification"),
    *("certification_type", "continuing_ed_credits", "license_cc", "test_mode", "require_summaries"),
)


def edit_resource(resource_id: int, changes: Mapping[str, Any]) -> LearningResource:
    """Set fields of a resource; topics, departments and tags by key. A source that later changes the same field is believed.

    Raises ResourceNotFound, EditRefused or DetailsInvalid.
    """
    if unknown := sorted(changes.keys() - {*EDITABLE}):
        raise EditRefused(unknown[0], "cannot be changed")
    with transaction.atomic():
        resource = _locked(resource_id)
        _set_fields(resource, {name: value for name, value in changes.items() if name not in LINKED})
        for name in changes.keys() & {*LINKED}:
            _set_links(resource, name, changes[name])
        publish([resource_id])
    return resource


def set_published(resource_id: int, published: bool) -> LearningResource:
    """Show a resource to everyone, or to staff alone."""
    return edit_resource(resource_id, {"published": published})


def _locked(resource_id: int, resource_type: str = "") -> LearningResource:
    """Everything that changes a resource by hand waits here for its turn."""
    resource = LearningResource.objects.select_for_update(no_key=True).filter(pk=resource_id).first()
    if not resource or (resource_type and resource.resource_type != resource_type):
        raise ResourceNotFound(resource_id)
    return resource


def _set_fields(resource: LearningResource, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        setattr(resource, name, _checked(resource, name, value))
    fields = {name.removesuffix("_id") for name in changes}
    try:
        resource.clean_fields(exclude={field.name for field in resource._meta.fields} - fields)
    except ValidationError as error:
        field, reasons = next(iter(error.message_dict.items()))
        raise EditRefused(field, " ".join(reasons)) from error
    resource.updated_on = clock.now()
    resource.save(update_fields=[*fields, "updated_on"])


def _checked(resource: LearningResource, name: str, value: Any) -> Any:
    """What a model's field does not check by itself."""
    if name in CLEANED:
        return CLEANED[name](value)
    if name in CODED and not (isinstance(value, list) and all(code in CODED[name].values for code in value)):
        raise EditRefused(name, f"must be a list of {', '.join(CODED[name].values)}")
    return details.shaped(resource.resource_type, value) if name == "details" else value


def _set_links(resource: LearningResource, name: str, keys: Collection[Any]) -> None:
    links = getattr(resource, name)
    wanted = topic_lookup().with_ancestors(keys) if name == "topics" else set(keys)
    try:
        known = set(links.model.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    except (TypeError, ValueError) as error:
        raise EditRefused(name, "must be a list of keys") from error
    if missing := sorted(wanted - known, key=str):
        raise EditRefused(name, f"there is none with the key {missing[0]}")
    links.set(known)


# --- learning paths


def create_learning_path(*, title: str, description: str = "", author: int | None = None, published: bool = True) -> LearningResource:
    """A list of resources in an order, made by staff. Raises EditRefused."""
    path = LearningResource(
        readable_id=uuid4().hex,
        resource_type=ResourceType.LEARNING_PATH,
        resource_category=ResourceType.LEARNING_PATH.label,
        published=published,
        details=details.shaped(ResourceType.LEARNING_PATH, {"author": author}),
    )
    with transaction.atomic():
        path.save()
        _set_fields(path, {"title": title, "description": description})
        publish([path.pk])
    return path


def delete_learning_path(path_id: int) -> None:
    """Raises ResourceNotFound."""
    with transaction.atomic():
        path = _locked(path_id, ResourceType.LEARNING_PATH)
        items = _items(path_id)
        path.delete()
        publish([path_id, *items])


def set_items(path_id: int, resource_ids: Sequence[int]) -> None:
    """Make these the items of a learning path, in this order. Raises ResourceNotFound or ItemRefused."""
    _rearrange(path_id, lambda items: list(resource_ids))


def add_item(path_id: int, resource_id: int) -> None:
    """Append an item. Raises ResourceNotFound or ItemRefused."""
    _rearrange(path_id, lambda items: [*items, resource_id])


def move_item(path_id: int, resource_id: int, position: int) -> None:
    """Put an item at a position, 0 the first; the others make room. Raises ResourceNotFound or ItemRefused."""

    def moved(items: list[int]) -> list[int]:
        others = _without(items, resource_id)
        return [*others[: max(position, 0)], resource_id, *others[max(position, 0) :]]

    _rearrange(path_id, moved)


def remove_item(path_id: int, resource_id: int) -> None:
    """Take an item out; the others close up. Raises ResourceNotFound or ItemRefused."""
    _rearrange(path_id, lambda items: _without(items, resource_id))


def _without(items: list[int], resource_id: int) -> list[int]:
    if resource_id not in items:
        raise ItemRefused(f"Resource {resource_id} is not in this list.")
    return [item for item in items if item != resource_id]


def _items(path_id: int) -> list[int]:
    links = Relationship.objects.filter(parent=path_id, relation_type=RelationType.LEARNING_PATH_ITEMS)
    return list(links.order_by("position", "id").values_list("child", flat=True))


def _rearrange(path_id: int, arrange: Callable[[list[int]], list[int]]) -> None:
    """Change the order of a path under its lock, so that of two changes at once neither is lost and no place is taken twice."""
    with transaction.atomic():
        _locked(path_id, ResourceType.LEARNING_PATH)
        before = _items(path_id)
        after = arrange(list(before))
        _refuse(path_id, after)
        links = Relationship.objects.filter(parent=path_id, relation_type=RelationType.LEARNING_PATH_ITEMS)
        links.exclude(child__in=after).delete()
        Relationship.objects.bulk_create(
            (
                Relationship(parent_id=path_id, child_id=child, position=position, relation_type=RelationType.LEARNING_PATH_ITEMS)
                for position, child in enumerate(after)
            ),
            update_conflicts=True,
            unique_fields=["parent", "child", "relation_type"],
            update_fields=["position"],
        )
        publish({path_id, *before, *after})


def _refuse(path_id: int, items: list[int]) -> None:
    if path_id in items:
        raise ItemRefused("A list cannot hold itself.")
    if repeated := next((item for index, item in enumerate(items) if item in items[:index]), None):
        raise ItemRefused(f"Resource {repeated} is in this list already.")
    known = set(LearningResource.objects.filter(pk__in=items).values_list("pk", flat=True))
    if missing := next((item for item in items if item not in known), None):
        raise ItemRefused(f"There is no resource {missing}.")


# --- views

RECORD_VIEW = """
    INSERT INTO learn_viewevent (resource_id, event_uuid, event_date, counted)
    SELECT resource_id, %s, %s, false FROM learn_resourcedocument WHERE resource_id = %s AND published
    ON CONFLICT (event_uuid) DO NOTHING
"""
COUNT_VIEWS = """
    WITH counted AS (UPDATE learn_viewevent SET counted = true WHERE NOT counted RETURNING resource_id),
    views AS (SELECT resource_id, count(*) AS number FROM counted GROUP BY resource_id)
    UPDATE learn_learningresource SET view_count = view_count + number FROM views WHERE id = resource_id RETURNING id
"""


def record_view(resource_id: int, event_uuid: UUID, at: datetime | None = None) -> bool:
    """Note that someone opened a resource's page; the same event counts once. Whether it was new, and of a public resource."""
    with connection.cursor() as cursor:
        cursor.execute(RECORD_VIEW, [event_uuid, at or clock.now(), resource_id])
        return bool(cursor.rowcount)


def count_views() -> int:
    """Add the views noted since the last count to their resources. Gives the number of resources that were seen."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(COUNT_VIEWS)
            seen = [id for (id,) in cursor.fetchall()]
        publish(seen)
    return len(seen)
