"""Staff sign in to the console, whose pages work under the content security policy that they are sent with."""

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def staff(transactional_db: None) -> str:
    get_user_model().objects.create_superuser(username="staff", password="a long password", name="Staff")
    return "a long password"


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser refused or could not do."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    return said


def test_staff_sign_in_and_look_around(site: str, page: Page, staff: str, complaints: list[str]) -> None:
    page.goto(f"{site}/cms/")
    page.get_by_label("Username").fill("staff")
    page.get_by_label("Password").fill(staff)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Staff")).to_be_visible()
    for address in ("images/", "documents/", "users/", "account/", "pages/"):
        answer = page.goto(f"{site}/cms/{address}")
        assert answer
        assert answer.ok, address
        expect(page.get_by_role("main")).to_be_visible()
    assert complaints == []


def test_a_wrong_password_is_told(site: str, page: Page, staff: str) -> None:
    page.goto(f"{site}/cms/login/")
    page.get_by_label("Username").fill("staff")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert").or_(page.locator(".messages"))).to_contain_text("didn't match")
