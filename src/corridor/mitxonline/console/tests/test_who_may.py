"""Who may use which page: registrars all, others none, and who may look need not be one who may change."""

import pytest
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from corridor.accounts.models import User
from corridor.kit.audit.models import AuditEntry
from corridor.mitxonline.commerce.models import Refund
from corridor.mitxonline.console.access import REGISTRARS, May, make_registrars
from corridor.mitxonline.console.base import Asking
from corridor.mitxonline.console.urls import urlpatterns
from corridor.web.console.access import ENTER
from corridor.web.console.base import Deed

from .cast import World, make_user

pytestmark = pytest.mark.django_db

VIEWS = {str(pattern.name): pattern.callback.view_class for pattern in urlpatterns}
DEEDS = [name for name, view in VIEWS.items() if issubclass(view, Deed)]
ASKING = [name for name, view in VIEWS.items() if issubclass(view, Asking)]
PAGES = [name for name in VIEWS if name not in DEEDS]


def address(world: World, name: str) -> str:
    return reverse(f"registrar:{name}", kwargs=world.arguments(name))


def ask(client: Client, world: World, name: str) -> HttpResponse:
    return client.post(address(world, name)) if name in DEEDS else client.get(address(world, name))


def test_registrars_see_every_page(client: Client, world: World) -> None:
    answers = {name: ask(client, world, name).status_code for name in PAGES}
    assert answers == dict.fromkeys(answers, 200)


@pytest.mark.parametrize("kind", ["a visitor", "a person with an account", "an editor of pages"])
def test_others_see_none_and_change_nothing(world: World, kind: str) -> None:
    client, before = Client(), AuditEntry.objects.count()
    if kind != "a visitor":
        client.force_login(make_user("other", *([ENTER] if kind == "an editor of pages" else [])))
    sent_to = reverse("wagtailadmin_home") if kind == "an editor of pages" else reverse("wagtailadmin_login")
    for name in VIEWS:
        for answer in (client.get(address(world, name)), client.post(address(world, name), {"reason": "because"})):
            assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, sent_to), name
    assert AuditEntry.objects.count() == before


SEEING = [may for may in May if may.name.startswith("SEE_")]


def test_who_may_look_at_everything_cannot_refund_nor_change_anything(world: World) -> None:
    client, before = Client(), AuditEntry.objects.count()
    client.force_login(make_user("looker", ENTER, *SEEING))
    for name in ("learner", "order", "case", "discount", "product", "certificate", "finding", "due"):
        page = ask(client, world, name)
        assert page.status_code == 200, name
        for deed in ASKING:
            assert address(world, deed) not in page.content.decode(), (name, deed)
    lines = {f"line_{line.pk}": "1.00" for line in world.order.lines.all()}
    for name in (*ASKING, *DEEDS):
        answer = client.post(address(world, name), {"reason": "because", **lines})
        assert (answer.status_code, answer["Location"]) == (302, reverse("wagtailadmin_home")), name
    assert not Refund.objects.exists()
    assert AuditEntry.objects.count() == before


def test_who_sees_learners_alone_sees_no_money_in_their_history(world: World, client: Client) -> None:
    reference = world.order.reference_number
    assert f"of $79.20 for {reference}" in ask(client, world, "learner").content.decode()
    other = Client()
    other.force_login(make_user("adviser", ENTER, May.SEE_LEARNERS))
    page = other.get(address(world, "learner")).content.decode()
    assert "Upgraded" in page or "Enrolled" in page
    assert f"of $79.20 for {reference}" not in page
    assert "Certificate of" not in page
    assert f"of $79.20 for {reference}" not in other.get(f"{address(world, 'learner')}?only=Money").content.decode()


@pytest.mark.parametrize("name", ASKING)
def test_every_deed_asks_why_and_for_a_token(world: World, registrar: User, client: Client, name: str) -> None:
    before = AuditEntry.objects.count()
    answer = client.post(address(world, name), {"reason": " "})
    assert answer.status_code == 200
    assert "This field is required" in answer.content.decode()
    assert AuditEntry.objects.count() == before
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(registrar)
    assert strict.post(address(world, name), {"reason": "because"}).status_code == 403


def test_what_was_taken_from_the_group_stays_away(db: None) -> None:
    make_registrars()
    group = Group.objects.get(name=REGISTRARS)
    assert {f"{each.content_type.app_label}.{each.codename}" for each in group.permissions.all()} == {ENTER, *May}
    group.permissions.clear()
    make_registrars()
    assert not group.permissions.exists()


def test_addresses_of_nothing_are_no_failure_of_ours(client: Client, world: World) -> None:
    for name in ("learner", "order", "refund", "case", "request", "discount", "product", "grade", "unenroll_program", "finding", "mend"):
        assert client.get(reverse(f"registrar:{name}", kwargs={"pk": 10**9})).status_code == 404, name
    nobody = {"uuid": "00000000-0000-4000-8000-000000000000"}
    assert client.get(reverse("registrar:certificate", kwargs=nobody)).status_code == 404
