"""What `corridor up` is for, in one walk: from a question in Learn's search to a certificate that anybody can check, and staff who undo it.

Every process is the real one, started as a person starts it; the payment service and the courseware are the stand-ins that come with it.
"""

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from tests.fixtures.house import House, home_folder

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COURSE, OTHER = "The Night Sky, Unaided", "Measuring Distance in the Universe"
RUN, OTHER_RUN = "course-v1:NorthmereX+ASTR.10x+1T", "course-v1:NorthmereX+ASTR.20x+2T"
NAME, EMAIL, PASSWORD = "Noor Haddad", "noor@example.org", "seven quiet herons"
ANSWERS = {
    "How a lock lifts a boat": "When the water stands level on both sides",
    "What the water costs": "Both wait for rain",
}


@pytest.fixture
def house() -> Iterator[House]:
    """Corridor as it is after its first start, with the courses and people of Northmere and no other catalogue."""
    with home_folder("corridor whole way ") as folder:
        house = House(folder)
        house.start()
        assert house.run("mitxonline", "demo").returncode == 0
        yield house
        house.kill_everything()


@pytest.fixture
def staff(house: House, browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        page = context.new_page()
        page.goto(f"{house.url}/cms/")
        page.get_by_label("Username").fill("staff")
        page.get_by_label("Password").fill(house.secret("staff_password"))
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("button", name="Registrar", exact=True)).to_be_visible()
        yield page


@pytest.fixture
def learner(browser: Browser) -> Iterator[Page]:
    """A phone, whose owner nobody knows yet."""
    with browser.new_context(viewport={"width": 360, "height": 780}) as context:
        yield context.new_page()


def test_from_a_question_to_a_certificate_and_back(house: House, learner: Page, staff: Page, tmp_path: Path) -> None:
    have_learn_read_the_courses(house, staff)
    find_the_course(house, learner)
    put_it_into_the_cart(learner)
    make_an_account(house, learner)
    pay(house, learner)
    take_the_course(learner)
    certificate = open_the_certificate(house, learner)
    credential = tmp_path / "credential.json"
    credential.write_bytes(requests.get(address_of(certificate, "Download the credential", house), timeout=20).content)
    assert "not revoked" in verified(house, credential)

    read_the_history(house, staff)
    revoke_the_certificate(staff)
    assert "revoked" in verified(house, credential, status=1)
    certificate.reload()
    expect(certificate.get_by_role("heading", name="no longer valid")).to_be_visible()
    defer(staff)
    refund(staff)
    learner.goto(f"{house.url}/mitxonline/dashboard/")
    expect(learner.get_by_role("main")).to_contain_text(OTHER)
    expect(learner.get_by_role("main")).not_to_contain_text("Verified track")
    learner.get_by_role("link", name="Orders and receipts").click()
    expect(learner.get_by_role("main")).to_contain_text("Refunded")


# --- the learner


def find_the_course(house: House, page: Page) -> None:
    page.goto(f"{house.url}/search")
    page.get_by_role("search").get_by_label("Search the catalogue").last.fill("the stars without a telescope")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=COURSE).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(COURSE)
    page.get_by_role("link", name="Go to the course").click()
    page.wait_for_url("**/mitxonline/courses/**")


def put_it_into_the_cart(page: Page) -> None:
    page.get_by_role("link", name=re.compile("Get the verified track")).first.click()
    page.get_by_role("button", name="Put it into the cart").click()
    page.get_by_label("Discount code").fill("tenth-always")
    page.get_by_role("button", name="Apply the code").click()
    expect(page.get_by_label("Total")).to_contain_text("$44.10")
    page.get_by_role("link", name="Sign in and check out").click()


