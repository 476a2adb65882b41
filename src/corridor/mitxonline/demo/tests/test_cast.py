"""The demo has somebody for everything that can happen to a learner, an order or a code; and its books close."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.db import transaction
from pytest_django import DjangoDbBlocker

from corridor.accounts.models import User
from corridor.kit import clock
from corridor.kit.audit.models import AuditEntry
from corridor.mitxonline.catalog.tests.cast import NOW
from corridor.mitxonline.certificates.models import Certificate
from corridor.mitxonline.commerce.invariants import broken
from corridor.mitxonline.commerce.models import Order, Refund
from corridor.mitxonline.commerce.vocabulary import OrderState
from corridor.mitxonline.demo.actions import load_demo
from corridor.mitxonline.demo.cast import load_cast
from corridor.mitxonline.demo.rules import monday
from corridor.mitxonline.discounts.models import Discount, Redemption
from corridor.mitxonline.discounts.vocabulary import DiscountType, RedemptionType
from corridor.mitxonline.enrollments.models import EnrollmentChange, ProgramEnrollment, RunEnrollment
from corridor.mitxonline.ledger.models import Case, Transaction
from corridor.mitxonline.openedx.models import OpenEdxUser

PASSWORD = "nine patient otters"
TABLES = (User, Order, Transaction, Discount, RunEnrollment, EnrollmentChange, Certificate, AuditEntry)


@pytest.fixture(scope="module", autouse=True)
def seconds(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[float]:
    """How long it took; these tests only read what it made, and the database is left as it was."""
    with django_db_blocker.unblock(), clock.fixed(NOW), transaction.atomic():
        load_demo()
        begun = time.process_time()
        assert load_cast(PASSWORD)
        yield time.process_time() - begun
        transaction.set_rollback(True)


def person(key: str) -> User:
    return User.objects.get(email=f"{key}@northmere.example")


def tracks(key: str) -> dict[str, str]:
    """By run."""
    rows = RunEnrollment.objects.filter(user=person(key)).select_related("course_run")
    return {row.course_run.courseware_id.removeprefix("course-v1:NorthmereX+"): row.mode for row in rows}


def test_they_sign_in_with_the_password_of_this_installation() -> None:
    graduate = person("graduate")
    assert authenticate(username=graduate.username, password=PASSWORD) == graduate
    assert graduate.emailaddress_set.get().verified


def test_the_registrar_may_use_the_console() -> None:
    assert person("registrar").has_perms(["wagtailadmin.access_admin", "mitxonline.add_refund", "mitxonline.change_certificate"])
    assert not person("buyer").has_perm("wagtailadmin.access_admin")


def test_accounts_in_the_courseware_are_missing_waiting_and_refused() -> None:
    assert not OpenEdxUser.objects.filter(user=person("newcomer")).exists()
    assert tracks("listener") == {"ASTR.10x+1T": "audit"}
    refused = OpenEdxUser.objects.get(user=person("refused"))
    assert (refused.has_sync_error, refused.has_been_synced) == (True, False)


def test_somebody_lives_where_a_course_is_not_offered_and_somebody_has_told_nothing() -> None:
    assert tracks("abroad") == {}
    assert AuditEntry.objects.filter(about=person("abroad"), code="country.refused").exists()
    assert (person("nameless").name, hasattr(person("nameless"), "legal_address")) == ("", False)


def test_one_completed_a_program_and_one_is_in_the_middle() -> None:
    held = Certificate.objects.filter(user=person("graduate"), is_revoked=False)
    assert Counter("program" if each.program_id else "course" for each in held) == {"course": 2, "program": 1}
    assert tracks("graduate") == {"ASTR.20x+1T": "verified", "ASTR.10x+1T": "verified"}
    assert tracks("reader") == {"PROB.10x+1T": "verified", "CITY.10x+1T": "audit"}
    assert ProgramEnrollment.objects.get(user=person("reader")).mode == "audit"


def test_one_has_an_order_in_every_state() -> None:
    states = Counter(Order.objects.filter(purchaser=person("buyer")).values_list("state", flat=True))
    assert set(states) == set(OrderState.values)
    assert states[OrderState.PENDING] == 2  # one begun now, and one that nobody pays any more
    paid = Order.objects.filter(purchaser=person("buyer"), fulfilled_on__isnull=False)
    assert {(order.created_on, order.fulfilled_on) for order in paid} == {(monday(NOW) - timedelta(days=40),) * 2}
    assert tracks("buyer") == {"CITY.20x+1T": "verified", "ASTR.10x+1T": "verified", "PROB.10x+1T": "audit", "CITY.10x+1T": "audit"}


def test_money_that_does_not_fit_waits_for_staff() -> None:
    assert set(Case.objects.values_list("kind", flat=True)) == {"amount_differs", "unknown_order", "paid_twice"}
    assert set(Refund.objects.values_list("state", flat=True)) == {"succeeded"}


def test_codes_are_of_every_kind_and_refused_for_every_reason() -> None:
    kinds = {(code.discount_type, code.redemption_type) for code in Discount.objects.all()}
    assert kinds == {(kind, use) for kind in DiscountType.values for use in RedemptionType.values}
    by_name = {code.discount_code: code for code in Discount.objects.all()}
    assert Discount.objects.get(expiration_date__lt=NOW) == by_name["LAST-YEAR"]
    assert Discount.objects.get(activation_date__gt=NOW) == by_name["NEXT-SEASON"]
    assert by_name["STARS-ONLY"].products.count() == 2
    assert by_name["FOR-NOOR"].assignees.get().user == person("newcomer")
    assert not Discount.objects.filter(automatic=True, is_active=True).exists()
    assert set(Redemption.objects.values_list("state", flat=True)) == {"redeemed", "released"}


def test_the_books_close() -> None:
    assert broken() == []


def test_loading_again_changes_nothing() -> None:
    before = [table.objects.count() for table in TABLES]
    assert not load_cast("something else")
    assert [table.objects.count() for table in TABLES] == before


def test_it_takes_no_more_than_seconds(seconds: float) -> None:
    assert seconds < 10, "It takes about 3 s of processor time; the first start waits for it."
