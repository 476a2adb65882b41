"""A small cast for the tests of the catalogue: made with as little as a test needs to say."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from corridor.mitxonline.catalog.models import (
    Course,
    CourseProspectus,
    CourseRun,
    EnrollmentMode,
    Product,
    ProductVersion,
    Program,
    ProgramProspectus,
)

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def at(day: int, month: int = 3, year: int = 2026) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


def a_mode(slug: str) -> EnrollmentMode:
    shown = {"mode_display_name": slug.title(), "requires_payment": slug == "verified"}
    return EnrollmentMode.objects.get_or_create(mode_slug=slug, defaults=shown)[0]


def a_course(number: str = "LN.01x", **fields: Any) -> Course:
    told = {"title": f"Lanterns {number}", "live": True} | fields
    course = Course.objects.create(readable_id=f"course-v1:NorthmereX+{number}", **told)
    CourseProspectus.objects.create(course=course, live=True, include_in_learn_catalog=True, description="Light, kept.")
    return course


def a_run(course: Course, tag: str = "1T2026", *, modes: tuple[str, ...] = ("audit", "verified"), **fields: Any) -> CourseRun:
    """One that takes people in and has begun."""
    told = {"title": course.title, "live": True, "start_date": at(1), "end_date": at(1, 6), "enrollment_start": at(1, 2)} | fields
    key = fields.pop("courseware_id", f"{course.readable_id}+{tag}")
    run = CourseRun.objects.create(course=course, run_tag=tag, courseware_id=key, **{k: v for k, v in told.items() if k != "courseware_id"})
    run.enrollment_modes.set([a_mode(slug) for slug in modes])
    return run


def a_program(code: str = "LANTERNS", **fields: Any) -> Program:
    told = {"title": f"Program {code}", "live": True} | fields
    program = Program.objects.create(readable_id=f"program-v1:NorthmereX+{code}", **told)
    ProgramProspectus.objects.create(program=program, live=True, include_in_learn_catalog=True)
    return program


def a_product(sold: CourseRun | Program, price: str = "99.00", *, active: bool = True) -> Product:
    what = {"course_run": sold} if isinstance(sold, CourseRun) else {"program": sold}
    product = Product.objects.create(**what, is_active=active)
    ProductVersion.objects.create(product=product, number=1, price=Decimal(price), description=str(sold))
    return product