def make_an_account(house: House, page: Page) -> None:
    """On the way to the checkout, to which the letter leads back."""
    page.get_by_role("link", name="Make one").click()
    page.get_by_label("Your name").fill(NAME)
    page.get_by_label("Email address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    page.goto(f"{house.url}/mail/")
    page.get_by_role("link", name="Confirm your address").click()
    page.get_by_role("main").locator("a", has_text="/accounts/confirm-email/").click()
    page.get_by_role("button", name="Yes, it is mine").click()


def pay(house: House, page: Page) -> None:
    page.goto(f"{house.url}/mitxonline/checkout/")
    page.get_by_label("First name").fill("Noor")
    page.get_by_label("Last name").fill("Haddad")
    page.get_by_label("Country").select_option("France")
    page.get_by_label("Year of birth").fill("1990")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("button", name="Pay $44.10").click()
    page.locator('input[name="choice"][value="accepted"]').check()
    page.locator('input[name="notify"][value="twice"]').check()
    page.get_by_role("button", name=re.compile("^Pay ")).click()
    page.wait_for_url("**/mitxonline/dashboard/**")
    expect(page.get_by_text("Your payment has arrived")).to_be_visible()


def take_the_course(page: Page) -> None:
    """As soon as the relay has told the courseware of the seat."""
    until(page, lambda: page.get_by_role("link", name="Open the courseware").is_visible())
    page.get_by_role("link", name="Open the courseware").click()
    if page.get_by_role("link", name="Sign in with your Corridor account").is_visible():
        page.get_by_role("link", name="Sign in with your Corridor account").click()
    expect(page.get_by_role("main")).to_contain_text("verified track")
    for unit, choice in ANSWERS.items():
        page.get_by_role("link", name=unit).click()
        page.get_by_label(choice).check()
        page.get_by_role("button", name="Answer").click()
        page.get_by_role("link", name=COURSE).first.click()
    page.get_by_role("link", name="Progress and end of the course").click()
    page.get_by_role("button", name="Finish the course").click()
    expect(page.get_by_role("main")).to_contain_text("You passed")


def open_the_certificate(house: House, page: Page) -> Page:
    """As somebody sees it who has its address and no account."""
    page.goto(f"{house.url}/mitxonline/dashboard/")
    until(page, lambda: page.get_by_role("link", name="Certificate", exact=False).first.is_visible())
    address = page.get_by_role("link", name="Certificate", exact=False).first.get_attribute("href")
    assert page.context.browser
    anybody = page.context.browser.new_page()
    anybody.goto(f"{house.url}{address}")
    expect(anybody.get_by_role("article")).to_contain_text(NAME)
    pdf = requests.get(address_of(anybody, "Download as PDF", house), timeout=20)
    assert pdf.content.startswith(b"%PDF")
    return anybody


def address_of(page: Page, link: str, house: House) -> str:
    return f"{house.url}{page.get_by_role('link', name=link).get_attribute('href')}"


def until(page: Page, seen: Callable[[], bool], seconds: float = 60) -> None:
    """Load the page again until what other processes do is seen on it."""
    deadline = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < deadline, page.inner_text("main")
        time.sleep(0.5)
        page.reload()


def verified(house: House, credential: Path, *, status: int = 0) -> str:
    """What a copy on somebody's disk is worth, by the list of what was revoked."""
    revoked = credential.with_name("status.json")
    address = json.loads(credential.read_bytes())["credentialStatus"]["statusListCredential"]
    revoked.write_bytes(requests.get(address, timeout=20).content)
    checked = house.run("mitxonline", "verify", str(credential), "--status", str(revoked))
    assert checked.returncode == status, checked.stdout + checked.stderr
    return checked.stdout


# --- staff


def have_learn_read_the_courses(house: House, staff: Page) -> None:
    """As its schedule does every ten minutes: over HTTP, by the worker."""
    staff.goto(f"{house.url}/cms/sources/mitxonline/")
    staff.get_by_role("button", name="Read it now").click()
    until(staff, lambda: staff.get_by_text("Succeeded").is_visible())


def read_the_history(house: House, staff: Page) -> None:
    staff.goto(f"{house.url}/cms/mitxonline/learners/?q={EMAIL}")
    staff.get_by_role("link", name=NAME).click()
    told = staff.get_by_role("region", name="What happened")
    for each in (
        "Payment of $44.10",
        "Code TENTH-ALWAYS with",
        f"Enrolled: {RUN}",
        "The courseware confirms",
        "Grade 50%",
        f"Certificate of {RUN} issued",
    ):
        expect(told).to_contain_text(each)


def revoke_the_certificate(staff: Page) -> None:
    learner = staff.url
    staff.get_by_role("link", name="issued", exact=True).click()
    staff.get_by_role("link", name="Revoke").click()
    staff.get_by_label("Why").fill("The answers were somebody else's.")
    staff.get_by_role("button", name="Revoke it").click()
    expect(staff.get_by_text("The certificate was revoked.")).to_be_visible()
    staff.goto(learner)


def defer(staff: Page) -> None:
    staff.get_by_role("link", name="Defer").click()
    staff.get_by_label(re.compile(r"^\s*To\b")).fill(OTHER_RUN)
    staff.get_by_label("Even if it is of another course").check()
    staff.get_by_label("Why").fill("They begin again, elsewhere.")
    staff.get_by_role("button", name="Defer").click()
    expect(staff.get_by_role("main")).to_contain_text(OTHER)


def refund(staff: Page) -> None:
    staff.get_by_role("link", name=re.compile("^mitxonline-")).first.click()
    staff.get_by_role("link", name="Refund", exact=True).click()
    staff.get_by_label(RUN).fill("44.10")
    staff.get_by_label("Why").fill("It was promised to them.")
    staff.get_by_role("button", name="Refund").click()
    expect(staff.get_by_text("$44.10 go back.")).to_be_visible()
    until(staff, lambda: staff.get_by_text("Refunded", exact=True).first.is_visible())
