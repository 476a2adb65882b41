"""A person makes an account, confirms it by mail, goes out and finds back in, with scripts and without."""

import re
import threading
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from allauth.mfa.totp.internal import auth
from playwright.sync_api import Browser, Page, expect

from corridor.accounts.provider import register_client
from tests.fixtures.accounts import Letters

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fresh_limits")]
PASSWORD = "seven quiet herons"


def link(letter: EmailMessage, site: str) -> str:
    body = letter.get_body(("plain",))
    assert body
    found = re.search(r"https?://\S+/accounts/\S+", body.get_content())
    assert found
    return f"{site}{urlsplit(found[0]).path}"


@pytest.fixture(params=["with scripts", "without scripts"])
def visitor(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    with browser.new_context(java_script_enabled=request.param == "with scripts", viewport={"width": 360, "height": 800}) as context:
        yield context.new_page()


def make_account(page: Page, site: str, letters: Letters) -> None:
    page.goto(f"{site}/accounts/signup/")
    page.get_by_label("Your name").fill("Ada Lovelace")
    page.get_by_label("Email address").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    page.goto(link(letters()[-1], site))
    page.get_by_role("button", name="Yes, it is mine").click()


def test_from_sign_up_to_a_new_password(site: str, visitor: Page, letters: Letters) -> None:
    visitor.goto(f"{site}/about")
    visitor.get_by_role("link", name="Sign in").click()
    expect(visitor.get_by_role("heading", name="Sign in")).to_be_visible()
    make_account(visitor, site, letters)
    visitor.goto(f"{site}/accounts/")
    expect(visitor.get_by_role("main")).to_contain_text("ada@example.org")

    visitor.get_by_role("main").get_by_role("link", name="Sign out").click()
    visitor.get_by_role("button", name="Sign out").click()
    visitor.goto(f"{site}/accounts/")
    visitor.get_by_role("link", name="Forgot your password?").click()
    visitor.get_by_label("Email address").fill("ada@example.org")
    visitor.get_by_role("button", name="Send me the link").click()
    expect(visitor.get_by_role("heading", name="Look into your mail")).to_be_visible()
    visitor.goto(link(letters()[-1], site))
    visitor.get_by_label("New password").fill("another quiet heron")
    visitor.get_by_role("button", name="Set this password").click()
    visitor.get_by_role("link", name="Sign in").last.click()
    visitor.get_by_label("Email address").fill("ada@example.org")
    visitor.get_by_label("Password").fill("another quiet heron")
    visitor.get_by_role("button", name="Sign in", exact=True).click()
    visitor.locator("summary", has_text="Ada Lovelace").click()
    expect(visitor.get_by_role("link", name="Your account")).to_be_visible()


def test_the_door_is_entered_by_keyboard_alone(site: str, page: Page, letters: Letters) -> None:
    make_account(page, site, letters)
    page.context.clear_cookies()
    page.goto(f"{site}/accounts/login/")
    page.get_by_label("Email address").focus()
    page.keyboard.type("ada@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("summary", has_text="Ada Lovelace")).to_be_visible()


def test_a_profile_is_told_on_a_phone(site: str, visitor: Page, letters: Letters) -> None:
    make_account(visitor, site, letters)
    visitor.goto(f"{site}/accounts/profile/")
    visitor.get_by_label("Country").select_option("United States")
    visitor.get_by_label("State or province").select_option("Massachusetts")
    visitor.get_by_label("Postal code").fill("2139")
    visitor.get_by_label("Year of birth").fill("1990")
    visitor.get_by_role("button", name="Save").click()
    expect(visitor.get_by_text("Write the postal code as in 02139")).to_be_visible()
    visitor.get_by_label("Postal code").fill("02139")
    visitor.get_by_role("button", name="Save").click()
    expect(visitor.get_by_text("Your profile is saved")).to_be_visible()
    expect(visitor.get_by_label("State or province")).to_have_value("US-MA")


def test_a_passkey_opens_the_account_without_a_password(site: str, page: Page, letters: Letters) -> None:
    site = site.replace("127.0.0.1", "localhost")  # passkeys belong to names, not to numbers
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, "automaticPresenceSimulation": True}})
    make_account(page, site, letters)
    page.goto(f"{site}/accounts/2fa/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name").fill("My laptop")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto(f"{site}/accounts/2fa/webauthn/")
    expect(page.get_by_text("My laptop").first).to_be_visible()
    expect(page.get_by_text("opens the account alone")).to_be_visible()

    page.context.clear_cookies()
    page.goto(f"{site}/accounts/login/?next=/accounts/sessions/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Where you are signed in")).to_be_visible()

    page.context.clear_cookies()  # with a password, the same key is the second step
    page.goto(f"{site}/accounts/login/")
    page.get_by_label("Email address").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey or security key").click()
    expect(page.locator("summary", has_text="Ada Lovelace")).to_be_visible()


