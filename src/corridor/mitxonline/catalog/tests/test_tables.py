"""What the database itself refuses, whoever writes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError

from corridor.mitxonline.catalog.models import (
    BlockedCountry,
    Course,
    Product,
    ProductVersion,
    Program,
    ProgramCollection,
    ProgramCollectionItem,
    ProgramRequirement,
    RelatedProgram,
    SupportedVariant,
    Topic,
)

from .cast import a_course, a_product, a_program, a_run, at

pytestmark = pytest.mark.django_db

Write = Callable[[], Any]


def refused(constraint: str, write: Write) -> None:
    with pytest.raises(DatabaseError, match=constraint):
        committed(write)


@transaction.atomic
def committed(write: Write) -> None:
    """With the checks that wait for the end of a transaction."""
    write()
    connection.check_constraints()


@pytest.mark.parametrize("key", ["course-v1:North mere+A", "course/A", "", "course-v1:NorthmereX+A?b", "a\nb"])
def test_ids_have_the_characters_of_addresses(key: str) -> None:
    refused("course_readable_id_allowed", lambda: Course.objects.create(title="Wicks", readable_id=key))
    refused("program_readable_id_allowed", lambda: Program.objects.create(title="Wicks", readable_id=key))


def test_ids_are_unique() -> None:
    course = a_course()
    a_run(course, "1T2026")
    refused("readable_id", lambda: Course.objects.create(title="Again", readable_id=course.readable_id))
    refused("courseware_id", lambda: a_run(a_course("LN.02x"), "1T2026", courseware_id=f"{course.readable_id}+1T2026"))


@pytest.mark.parametrize(
    ("constraint", "window"),
    [
        ("run_ends_after_start", {"start_date": at(2), "end_date": at(1)}),
        ("run_enrollment_ends_after_start", {"enrollment_start": at(2), "enrollment_end": at(1)}),
        ("run_expires_after_start", {"start_date": at(2), "end_date": None, "expiration_date": at(2)}),
        ("run_expires_after_end", {"start_date": None, "end_date": at(9), "expiration_date": at(9)}),
    ],
)
def test_windows_of_runs_open_before_they_close(constraint: str, window: dict[str, Any]) -> None:
    course = a_course()
    refused(constraint, lambda: a_run(course, **window))


def test_a_tag_has_one_primary_language() -> None:
    course = a_course()
    a_run(course)
    french = {"courseware_id": "course-v1:NorthmereX+LN.01x+1T2026_fr", "language": "fr"}
    refused("one_primary_language", lambda: a_run(course, **french))
    a_run(course, is_primary_language=False, **french)
    a_run(course, is_primary_language=True, b2b_contract=7, courseware_id="course-v1:NorthmereX+LN.01x+7T")


def test_a_variant_of_a_tag_is_there_once() -> None:
    course = a_course()
    short = {"variant_length": "S", "is_primary_language": False}
    a_run(course, courseware_id="course-v1:NorthmereX+LN.01x+1T_S", **short)
    refused("run_variant_unique", lambda: a_run(course, courseware_id="course-v1:NorthmereX+LN.01x+1T_S2", **short))


def test_a_course_has_one_default_variant_which_everybody_may_take() -> None:
    course = a_course()
    SupportedVariant.objects.create(course=course, language="en", default_variant=True)
    refused("one_default_variant", lambda: SupportedVariant.objects.create(course=course, language="fr", default_variant=True))
    other = a_course("LN.02x")
    refused("default_variant_is_public", lambda: SupportedVariant.objects.create(course=other, default_variant=True, b2b_only=True))


def test_a_product_sells_one_thing_and_once() -> None:
    run, program = a_run(a_course()), a_program()
    refused("product_sells_one_thing", lambda: Product.objects.create())
    refused("product_sells_one_thing", lambda: Product.objects.create(course_run=run, program=program))
    a_product(run)
    a_product(program)
    refused("one_active_product_of_run", lambda: a_product(run))
    refused("one_active_product_of_program", lambda: a_product(program))
    a_product(run, active=False)


def test_what_was_sold_never_changes() -> None:
    version = ProductVersion.objects.get(product=a_product(a_run(a_course())))
    refused("only ever added", lambda: ProductVersion.objects.filter(pk=version.pk).update(price=1))
    refused("only ever added", lambda: ProductVersion.objects.filter(pk=version.pk).delete())
    refused("product_version_number_unique", lambda: ProductVersion.objects.create(product=version.product, number=1, price=5))
    refused("product_version_price_positive", lambda: ProductVersion.objects.create(product=version.product, number=2, price=-1))


OPERATOR = {"node_type": "operator", "operator": "all_of"}


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("requirement_columns_fit_type", {"node_type": "operator"}),
        ("requirement_columns_fit_type", {"node_type": "course"}),
        ("requirement_columns_fit_type", {"node_type": "program"}),
        ("requirement_columns_fit_type", {"node_type": "root"}),
        ("requirement_columns_fit_type", {"node_type": "course", "course": True, "elective_flag": True}),
        ("requirement_columns_fit_type", {**OPERATOR, "course": True}),
        ("requirement_number_fits_operator", {**OPERATOR, "operator_value": 2}),
        ("requirement_number_fits_operator", {**OPERATOR, "operator": "min_number_of"}),
        ("requirement_number_fits_operator", {**OPERATOR, "operator": "min_number_of", "operator_value": 0}),
        ("requirement_number_fits_operator", {"node_type": "course", "course": True, "operator_value": 1}),
    ],
)
def test_columns_of_a_node_fit_its_type(constraint: str, columns: dict[str, Any]) -> None:
    filled = columns | ({"course": a_course()} if "course" in columns else {})
    program = a_program()
    refused(constraint, lambda: ProgramRequirement.objects.create(program=program, position=0, **filled))


def test_a_node_hangs_in_the_tree_of_its_own_program() -> None:
    one, other = a_program("ONE"), a_program("OTHER")
    top = ProgramRequirement.objects.create(program=one, position=0, **OPERATOR)
    refused("requirement_parent_of_program", lambda: ProgramRequirement.objects.create(program=other, parent=top, position=0, **OPERATOR))
    refused("requirement_position_unique", lambda: ProgramRequirement.objects.create(program=one, position=0, **OPERATOR))
    refused(
        "requirement_not_self",
        lambda: ProgramRequirement.objects.create(program=one, position=1, node_type="program", required_program=one),
    )


def test_topics_have_two_levels() -> None:
    light = Topic.objects.create(name="Light")
    wicks = Topic.objects.create(name="Wicks", parent=light)
    refused("two levels", lambda: Topic.objects.create(name="Trimming", parent=wicks))
    refused("two levels", lambda: Topic.objects.filter(pk=light.pk).update(parent=Topic.objects.create(name="Physics")))
    refused("mitxonline_topic_unique", lambda: Topic.objects.create(name="Light"))


def test_lists_hold_a_thing_once() -> None:
    course, one, other = a_course(), a_program("ONE"), a_program("OTHER")
    BlockedCountry.objects.create(course=course, country="AQ")
    refused("blocked_country_unique", lambda: BlockedCountry.objects.create(course=course, country="AQ"))
    refused("blocked_country_is_iso", lambda: BlockedCountry.objects.create(course=course, country="aq"))
    RelatedProgram.objects.create(first=one, second=other)
    refused("related_programs_ordered", lambda: RelatedProgram.objects.create(first=other, second=one))
    shelf = ProgramCollection.objects.create(title="Shelf")
    ProgramCollectionItem.objects.create(collection=shelf, program=one, position=0)
    refused("collection_program_unique", lambda: ProgramCollectionItem.objects.create(collection=shelf, program=one, position=1))
    refused("collection_position_unique", lambda: ProgramCollectionItem.objects.create(collection=shelf, program=other, position=0))


def test_a_run_that_was_for_sale_is_not_deleted() -> None:
    run = a_run(a_course())
    a_product(run)
    with pytest.raises(ProtectedError):
        run.delete()
