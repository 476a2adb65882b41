"""People and what they take, made with as little as a test needs to say."""

from typing import Any

from corridor.accounts.models import LegalAddress, User
from corridor.accounts.tests.cast import make_person
from corridor.mitxonline.catalog import trees
from corridor.mitxonline.catalog.models import Course, CourseRun, Program
from corridor.mitxonline.catalog.requirements import all_of, course
from corridor.mitxonline.catalog.tests.cast import a_course, a_mode, a_product, a_program, a_run
from corridor.mitxonline.commerce.models import Order, OrderLine
from corridor.mitxonline.enrollments.models import EnrollmentChange, RunEnrollment


def a_learner(email: str = "ada@example.org", country: str = "") -> User:
    person = make_person(email)
    if country:
        LegalAddress.objects.create(user=person, country=country)
    return person


def a_sold_run(number: str = "LN.01x", tag: str = "1T2026", price: str = "99.00", **fields: Any) -> CourseRun:
    """One that takes people in, with a verified track for sale."""
    found = Course.objects.filter(readable_id__endswith=f"+{number}").first()
    run = a_run(found or a_course(number), tag, **fields)
    a_product(run, price)
    return run


def a_program_of(*runs: CourseRun, code: str = "LANTERNS") -> Program:
    """One that requires the courses of these runs, for sale."""
    program = a_program(code)
    program.enrollment_modes.set([a_mode("audit"), a_mode("verified")])
    trees.set_requirements(program.pk, [all_of(*(course(id) for id in dict.fromkeys(run.course_id for run in runs)))])
    a_product(program, "450.00")
    return program


def a_line(buyer: User, sold: CourseRun | Program) -> OrderLine:
    """Of an order of its own, as if it had been paid."""
    product = sold.products.get()
    version = product.versions.get()
    number = Order.objects.count() + 1
    order = Order.objects.create(
        purchaser=buyer, total_price_paid=version.price, reference_number=f"mitxonline-test-{number}", digest=str(number)
    )
    what: dict[str, Any] = {"course_run": sold} if isinstance(sold, CourseRun) else {"program": sold}
    return OrderLine.objects.create(order=order, product_version=version, price=version.price, total=version.price, **what)


def history(enrollment: RunEnrollment) -> list[tuple[str, bool, str]]:
    return list(EnrollmentChange.objects.filter(run_enrollment=enrollment).order_by("number").values_list("kind", "active", "mode"))
