"""Facts of many courses and programs at once, in a constant number of queries, whatever their number."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import fields
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from .facts import CourseFacts, Json, ModeFacts, Names, ProductFacts, ProgramFacts, ProgramName, ProspectusFacts, RunFacts, TopicFacts
from .models import Course, CourseRun, EnrollmentMode, ProductVersion, Program, ProgramCollectionItem, ProgramRequirement, SupportedVariant
from .requirements import Node

K = TypeVar("K")
V = TypeVar("V")
RUN_COLUMNS = [each.name for each in fields(RunFacts) if each.name not in ("modes", "products")]
VARIANT_COLUMNS = ("language", "variant_length", "variant_industry", "active", "b2b_only", "default_variant")
PROGRAM_COLUMNS = (
    "id", "title", "readable_id", "live", "b2b_only", "program_type", "availability", "display_mode",
    "start_date", "end_date", "enrollment_start", "enrollment_end",
)  # fmt: skip
PAGE_OF_COURSE = [each.name for each in fields(ProspectusFacts) if each.name != "list_price"]
PAGE_OF_PROGRAM = [each.name for each in fields(ProspectusFacts) if each.name != "ingest_content_files_for_ai"]


def public_programs() -> QuerySet[Program]:
    return Program.objects.filter(b2b_only=False)


def public_runs() -> QuerySet[CourseRun]:
    return CourseRun.objects.filter(b2b_contract=None, is_source_run=False)


def grouped(pairs: Iterable[tuple[K, V]]) -> defaultdict[K, list[V]]:
    groups: defaultdict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups


def courses(ids: Collection[int]) -> list[CourseFacts]:
    """Those that exist, in the order of their ids. Eight queries."""
    rows = Course.objects.filter(id__in=ids).select_related("prospectus").order_by("id")
    departments = _names(Course.departments.through, "course", ids, "department__name")
    topics, variants, runs_of = _topics(ids), _variants(ids), _runs(ids)
    programs = _programs_that_require("course", ids)
    return [
        CourseFacts(
            id=row.id,
            title=row.title,
            readable_id=row.readable_id,
            live=row.live,
            prospectus=_prospectus(getattr(row, "prospectus", None), PAGE_OF_COURSE),
            departments=tuple(departments[row.id]),
            topics=tuple(topics[row.id]),
            runs=tuple(runs_of[row.id]),
            variants=tuple(variants[row.id]),
            programs=tuple(programs[row.id]),
        )
        for row in rows
    ]


def programs(ids: Collection[int], *, public: bool = True) -> list[ProgramFacts]:
    """Those that exist and, unless told otherwise, are public, in the order of their ids. Eight queries."""
    rows = (public_programs() if public else Program.objects.all()).filter(id__in=ids).select_related("prospectus").order_by("id")
    departments = _names(Program.departments.through, "program", ids, "department__name")
    modes, products, trees = _modes(Program.enrollment_modes.through, "program", ids), _products("program", ids), requirement_trees(ids)
    topics, above, collections = _topics_of_parts(ids), _programs_that_require("required_program", ids), _collections(ids)
    return [
        ProgramFacts(
            **{name: getattr(row, name) for name in PROGRAM_COLUMNS},
            prospectus=_prospectus(getattr(row, "prospectus", None), PAGE_OF_PROGRAM),
            departments=tuple(departments[row.id]),
            topics=tuple(topics[row.id]),
            modes=tuple(modes[row.id]),
            products=tuple(products[row.id]),
            tree=trees.get(row.id, ()),
            programs=tuple(above[row.id]),
            collections=tuple(collections[row.id]),
        )
        for row in rows
    ]


def names(found: Iterable[ProgramFacts]) -> Names:
    """Readable ids of what their trees name. Two queries."""
    nodes = [node for program in found for node in _flat(program.tree)]
    course_ids = {node.course for node in nodes if node.course is not None}
    program_ids = {node.program for node in nodes if node.program is not None}
    return Names(
        courses=dict(Course.objects.filter(id__in=course_ids).values_list("id", "readable_id")),
        programs=dict(Program.objects.filter(id__in=program_ids).values_list("id", "readable_id")),
    )


def _flat(nodes: Iterable[Node]) -> Iterable[Node]:
    for node in nodes:
        yield node
        yield from _flat(node.children)


def requirement_trees(program_ids: Collection[int]) -> dict[int, tuple[Node, ...]]:
    """One query."""
    rows = ProgramRequirement.objects.filter(program__in=program_ids).order_by("position", "id")
    below = grouped(((row.program_id, row.parent_id), row) for row in rows)

    def nodes(program: int, parent: int | None) -> tuple[Node, ...]:
        return tuple(_node(row, nodes(program, row.id)) for row in below[program, parent])

    return {program: nodes(program, None) for program in program_ids}


def _node(row: ProgramRequirement, children: tuple[Node, ...]) -> Node:
    return Node(
        type=row.node_type,
        operator=row.operator,
        number=row.operator_value,
        title=row.title,
        elective=row.elective_flag,
        course=row.course_id,
        program=row.required_program_id,
        children=children,
        id=row.id,
    )


def _prospectus(row: Any, columns: Iterable[str]) -> ProspectusFacts:
    return ProspectusFacts(**{name: getattr(row, name) for name in columns}) if row else ProspectusFacts()


def _names(through: type[Model], owner: str, ids: Collection[int], name: str) -> defaultdict[int, list[str]]:
    rows = through._default_manager.filter(**{f"{owner}__in": ids}).order_by(name)
    return grouped(rows.values_list(owner, name))


def _topics(ids: Collection[int]) -> defaultdict[int, list[TopicFacts]]:
    rows = Course.topics.through._default_manager.filter(course__in=ids).order_by("topic__name", "topic")
    return grouped(
        (course, TopicFacts(name, parent)) for course, name, parent in rows.values_list("course", "topic__name", "topic__parent__name")
    )


def _topics_of_parts(ids: Collection[int]) -> defaultdict[int, list[str]]:
    """Of a program: the topics of its courses, by name."""
    rows = ProgramRequirement.objects.filter(program__in=ids, course__topics__isnull=False)
    return grouped(rows.values_list("program", "course__topics__name").order_by("course__topics__name").distinct())


def _variants(ids: Collection[int]) -> defaultdict[int, list[Json]]:
    rows = SupportedVariant.objects.filter(course__in=ids).order_by("id").values("course", *VARIANT_COLUMNS)
    return grouped((row.pop("course"), row) for row in rows)


def _runs(ids: Collection[int]) -> defaultdict[int, list[RunFacts]]:
    """By course."""
    return grouped((run.course_id, run) for run in runs(CourseRun.objects.filter(course__in=ids)))


def runs(found: QuerySet[CourseRun]) -> list[RunFacts]:
    """Those of contracts and sources too. Three queries."""
    rows = list(found.order_by("start_date", "id").values(*RUN_COLUMNS))
    ids = [row["id"] for row in rows]
    modes, products = _modes(CourseRun.enrollment_modes.through, "courserun", ids), _products("course_run", ids)
    return [RunFacts(**row, modes=tuple(modes[row["id"]]), products=tuple(products[row["id"]])) for row in rows]


def _modes(through: type[Model], owner: str, ids: Collection[int]) -> defaultdict[int, list[ModeFacts]]:
    columns = [f"enrollmentmode__{each.name}" for each in fields(ModeFacts)]
    rows = through._default_manager.filter(**{f"{owner}__in": ids}).order_by("enrollmentmode__mode_slug")
    return grouped((id, ModeFacts(*mode)) for id, *mode in rows.values_list(owner, *columns))


def _products(owner: str, ids: Collection[int]) -> defaultdict[int, list[ProductFacts]]:
    """Active ones, with the price of their newest version."""
    newest = ProductVersion.objects.filter(product__is_active=True, **{f"product__{owner}__in": ids}).order_by("product", "-number")
    rows = newest.distinct("product").values_list(f"product__{owner}", "product", "price", "description")
    return grouped((sold, ProductFacts(id, price, description, True)) for sold, id, price, description in rows)


def _programs_that_require(part: str, ids: Collection[int]) -> defaultdict[int, list[ProgramName]]:
    """Public and live programs, by what they require."""
    rows = ProgramRequirement.objects.filter(program__live=True, program__b2b_only=False, **{f"{part}__in": ids})
    columns = [f"program__{each.name}" for each in fields(ProgramName)]
    found = rows.values_list(part, *columns).order_by("program").distinct()
    return grouped((id, ProgramName(*program)) for id, *program in found)


def _collections(ids: Collection[int]) -> defaultdict[int, list[int]]:
    return grouped(ProgramCollectionItem.objects.filter(program__in=ids).order_by("collection").values_list("program", "collection"))


def modes_by_slug() -> dict[str, EnrollmentMode]:
    return {mode.mode_slug: mode for mode in EnrollmentMode.objects.all()}
