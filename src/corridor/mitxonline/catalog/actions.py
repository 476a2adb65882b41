"""Changes of the catalogue. Each is one transaction, which writes the documents that tell of it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from corridor.kit import clock

from . import documents, requirements
from .errors import CatalogNotFound, CourseNotFound, StillNeeded
from .loading import modes_by_slug, requirement_trees
from .models import Course, CourseProspectus, CourseRun, EnrollmentMode, Product, ProductVersion, Program, ProgramProspectus

Fields = Mapping[str, Any]


@transaction.atomic
def create_course(*, readable_id: str, title: str, live: bool = False, prospectus: Fields | None = None) -> int:
    """Gives its number."""
    documents.take_turn()
    course = Course.objects.create(readable_id=readable_id, title=title, live=live)
    CourseProspectus.objects.create(course=course, **(prospectus or {}))
    documents.publish(courses=[course.pk])
    return course.pk


@transaction.atomic
def edit_course(course_id: int, *, fields: Fields | None = None, prospectus: Fields | None = None) -> None:
    """Set columns of a course and of what it tells about itself. Raises CourseNotFound."""
    documents.take_turn()
    if not Course.objects.filter(pk=course_id).update(**(fields or {}), updated_on=clock.now()):
        raise CourseNotFound(course_id)
    if prospectus:
        CourseProspectus.objects.update_or_create(course_id=course_id, defaults=dict(prospectus))
    documents.publish(courses=[course_id])


@transaction.atomic
def delete_course(course_id: int) -> None:
    """Raises CourseNotFound, and StillNeeded where a run was sold or a program requires the course."""
    documents.take_turn()
    course = Course.objects.filter(pk=course_id).first()
    if course is None:
        raise CourseNotFound(course_id)
    try:
        course.delete()
    except ProtectedError as error:
        raise StillNeeded(str(course)) from error
    documents.publish()


@transaction.atomic
def create_run(course_id: int, *, fields: Fields, modes: tuple[str, ...] = ()) -> int:
    """Gives its number. Raises CourseNotFound."""
    documents.take_turn()
    if not Course.objects.filter(pk=course_id).exists():
        raise CourseNotFound(course_id)
    run = CourseRun.objects.create(course_id=course_id, **fields)
    run.enrollment_modes.set(_modes(modes))
    documents.publish(courses=[course_id])
    return run.pk


@transaction.atomic
def edit_run(run_id: int, *, fields: Fields) -> None:
    documents.take_turn()
    course_id = CourseRun.objects.filter(pk=run_id).values_list("course", flat=True).first()
    if course_id is None:
        raise CatalogNotFound("course run", run_id)
    CourseRun.objects.filter(pk=run_id).update(**fields, updated_on=clock.now())
    documents.publish(courses=[course_id])


@transaction.atomic
def create_program(*, readable_id: str, title: str, prospectus: Fields | None = None, modes: tuple[str, ...] = (), **fields: Any) -> int:
    """Gives its number; what it requires is set by trees.set_requirements."""
    documents.take_turn()
    program = Program.objects.create(readable_id=readable_id, title=title, **fields)
    ProgramProspectus.objects.create(program=program, **(prospectus or {}))
    program.enrollment_modes.set(_modes(modes))
    documents.publish(programs=[program.pk])
    return program.pk


@transaction.atomic
def edit_program(program_id: int, *, fields: Fields | None = None, prospectus: Fields | None = None) -> None:
    documents.take_turn()
    if not Program.objects.filter(pk=program_id).update(**(fields or {}), updated_on=clock.now()):
        raise CatalogNotFound("program", program_id)
    if prospectus:
        ProgramProspectus.objects.update_or_create(program_id=program_id, defaults=dict(prospectus))
    documents.publish(programs=[program_id])


@transaction.atomic
def delete_program(program_id: int) -> None:
    """Raises CatalogNotFound, and StillNeeded where it was sold or another program requires it."""
    documents.take_turn()
    program = Program.objects.filter(pk=program_id).first()
    if program is None:
        raise CatalogNotFound("program", program_id)
    tree = requirement_trees([program_id])[program_id]
    try:
        program.delete()
    except ProtectedError as error:
        raise StillNeeded(str(program)) from error
    documents.publish(courses=requirements.courses(tree), programs=requirements.programs(tree))


@transaction.atomic
def offer_run(run_id: int, *, price: Decimal, description: str) -> int:
    """Sell a run at this price from now on. Gives the number of its product; earlier versions stay as they were."""
    documents.take_turn()
    if not CourseRun.objects.filter(pk=run_id).exists():
        raise CatalogNotFound("course run", run_id)
    return _offer(Product.objects.get_or_create(course_run_id=run_id, is_active=True)[0], price, description)


@transaction.atomic
def offer_program(program_id: int, *, price: Decimal, description: str) -> int:
    """Sell a program at this price from now on, as offer_run does a run."""
    documents.take_turn()
    if not Program.objects.filter(pk=program_id).exists():
        raise CatalogNotFound("program", program_id)
    return _offer(Product.objects.get_or_create(program_id=program_id, is_active=True)[0], price, description)


def _offer(product: Product, price: Decimal, description: str) -> int:
    """Add a version where it differs from the newest."""
    newest = ProductVersion.objects.filter(product=product).order_by("-number").first()
    if newest is None or (newest.price, newest.description) != (price, description):
        number = newest.number + 1 if newest else 1
        ProductVersion.objects.create(product=product, number=number, price=price, description=description)
        _publish_sold(product)
    return product.pk


@transaction.atomic
def reprice(product_id: int, *, price: Decimal | None = None, description: str | None = None) -> None:
    """Sell it at another price or under another description from now on; None leaves it. Raises CatalogNotFound."""
    documents.take_turn()
    product = _product(product_id)
    newest = ProductVersion.objects.filter(product=product).latest("number")
    _offer(product, newest.price if price is None else price, newest.description if description is None else description)


@transaction.atomic
def withdraw(product_id: int) -> None:
    """Sell it no longer. What was sold keeps its versions."""
    _set_active(product_id, False)


@transaction.atomic
def put_back(product_id: int) -> None:
    """Sell it again. The database refuses a second product of the same run or program."""
    _set_active(product_id, True)


def _set_active(product_id: int, active: bool) -> None:
    documents.take_turn()
    product = _product(product_id)
    Product.objects.filter(pk=product_id).update(is_active=active)
    _publish_sold(product)


def _product(product_id: int) -> Product:
    product = Product.objects.filter(pk=product_id).select_related("course_run").first()
    if product is None:
        raise CatalogNotFound("product", product_id)
    return product


def _publish_sold(product: Product) -> None:
    courses = [product.course_run.course_id] if product.course_run else []
    documents.publish(courses=courses, programs=[product.program_id] if product.program_id else [])


def _modes(slugs: tuple[str, ...]) -> list[EnrollmentMode]:
    known = modes_by_slug()
    return [known[slug] for slug in slugs]
