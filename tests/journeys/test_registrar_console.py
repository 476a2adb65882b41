"""Registrars look a learner up, give a part of their money back, and see it in the learner's history; all of their pages are accessible."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from playwright.sync_api import Page, expect

from corridor.kit import clock
from corridor.mitxonline.catalog.tests.cast import NOW
from corridor.mitxonline.commerce import refunds
from corridor.mitxonline.commerce.models import Refund
from corridor.mitxonline.commerce.tests.gateway import PretendGateway, in_place_of_all
from corridor.mitxonline.console.tests.cast import World, make_registrar, make_world
from corridor.mitxonline.gateways import registry

pytestmark = pytest.mark.browser

# Wagtail's own: the line above filtered lists, wagtailadmin/generic/listing_results.html.
UPSTREAM = "aria-allowed-role"


@pytest.fixture
def world(site: str) -> Iterator[World]:
    gateway = PretendGateway()
    with in_place_of_all(gateway), patch.object(registry, "configured", lambda: {gateway.name: gateway}):
        with clock.fixed(NOW - timedelta(hours=1)):
            made = make_world(gateway)
        yield made


@pytest.fixture
def at_the_desk(site: str, world: World, page: Page) -> Page:
    """A registrar at the first page of the console."""
    make_registrar()
    page.goto(f"{site}/cms/")
    page.get_by_label("Username").fill("registrar")
    page.get_by_label("Password").fill("a long password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Registrar", exact=True)).to_be_visible()
    return page


def test_a_registrar_refunds_a_part_and_the_history_says_why(site: str, at_the_desk: Page, world: World) -> None:
    desk = at_the_desk
    said: list[str] = []
    desk.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    desk.goto(f"{site}/cms/mitxonline/learners/?q={world.order.reference_number}")
    desk.get_by_role("link", name=world.ada.shown_name).first.click()
    desk.get_by_role("link", name=world.order.reference_number, exact=True).click()
    desk.get_by_role("link", name="Refund", exact=True).click()
    desk.get_by_label(str(world.run)).fill("20.00")
    desk.get_by_role("button", name="Refund").click()
    expect(desk.get_by_text("This field is required")).to_be_visible()
    desk.get_by_label("Why").fill("The first week was cancelled.")
    desk.get_by_role("button", name="Refund").click()
    expect(desk.get_by_text("$20.00 go back.")).to_be_visible()
    refunds.send(Refund.objects.get().pk)
    desk.reload()
    expect(desk.get_by_text("Partially refunded")).to_be_visible()
    desk.get_by_role("link", name=world.ada.shown_name).click()
    row = desk.get_by_role("row").filter(has_text="Refund of $20.00").first
    expect(row).to_contain_text("The first week was cancelled.")
    expect(row).to_contain_text("registrar")
    assert said == []


def test_registrars_pages_are_accessible(site: str, at_the_desk: Page, world: World, axe: Callable[[Page], list[dict[str, Any]]]) -> None:
    at_the_desk.set_viewport_size({"width": 360, "height": 900})
    for address in (
        *("learners/", f"learners/{world.ada.pk}/", f"learners/{world.ada.pk}/enroll/", f"enrollments/{world.enrollment.pk}/grade/"),
        *("orders/", f"orders/{world.order.pk}/", f"orders/{world.order.pk}/refund/", f"refund-requests/{world.request.pk}/"),
        *(f"cases/{world.case.pk}/", "discounts/", f"discounts/{world.discount.pk}/", "discounts/batch/", "products/", "seats/"),
        *("certificates/", "certificates/due/", f"certificates/{world.certificate.uuid}/", "findings/", f"findings/{world.finding.pk}/"),
    ):
        at_the_desk.goto(f"{site}/cms/mitxonline/{address}")
        assert at_the_desk.evaluate("document.documentElement.scrollWidth") <= 360, address
        assert [fault for fault in axe(at_the_desk) if fault["rule"] != UPSTREAM] == [], address
