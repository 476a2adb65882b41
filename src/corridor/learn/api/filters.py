"""The parameters that operations share, and how an index is asked for them."""

from collections.abc import Collection, Mapping, Sequence
from functools import cache

from django.db.models import Model

from corridor.kit.api.parameters import Asked, Choice, Code, Flag, Number, Parameter, Text
from corridor.learn.catalog.models import Department, Offeror, Platform
from corridor.learn.catalog.reference import files
from corridor.learn.catalog.vocabulary import CertificationType, Delivery, Level, ResourceType, ResourceTypeGroup

Filters = Mapping[str, Sequence[str]]


# The set whose codes the published contract names.
PUBLISHED = "mit"


class Codes:
    """Keys of a small table, and those that the contract publishes, whose clients ask for them wherever they are used.

    They are remembered until one is asked for that is not among them.
    """

    def __init__(self, table: type[Model]) -> None:
        self._table = table
        self._known: frozenset[str] = frozenset()

    def __call__(self, fresh: bool) -> Collection[str]:
        if fresh:
            self._known = published(self._table).union(self._table._default_manager.values_list("pk", flat=True))
        return self._known


@cache
def published(table: type[Model]) -> frozenset[str]:
    contents = files.read(files.folder_of(PUBLISHED))
    return {
        Platform: frozenset(row.code for row in contents.platforms),
        Offeror: frozenset(row.code for row in contents.offerors),
        Department: frozenset(row.id for row in contents.departments),
    }[table]


PLATFORMS, OFFERORS, DEPARTMENTS = Codes(Platform), Codes(Offeror), Codes(Department)

OFFERED_BY = Code(
    name="offered_by", many=True, known=OFFERORS, help="The organization that offers a learning resource; codes of /offerors/."
)
PLATFORM = Code(name="platform", many=True, known=PLATFORMS, help="Where a learning resource is hosted; codes of /platforms/.")
TOPIC = Text(name="topic", many=True, help="The topic, by name, in any case. For more than one, repeat the parameter.")
OCW_TOPIC = Text(name="ocw_topic", many=True, help="The topic in OpenCourseWare's own words, in any case.")

COMMON: tuple[Parameter, ...] = (
    Flag(name="certification", help="Whether it gives a certificate."),
    Choice(name="certification_type", many=True, choices=dict(CertificationType.choices), help="The type of certificate."),
    Text(name="course_feature", many=True, help="A feature of the content, by name, in any case."),
    Choice(name="delivery", many=True, choices=dict(Delivery.choices), help="How it is delivered."),
    Code(name="department", many=True, known=DEPARTMENTS, help="The department; ids of /departments/."),
    Flag(name="free", help="Whether it is free or has a free option."),
    Choice(name="level", many=True, choices=dict(Level.choices), help="The academic level."),
    OFFERED_BY,
    PLATFORM,
    Flag(name="professional", help="Whether it is paid professional content."),
    Choice(name="resource_type", many=True, choices=dict(ResourceType.choices), help="The type of learning resource."),
    Choice(name="resource_type_group", many=True, choices=dict(ResourceTypeGroup.choices), help="The group of types it is shown in."),
    TOPIC,
)
OF_LISTS: tuple[Parameter, ...] = (
    *COMMON,
    Text(name="readable_id", many=True, help="The id that its platform gave it."),
    Number(name="resource_id", many=True, help="The id of the learning resource."),
)
OF_SEARCHES: tuple[Parameter, ...] = (
    *COMMON,
    OCW_TOPIC,
    Text(name="resource_category", many=True, help="The category it is shown in, such as Course or Open Textbook."),
)
ORDERS = {
    "id": "Id, ascending",
    "-id": "Id, descending",
    "readable_id": "Readable id, ascending",
    "-readable_id": "Readable id, descending",
    "last_modified": "Last modified, oldest first",
    "-last_modified": "Last modified, newest first",
    "new": "Newest first",
    "start_date": "Start date, earliest first",
    "-start_date": "Start date, latest first",
    "mitcoursenumber": "Course number, ascending",
    "-mitcoursenumber": "Course number, descending",
    "views": "Views, fewest first",
    "-views": "Views, most first",
    "upcoming": "Next start date, soonest first",
}
ORDER = Choice(name="sortby", choices=ORDERS, help="The order of the results; those that do not have what it goes by come last.")

# Where a parameter and the field of the index have different names.
FIELDS = {"resource_id": "id"}


def filters(asked: Asked, parameters: Collection[Parameter]) -> Filters:
    """Filters of the index for what was asked of these parameters."""
    chosen = {FIELDS.get(each.name, each.name): _values(asked[each.name]) for each in parameters}
    return {field: values for field, values in chosen.items() if values}


def _values(asked: object) -> list[str]:
    if asked is None:
        return []
    if isinstance(asked, bool):
        return ["true" if asked else "false"]
    return [str(each) for each in asked] if isinstance(asked, tuple) else [str(asked)]
