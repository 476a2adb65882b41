"""What does not agree is found once, goes by itself, and is mended by the domains' own actions."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test import Client

from corridor.accounts.models import User
from corridor.accounts.tests.cast import make_person
from corridor.kit import clock
from corridor.kit.audit.models import AuditEntry
from corridor.kit.health import report
from corridor.mitxonline.catalog.tests.cast import NOW
from corridor.mitxonline.certificates.models import Certificate
from corridor.mitxonline.certificates.tests.cast import passes
from corridor.mitxonline.commands import reconcile as command
from corridor.mitxonline.commerce import refunds
from corridor.mitxonline.commerce.models import Order
from corridor.mitxonline.commerce.tests.cast import a_code, begin_to_pay, buy, order_of
from corridor.mitxonline.commerce.tests.gateway import PretendGateway
from corridor.mitxonline.discounts.models import Redemption
from corridor.mitxonline.enrollments.actions import enroll, unenroll
from corridor.mitxonline.enrollments.entitlements import grant
from corridor.mitxonline.enrollments.models import Entitlement, RunEnrollment
from corridor.mitxonline.enrollments.tests.cast import a_learner, a_sold_run
from corridor.mitxonline.gateways.port import Decision
from corridor.mitxonline.reconciliation.actions import compare, reconcile
from corridor.mitxonline.reconciliation.errors import FindingGone, NoRepair
from corridor.mitxonline.reconciliation.models import Finding
from corridor.mitxonline.reconciliation.repairs import repair
from corridor.mitxonline.reconciliation.schedule import schedule
from corridor.mitxonline.reconciliation.vocabulary import FindingKind

pytestmark = pytest.mark.django_db


def keys(kind: FindingKind) -> list[str]:
    compare(kind)
    return list(Finding.objects.filter(kind=kind, resolved_on=None).order_by("key").values_list("key", flat=True))


def mended(kind: FindingKind) -> bool:
    found = Finding.objects.get(kind=kind, resolved_on=None)
    gone = repair(found.pk, actor=make_person("registrar@example.org"), reason="A letter of theirs")
    assert AuditEntry.objects.get(code="finding.repair_asked").cause == "A letter of theirs"
    return gone


@pytest.fixture
def ada(gateway: PretendGateway) -> User:
    """A learner whose books are in order: she bought one run with a code, takes another for free and left a third."""
    ada, bought = a_learner(), a_sold_run()
    buy(ada, gateway, bought, code=a_code().discount_code)
    taken, left = a_sold_run("LN.02x"), a_sold_run("LN.03x")
    enroll(user_id=ada.pk, run_id=taken.pk, actor=ada.pk, cause="learner")
    grant(user_id=ada.pk, run_id=left.pk, given_by=ada.pk, cause="staff")
    unenroll(user_id=ada.pk, run_id=left.pk, actor=ada.pk, cause="learner")
    return ada


def test_where_all_agrees_nothing_is_found(ada: User) -> None:
    assert [(outcome.kind, outcome.failed) for outcome in reconcile() if outcome.open or outcome.failed] == []


def test_what_is_found_again_is_one_finding_and_what_agrees_again_goes(ada: User) -> None:
    order = Order.objects.get()
    Order.objects.update(state="review", updated_on=NOW - timedelta(hours=1))
    assert keys(FindingKind.ORDER_STATE) == [f"order:{order.pk}"]
    with clock.fixed(NOW + timedelta(hours=1)):
        compare(FindingKind.ORDER_STATE)
    found = Finding.objects.get()
    assert (found.first_seen, found.last_seen, found.about) == (NOW, NOW + timedelta(hours=1), ada)
    Order.objects.update(state="fulfilled")
    assert keys(FindingKind.ORDER_STATE) == []
    Order.objects.update(state="review")
    assert keys(FindingKind.ORDER_STATE) == [f"order:{order.pk}"]
    assert Finding.objects.count() == 2


def test_the_state_of_an_order_is_written_as_the_ledger_makes_it(ada: User) -> None:
    Order.objects.update(state="review", updated_on=NOW - timedelta(hours=1))
    compare(FindingKind.ORDER_STATE)
    assert mended(FindingKind.ORDER_STATE)
    assert Order.objects.get().state == "fulfilled"


def test_who_paid_and_has_no_right_is_found_and_seated(ada: User) -> None:
    Entitlement.objects.exclude(line=None).delete()
    line = Order.objects.get().lines.get()
    assert keys(FindingKind.PAID_UNSEATED) == [f"line:{line.pk}"]
    assert mended(FindingKind.PAID_UNSEATED)
    assert Entitlement.objects.get(ended_on=None).line == line


def test_who_paid_but_came_by_the_right_otherwise_is_seated(ada: User) -> None:
    right = Entitlement.objects.exclude(line=None).get()
    Entitlement.objects.filter(pk=right.pk).update(line=None, given_by=ada)
    assert keys(FindingKind.PAID_UNSEATED) == []


def test_a_right_without_its_enrollment_is_found_and_used(ada: User) -> None:
    right = Entitlement.objects.get(ended_on=None)
    other = a_sold_run("LN.04x")
    Entitlement.objects.filter(pk=right.pk).update(course_run=other)
    assert keys(FindingKind.RIGHT_UNUSED) == [f"right:{right.pk}"]
    assert mended(FindingKind.RIGHT_UNUSED)
    assert RunEnrollment.objects.get(course_run=other).mode == "verified"


def test_who_left_what_they_bought_may_come_back_and_is_no_finding(ada: User) -> None:
    right = Entitlement.objects.get(ended_on=None)
    unenroll(user_id=ada.pk, run_id=right.course_run_id or 0, actor=ada.pk, cause="learner")
    assert keys(FindingKind.RIGHT_UNUSED) == []
    assert keys(FindingKind.PAID_UNSEATED) == []


def test_a_verified_seat_without_a_right_is_found_and_staff_decide(ada: User) -> None:
    run = a_sold_run("LN.04x")
    seat = enroll(user_id=ada.pk, run_id=run.pk, mode="verified", actor=None, cause="x", keep_window=False).enrollment
    assert keys(FindingKind.SEAT_UNCOVERED) == [f"enrollment:{seat.pk}"]
    with pytest.raises(NoRepair):
        mended(FindingKind.SEAT_UNCOVERED)


def test_a_code_that_is_kept_for_a_checkout_long_given_up_is_given_back(ada: User, gateway: PretendGateway) -> None:
    given_up = order_of(begin_to_pay(ada, gateway, a_sold_run("LN.05x"), code="LANTERN"))
    use = Redemption.objects.get(order=given_up)
    assert keys(FindingKind.CODE_MISCOUNTED) == []
    Order.objects.filter(pk=given_up.pk).update(closed_on=NOW - timedelta(hours=7), state="canceled")
    assert keys(FindingKind.CODE_MISCOUNTED) == [f"redemption:{use.pk}"]
    assert mended(FindingKind.CODE_MISCOUNTED)
    use.refresh_from_db()
    assert use.state == "released"


def test_a_certificate_that_is_due_is_found_and_issued(ada: User) -> None:
    run = Entitlement.objects.get(ended_on=None).course_run
    assert run
    run.certificate_available_date = NOW + timedelta(hours=1)
    run.save()
    passes(ada, run)
    assert keys(FindingKind.CERTIFICATE_DUE) == []
    with clock.fixed(NOW + timedelta(hours=2)):
        assert keys(FindingKind.CERTIFICATE_DUE) == [f"{ada.pk}:course:{run.pk}"]
        assert mended(FindingKind.CERTIFICATE_DUE)
    assert Certificate.objects.get().user == ada


def test_a_line_that_was_posted_past_its_constraints_breaks_a_rule_of_the_books(ada: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE mitxonline_posting DISABLE TRIGGER USER")
        cursor.execute("UPDATE mitxonline_posting SET amount = amount + 1 WHERE amount > 0")
        cursor.execute("ALTER TABLE mitxonline_posting ENABLE TRIGGER USER")
    assert keys(FindingKind.BOOKS)


def test_a_finding_that_is_gone_is_not_mended(ada: User) -> None:
    with pytest.raises(FindingGone):
        repair(10**9, actor=ada, reason="x")


# --- the gateway


def test_money_that_nobody_told_of_is_found_and_taken_in(ada: User, gateway: PretendGateway) -> None:
    run = a_sold_run("LN.05x")
    payment = begin_to_pay(ada, gateway, run)
    notice = gateway.decide(payment)
    with clock.fixed(NOW + timedelta(hours=1)):
        assert keys(FindingKind.NOT_IN_LEDGER) == [f"CyberSource:{notice.transaction_id}"]
        assert mended(FindingKind.NOT_IN_LEDGER)
    assert order_of(payment).state == "fulfilled"


def test_money_that_the_gateway_does_not_know_is_found(ada: User, gateway: PretendGateway) -> None:
    gateway.said.clear()
    with clock.fixed(NOW + timedelta(hours=1)):
        assert keys(FindingKind.NOT_AT_GATEWAY) == ["CyberSource:T1"]
    assert "79.20 USD" in Finding.objects.get().said


def test_a_gateway_that_is_away_is_told_and_resolves_nothing(ada: User, gateway: PretendGateway) -> None:
    with clock.fixed(NOW + timedelta(hours=1)):
        said, gateway.said = gateway.said, {}
        compare(FindingKind.NOT_AT_GATEWAY)
        gateway.said, gateway.down = said, True
        assert compare(FindingKind.NOT_AT_GATEWAY).failed == "It is down."
        assert Finding.objects.filter(resolved_on=None).count() == 1
        gateway.down = False
        assert compare(FindingKind.NOT_AT_GATEWAY).resolved == 1


def test_a_refund_that_both_know_is_no_finding(ada: User, gateway: PretendGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    order = Order.objects.get()
    owed = refunds.refund(order.pk, lines={order.lines.get().pk: Decimal("5.00")}, actor=ada.pk, reason="x")
    refunds.send(owed.pk)
    _, outcome = gateway.refunds[owed.pk]
    told = {"decision": Decision.REFUNDED, "amount": owed.amount, "transaction_id": outcome.transaction_id}
    gateway.said["refund"] = replace(gateway.said["T1/accepted"], **told)
    monkeypatch.setattr(gateway, "settled", lambda since, until: list(gateway.said.values()))
    with clock.fixed(NOW + timedelta(hours=1)):
        assert keys(FindingKind.NOT_AT_GATEWAY) == []
        assert keys(FindingKind.NOT_IN_LEDGER) == []


# --- who watches


def test_every_kind_is_compared_hourly() -> None:
    assert sorted(entry["args"][0] for entry in schedule().values()) == sorted(FindingKind.values)


def test_health_tells_numbers_and_fails_when_nobody_compares(ada: User, client: Client) -> None:
    Order.objects.update(state="review", updated_on=NOW - timedelta(hours=1))
    compare(FindingKind.ORDER_STATE)
    checked = report("full")[1]["checks"]["reconciliation"]
    assert (checked["status"], checked["open"]["order_state"]) == ("ok", 1)
    assert 'corridor_findings_open{kind="order_state"} 1\n' in client.get("/health/metrics/").content.decode()
    with clock.fixed(NOW + timedelta(hours=4)):
        assert report("full")[1]["checks"]["reconciliation"]["status"] == "failing"


def test_the_command_compares_and_tells(ada: User, gateway: PretendGateway) -> None:
    gateway.down = True
    asked = CliRunner().invoke(command, ["--json", "order_state", "not_in_ledger"])
    told = {row["kind"]: row for row in json.loads(asked.output.splitlines()[-1])}
    assert told["order_state"]["open"] == 0
    assert told["not_in_ledger"]["failed"] == "It is down."
    assert asked.exit_code == 1
    assert "There are: paid_unseated" in CliRunner().invoke(command, ["nothing"]).output
