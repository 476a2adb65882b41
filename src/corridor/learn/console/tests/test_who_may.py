"""Who may use which page: curators all, others none."""

import pytest
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from corridor.accounts.models import User
from corridor.learn.catalog.models import LearningResource
from corridor.learn.console.access import CURATORS, May, make_curators
from corridor.learn.console.urls import urlpatterns
from corridor.learn.ingest.models import QuarantinedRecord
from corridor.web.console.access import ENTER
from corridor.web.console.base import Deed

from .cast import World, make_user

pytestmark = pytest.mark.django_db

DEEDS = [str(pattern.name) for pattern in urlpatterns if issubclass(pattern.callback.view_class, Deed)]
PAGES = [str(pattern.name) for pattern in urlpatterns if pattern.name not in DEEDS]
WAGTAILS = ["synonyms:index", "synonyms:add", "boosts:index", "boosts:add", "resource_chooser:choose", "resource_chooser:choose_results"]


def ask(client: Client, world: World, name: str) -> HttpResponse:
    address = reverse(name if ":" in name else f"console:{name}", kwargs=world.arguments(name))
    return client.post(address) if name in DEEDS else client.get(address)


def test_curators_see_every_page(client: Client, world: World) -> None:
    answers = {name: ask(client, world, name).status_code for name in [*PAGES, *WAGTAILS]}
    assert answers == dict.fromkeys(answers, 200)


@pytest.mark.parametrize("kind", ["a visitor", "a person with an account", "an editor of pages"])
def test_others_see_none_and_change_nothing(world: World, kind: str) -> None:
    client = Client()
    if kind != "a visitor":
        client.force_login(make_user("other", *([ENTER] if kind == "an editor of pages" else [])))
    sent_to = reverse("wagtailadmin_home") if kind == "an editor of pages" else reverse("wagtailadmin_login")
    for name in [*PAGES, *DEEDS, *WAGTAILS]:
        answer = ask(client, world, name)
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, sent_to), name
    assert QuarantinedRecord.objects.get(pk=world.record.pk).resolved_at is None
    assert LearningResource.objects.get(pk=world.resource.pk).published
    world.merge.refresh_from_db()
    assert world.merge.undone_at is None


@pytest.mark.parametrize("name", DEEDS)
def test_changes_are_posted_with_a_token(world: World, curator: User, name: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(curator)
    address = reverse(f"console:{name}", kwargs=world.arguments(name))
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 403


def test_someone_may_look_after_one_thing_alone(world: World) -> None:
    client = Client()
    client.force_login(make_user("mender", ENTER, May.MEND_RECORDS))
    assert ask(client, world, "quarantine").status_code == 200
    assert ask(client, world, "merges").status_code == 302
    home = client.get(reverse("wagtailadmin_home"))
    assert "1 record" in home.content.decode()
    assert "Last runs" not in home.content.decode()


def test_what_was_taken_from_the_group_stays_away(db: None) -> None:
    make_curators()
    group = Group.objects.get(name=CURATORS)
    assert {f"{each.content_type.app_label}.{each.codename}" for each in group.permissions.all()} == {ENTER, *May}
    group.permissions.clear()
    make_curators()
    assert not group.permissions.exists()


def test_a_refusal_says_so(world: World) -> None:
    client = Client()
    client.force_login(make_user("other", ENTER))
    answer = ask(client, world, "sources")
    assert "you do not have permission" in str(next(iter(get_messages(answer.wsgi_request))))
