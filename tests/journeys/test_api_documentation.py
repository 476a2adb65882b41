"""The interactive documentation works under its content security policy and asks nobody else for anything."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_operations_are_shown_and_can_be_tried(site: str, page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}/api/docs")
    operation = page.locator("#operations-platforms-platforms_list")
    expect(operation).to_be_visible()
    operation.get_by_role("button").first.click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    expect(operation.locator(".live-responses-table .response .response-col_status").first).to_contain_text("200")
    page.get_by_role("combobox").first.select_option("Learn API 1.0.0 (v0)")
    expect(page.locator("#operations-channels-channels_list")).to_be_visible()
    assert complaints == []
    assert [address for address in asked if not address.startswith((site, "data:"))] == []