def test_a_passkey_that_is_not_given_is_told(site: str, page: Page) -> None:
    site = site.replace("127.0.0.1", "localhost")
    page.add_init_script("navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError'))")
    page.goto(f"{site}/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert").filter(has_text="was not accepted")).to_be_visible()


def test_an_app_is_set_up_without_scripts(site: str, browser: Browser, letters: Letters) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        make_account(page, site, letters)
        page.goto(f"{site}/accounts/2fa/")
        page.get_by_role("link", name="Set up an app").click()
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
        secret = page.locator("#letters").inner_text()
        expect(page.get_by_role("img", name="The letters below")).to_be_visible()
        page.get_by_label("Code that the app shows").fill(
            auth.format_hotp_value(auth.hotp_value(secret, next(auth.yield_hotp_counters_from_time())))
        )
        page.get_by_role("button", name="Use this app").click()
        expect(page.locator(".codes li")).to_have_count(10)


@pytest.fixture
def courses() -> Iterator[str]:
    """Another system, to which people are taken back."""

    class Welcome(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>Courses</title><h1>Welcome to Courses</h1>")

        def log_message(self, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Welcome) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/back"
        server.shutdown()


def test_another_system_lets_a_person_in_by_their_account_here(site: str, visitor: Page, letters: Letters, courses: str) -> None:
    make_account(visitor, site, letters)
    visitor.context.clear_cookies()
    id, _ = register_client(name="Courses", redirect_uris=[courses])
    proof = {"code_challenge": "c" * 43, "code_challenge_method": "S256"}
    asked = {"client_id": id, "redirect_uri": courses, "response_type": "code", "scope": "openid profile", "state": "s", **proof}
    visitor.goto(f"{site}/realms/corridor/identity/o/authorize?{urlencode(asked)}")
    visitor.get_by_label("Email address").fill("ada@example.org")
    visitor.get_by_label("Password").fill(PASSWORD)
    visitor.get_by_role("button", name="Sign in", exact=True).click()
    expect(visitor.get_by_role("heading", name="Go on to Courses?")).to_be_visible()
    visitor.get_by_role("button", name="Go on").click()
    expect(visitor.get_by_role("heading", name="Welcome to Courses")).to_be_visible()
    expect(visitor).to_have_url(re.compile(r"\?code=.*state=s"))


Axe = Callable[[Page], list[dict[str, Any]]]
OUTSIDE = (
    "login/",
    "signup/",
    "password/reset/",
    "password/reset/done/",
    "confirm-email/",
    "confirm-email/x/",
    "password/reset/key/1-x/",
    "inactive/",
)
INSIDE = ("", "profile/", "email/", "password/change/", "reauthenticate/", "2fa/", "2fa/webauthn/", "sessions/", "logout/")
# Behind the question whether it is you.
GUARDED = ("2fa/totp/activate/", "2fa/webauthn/add/")


def faults(page: Page, axe: Axe, paths: tuple[str, ...], site: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in paths:
        page.goto(f"{site}/accounts/{path}")
        for width, colours in ((1440, "light"), (360, "dark")):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=colours, reduced_motion="reduce")
            wrong: list[Any] = axe(page)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append("sticks out to the right")
            if wrong:
                found[f"{path} {width}"] = wrong
    return found


def test_pages_of_accounts_are_accessible_by_day_and_by_night(site: str, page: Page, letters: Letters, axe: Axe) -> None:
    assert faults(page, axe, OUTSIDE, site) == {}
    page.goto(f"{site}/accounts/signup/")
    page.get_by_label("Password").fill("short")
    page.evaluate("document.querySelector('form[action$=signup\\\\/]').noValidate = true")
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_text("at least 10 characters").last).to_be_visible()
    assert axe(page) == []
    make_account(page, site, letters)
    assert faults(page, axe, INSIDE, site) == {}
    page.goto(f"{site}/accounts/reauthenticate/?next=/accounts/2fa/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    assert faults(page, axe, GUARDED, site) == {}
