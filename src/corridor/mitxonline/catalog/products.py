"""Products in published shape: what is sold, for how much."""

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from . import loading, rules
from .errors import CatalogNotFound
from .facts import Json
from .models import CourseRun, Product, ProductVersion, Program

LARGEST = 2**63 - 1


def everything() -> QuerySet[Product]:
    """Whatever is or was for sale, with the price and description of its newest version."""
    newest = ProductVersion.objects.filter(product=OuterRef("pk")).order_by("-number")
    return (
        Product.objects.annotate(price=Subquery(newest.values("price")[:1]), description=Subquery(newest.values("description")[:1]))
        .filter(price__isnull=False)
        .select_related("course_run__course__prospectus", "program__prospectus")
        .order_by("id")
    )


def active() -> QuerySet[Product]:
    """Those that anybody can buy."""
    return everything().filter(is_active=True).exclude(program__b2b_only=True).exclude(course_run__b2b_contract__isnull=False)


def listed(rows: QuerySet[Product], *, offset: int, limit: int) -> tuple[int, list[Json]]:
    """How many there are, and a page of them. Two queries."""
    return rows.count(), [told(row) for row in rows[offset : offset + limit]]


def one(rows: QuerySet[Product], id: int) -> Json:
    """Raises CatalogNotFound."""
    row = rows.filter(pk=id).first() if id <= LARGEST else None
    if row is None:
        raise CatalogNotFound("product", id)
    return told(row)


# What a link to the cart may name a product by, and where that is found.
NAMES = {
    "product_id": "pk",
    "course_run_id": "course_run__courseware_id",
    "course_id": "course_run",
    "program_id": "program__readable_id",
}


def sold_as(name: str, value: str, now: datetime) -> Json | None:
    """What is for sale under one of NAMES. Of a course, the run that it stands for."""
    if name == "product_id" and not (value.isascii() and value.isdigit() and int(value) <= LARGEST):
        return None
    sought: object = value
    if name == "course_id":
        best = rules.next_run(loading.runs(loading.public_runs().filter(course__readable_id=value)), now)
        sought = best.id if best else None
    row = active().filter(**{NAMES[name]: sought}).first() if sought is not None else None
    return told(row) if row else None


def told(product: Any) -> Json:
    sold = told_run(product.course_run) if product.course_run else told_program(product.program)
    return {
        "id": product.pk,
        "price": f"{product.price:.2f}",
        "description": product.description,
        "is_active": product.is_active,
        "purchasable_object": sold,
    }


def told_run(run: CourseRun) -> Json:
    """A run, as carts show it.

    The contract allows one of three shapes and exactly one of them, though what is true of a run fits two or three: a run with both dates
    fits the first alone where its number is null, another the last alone.
    """
    dated = run.start_date is not None and run.end_date is not None
    told: Json = {
        "id": run.pk,
        "title": run.title,
        "run_tag": run.run_tag,
        "start_date": run.start_date,
        "end_date": run.end_date,
        "course": {"id": run.course_id, "title": run.course.title, "page": _page("courses", run.course)},
        "readable_id": run.courseware_id,
        "enrollment_start": run.enrollment_start,
        "enrollment_end": run.enrollment_end,
        "course_number": None if dated else rules.number_of_run(run.courseware_id),
    }
    return told | ({"page": None} if dated else {})


def told_program(program: Program) -> Json:
    return {
        "id": program.pk,
        "title": program.title,
        "readable_id": program.readable_id,
        "run_tag": None,
        "page": _page("programs", program),
    }


def _page(kind: str, described: Any) -> Json:
    page = getattr(described, "prospectus", None)
    return {
        "page_url": f"/mitxonline/{kind}/{described.readable_id}/",
        "feature_image_src": (page.feature_image_src or None) if page else None,
    }
