"""Loads courses and programs from payloads of the published API. What is there already is brought up to date; bad records are set aside."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, transaction
from django.utils.text import slugify
from pydantic import ValidationError

from . import documents, payloads, requirements
from .errors import TreeRefused
from .models import (
    Course,
    CourseProspectus,
    CourseRun,
    Department,
    EnrollmentMode,
    Product,
    ProductVersion,
    Program,
    ProgramProspectus,
    SupportedVariant,
    Topic,
)
from .requirements import Node, TreeUnreadable
from .rules import course_number
from .trees import set_requirements
from .vocabulary import NodeType, Operator

DATES = ("start_date", "end_date", "enrollment_start", "enrollment_end")
RUN_FIELDS = (
    *DATES, "expiration_date", "upgrade_deadline", "certificate_available_date", "is_self_paced", "live", "language",
    "is_primary_language", "variant_length", "variant_industry", "b2b_contract", "is_source_run",
)  # fmt: skip


@dataclass
class Loaded:
    """Readable ids of what was loaded, and what was not and why."""

    courses: list[str] = field(default_factory=list)
    programs: list[str] = field(default_factory=list)
    set_aside: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def load(files: Iterable[Any]) -> Loaded:
    """Take parsed files together, so that programs of one find the courses of another. Repeated, it writes nothing."""
    documents.take_turn()
    found, loaded = [row for file in files for row in payloads.rows(file)], Loaded()
    programs = [*filter(payloads.is_program, found)]
    for row in _courses(found, programs):
        _keep(row, payloads.Course, save_course, loaded, loaded.courses)
    for row in programs:
        _keep(row, payloads.Program, save_program, loaded, loaded.programs)
    documents.publish(courses=_ids(Course, loaded.courses), programs=_ids(Program, loaded.programs))
    numbered = _numbers(found)
    for row in programs:
        if row.get("readable_id") in loaded.programs:
            _set_tree(row, numbered, loaded)
    unknown = len(found) - sum(payloads.is_course(row) or payloads.is_program(row) for row in found)
    if unknown:
        loaded.set_aside["(of no known kind)"] = f"{unknown} records are neither courses with runs nor programs"
    return loaded


def _courses(found: list[Any], programs: list[Any]) -> list[Any]:
    """Those that are listed, and those that programs alone tell of."""
    embedded = {str(course.get("readable_id")): course for row in programs for course in payloads.courses_within(row)}
    return [*(embedded | {str(row.get("readable_id")): row for row in found if payloads.is_course(row)}).values()]


def _ids(table: type[Course] | type[Program], names: Collection[str]) -> list[int]:
    return list(table._default_manager.filter(readable_id__in=names).values_list("id", flat=True))


def _keep(row: Any, shape: Any, save: Any, loaded: Loaded, kept: list[str]) -> None:
    """Save a record in a transaction within; one that the database or its shape refuses leaves nothing behind."""
    name = str(row.get("readable_id"))
    try:
        with transaction.atomic():
            save(shape.model_validate(row))
    except ValidationError as error:
        first = error.errors()[0]
        loaded.set_aside[name] = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    except DatabaseError as error:
        loaded.set_aside[name] = str(error).splitlines()[0]
    else:
        kept.append(name)


# --- courses


def save_course(given: payloads.Course) -> None:
    page = given.told_on
    live = page.live if given.live is None else given.live
    course, _ = Course.objects.update_or_create(readable_id=given.readable_id, defaults={"title": given.title, "live": live})
    CourseProspectus.objects.update_or_create(
        course=course,
        defaults=_prospectus(given, page) | {"ingest_content_files_for_ai": given.ingest_content_files_for_ai},
    )
    course.departments.set([_department(name) for name in given.departments])
    course.topics.set([_topic(topic) for topic in given.topics])
    for run in given.courseruns:
        _save_run(course, run)
    for variant in given.possible_variant_sets:
        told = variant.model_dump()
        key = {name: told.pop(name) for name in ("language", "variant_length", "variant_industry")}
        SupportedVariant.objects.update_or_create(course=course, **key, defaults=told)


def _save_run(course: Course, given: payloads.Run) -> None:
    told = {name: getattr(given, name) for name in RUN_FIELDS}
    told |= {"course": course, "title": given.title or course.title, "run_tag": given.run_tag or course_number(given.courseware_id)}
    run, _ = CourseRun.objects.update_or_create(courseware_id=given.courseware_id, defaults=told)
    modes = given.enrollment_modes or _usual_modes(bool(given.products or given.price is not None))
    run.enrollment_modes.set([_mode(mode) for mode in modes])
    sold = [product for product in given.products if product.is_active]
    if given.price is not None and not sold:
        sold = [payloads.SoldAs(price=given.price, description=given.courseware_id)]
    _sell({"course_run": run}, sold)


def _usual_modes(for_sale: bool) -> tuple[payloads.Mode, ...]:
    """Of payloads that say nothing of modes."""
    return tuple(payloads.Mode(mode_slug=slug) for slug in (("audit", "verified") if for_sale else ("audit",)))


def _prospectus(given: payloads.Offer, page: payloads.Page) -> dict[str, Any]:
    shown = given.include_in_learn_catalog if given.include_in_learn_catalog is not None else page.include_in_learn_catalog
    return {
        "live": page.live,
        "description": page.description or given.description,
        "prerequisites": given.prerequisites or ("Required." if given.required_prerequisites else ""),
        "length": (given.duration or page.length or given.length)[:50],
        "effort": (given.time_commitment or page.effort)[:100],
        "min_weeks": given.min_weeks,
        "max_weeks": given.max_weeks,
        "min_weekly_hours": given.min_weekly_hours,
        "max_weekly_hours": given.max_weekly_hours,
        "price_text": page.price,
        "min_price": given.min_price,
        "max_price": given.max_price,
        "feature_image_src": page.feature_image_src,
        "financial_assistance_form_url": page.financial_assistance_form_url,
        "instructors": list(page.instructors),
        "include_in_learn_catalog": True if shown is None else shown,
    }


def _department(name: str) -> Department:
    return Department.objects.get_or_create(name=name, defaults={"slug": slugify(name)})[0]


def _topic(given: payloads.Topic) -> Topic:
    parent = Topic.objects.get_or_create(name=given.parent, parent=None)[0] if given.parent else None
    return Topic.objects.get_or_create(name=given.name, parent=parent)[0]


def _mode(given: payloads.Mode) -> EnrollmentMode:
    """One that is there stays as it is."""
    paid = given.mode_slug == "verified" if given.requires_payment is None else given.requires_payment
    told = {"mode_display_name": given.mode_display_name or given.mode_slug.capitalize(), "requires_payment": paid}
    return EnrollmentMode.objects.get_or_create(mode_slug=given.mode_slug, defaults=told)[0]


def _sell(sold: Mapping[str, Any], products: list[payloads.SoldAs]) -> None:
    """The first active product, as a further version where it differs; without one it is no longer sold."""
    if not products:
        Product.objects.filter(**sold, is_active=True).update(is_active=False)
        return
    product, _ = Product.objects.get_or_create(**sold, is_active=True)
    newest = product.versions.order_by("-number").first()
    offer = products[0]
    if newest is None or (newest.price, newest.description) != (offer.price, offer.description):
        number = newest.number + 1 if newest else 1
        ProductVersion.objects.create(product=product, number=number, price=offer.price, description=offer.description)


# --- programs


def save_program(given: payloads.Program) -> None:
    page = given.page or payloads.Page(description=given.description)
    told = {name: getattr(given, name) for name in (*DATES, "title", "live", "b2b_only", "program_type", "availability", "display_mode")}
    program, _ = Program.objects.update_or_create(readable_id=given.readable_id, defaults=told)
    ProgramProspectus.objects.update_or_create(program=program, defaults=_prospectus(given, page) | {"list_price": page.list_price})
    program.departments.set([_department(name) for name in given.departments])
    program.enrollment_modes.set([_mode(mode) for mode in given.enrollment_modes])
    _sell({"program": program}, [product for product in given.products if product.is_active])


@dataclass(frozen=True)
class Numbers:
    """Our numbers of courses and programs by those of the payloads."""

    courses: Mapping[int, int]
    programs: Mapping[int, int]


def _numbers(found: list[Any]) -> Numbers:
    names = payloads.numbers(found)
    programs = {row["id"]: row["readable_id"] for row in found if payloads.is_program(row) and isinstance(row.get("id"), int)}
    courses = {id: name for id, name in names.items() if not name.startswith("program")}
    for row in (row for row in found if payloads.is_course(row) and isinstance(row.get("id"), int)):
        courses[row["id"]] = row["readable_id"]
    ours = dict(Course.objects.filter(readable_id__in=courses.values()).values_list("readable_id", "id"))
    our_programs = dict(Program.objects.filter(readable_id__in=programs.values()).values_list("readable_id", "id"))
    return Numbers(
        courses={id: ours[name] for id, name in courses.items() if name in ours},
        programs={id: our_programs[name] for id, name in programs.items() if name in our_programs},
    )


def _set_tree(row: Any, numbers: Numbers, loaded: Loaded) -> None:
    """Parts that nobody told of are left out, and that is said."""
    name = row["readable_id"]
    try:
        told = requirements.from_wire(row.get("req_tree") or [])
        tree = _ours(told, numbers)
        set_requirements(Program.objects.get(readable_id=name).pk, tree)
    except (TreeUnreadable, TreeRefused) as error:
        loaded.set_aside[f"{name}: req_tree"] = str(error)
        return
    missing = sum(1 for node in requirements.walk(told) if node.type != NodeType.OPERATOR) - sum(
        1 for node in requirements.walk(tree) if node.type != NodeType.OPERATOR
    )
    if missing:
        loaded.set_aside[f"{name}: req_tree"] = f"{missing} parts are not among what was loaded, and were left out"


def _ours(nodes: Iterable[Node], numbers: Numbers) -> tuple[Node, ...]:
    """With our numbers; without what is unknown, and without operators that would then ask for nothing or for too much."""
    kept = (_our_node(node, numbers) for node in nodes)
    return tuple(node for node in kept if node is not None)


def _our_node(node: Node, numbers: Numbers) -> Node | None:
    if node.type == NodeType.COURSE:
        course = numbers.courses.get(node.course or 0)
        return requirements.course(course) if course else None
    if node.type == NodeType.PROGRAM:
        program = numbers.programs.get(node.program or 0)
        return requirements.program(program) if program else None
    children = tuple(dict.fromkeys(_ours(node.children, numbers)))
    if not children:
        return None
    number = min(node.number or 1, len(children)) if node.operator == Operator.MIN_NUMBER_OF else None
    return Node(NodeType.OPERATOR, node.operator, number, node.title, node.elective, children=children)
