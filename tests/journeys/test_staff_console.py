"""Staff sign in to the console, whose pages work under the content security policy that they are sent with; curators mend the catalogue."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, expect

from corridor.kit.storage import FolderStore
from corridor.learn.catalog.models import LearningResource
from corridor.learn.catalog.tests.cast import make_resource, publish_now
from corridor.learn.console.tests.cast import World, make_curator, make_world, mend_reference_data
from corridor.learn.discovery.maintenance import rebuild
from corridor.learn.ingest import actions

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


# --- curators

# Wagtail's own: the line above filtered lists, wagtailadmin/generic/listing_results.html.
UPSTREAM = "aria-allowed-role"


@pytest.fixture
def world(site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(actions, "file_store", lambda: FolderStore(tmp_path / "raw-store"))
    return make_world()


@pytest.fixture
def curating(site: str, world: World, page: Page) -> Page:
    """A curator at the first page of the console."""
    make_curator()
    page.goto(f"{site}/cms/")
    page.get_by_label("Username").fill("curator")
    page.get_by_label("Password").fill("a long password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Catalogue")).to_be_visible()
    return page


def test_a_curator_mends_a_record_and_parts_a_merge(site: str, curating: Page, world: World, complaints: list[str]) -> None:
    curating.get_by_role("link", name="1 record", exact=True).click()
    curating.get_by_role("link", name=world.record.key).click()
    expect(curating.get_by_text("is not in the reference data")).to_be_visible()
    mend_reference_data()
    curating.get_by_role("button", name="Try it again").click()
    expect(curating.get_by_text("was taken in")).to_be_visible()
    expect(curating.get_by_text("There are no records set aside")).to_be_visible()
    assert LearningResource.objects.get(title="Factory Floors").published

    curating.goto(f"{site}/cms/merges/")
    curating.get_by_role("link", name=f"{world.merge.source}: {world.merge.key}").click()
    curating.get_by_role("button", name="Undo this merge").click()
    expect(curating.get_by_text("is a resource of its own now")).to_be_visible()
    curating.get_by_role("link", name="Barriers").click()
    expect(curating.get_by_text("alpha: a")).to_be_visible()
    assert complaints == []


def test_a_curator_sees_what_a_synonym_would_do_before_keeping_it(site: str, curating: Page, complaints: list[str]) -> None:
    publish_now(make_resource("F1", title="Film and society"))
    rebuild("resources", allow_shrink=True, told=lambda done: None)
    curating.goto(f"{site}/cms/search/")
    curating.get_by_label("Question").fill("flicks")
    before, after = curating.get_by_role("region", name="As it is"), curating.get_by_role("region", name="With the change")
    expect(before.get_by_text("Nothing is found")).to_be_visible()
    curating.get_by_label("Try these as synonyms").press_sequentially("flicks, film")
    expect(after.get_by_role("link", name="Film and society")).to_be_visible()
    expect(before.get_by_text("Nothing is found")).to_be_visible()
    curating.get_by_role("button", name="Keep these synonyms").click()
    expect(curating.get_by_text("Kept: flicks, film")).to_be_visible()
    expect(before.get_by_role("link", name="Film and society", exact=True)).to_be_visible()
    before.get_by_role("link", name="Why is Film and society here?").click()
    expect(curating.get_by_text("flicks (or film)")).to_be_visible()
    assert complaints == []


def test_curators_pages_are_accessible(site: str, curating: Page, world: World, axe: Callable[[Page], list[dict[str, Any]]]) -> None:
    rebuild("resources", allow_shrink=True, told=lambda done: None)
    curating.set_viewport_size({"width": 360, "height": 900})
    for address in (
        *("sources/xpro/", f"runs/{world.record.run_id}/", "quarantine/", f"merges/{world.merge.pk}/", f"resources/{world.resource.pk}/"),
        *("search/?q=heat&terms=heat,warmth", "index/?compare=1"),
    ):
        curating.goto(f"{site}/cms/{address}")
        assert curating.evaluate("document.documentElement.scrollWidth") <= 360, address
        assert [fault for fault in axe(curating) if fault["rule"] != UPSTREAM] == [], address
