"""Resources, channels, the index and the tuning of search."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from corridor.kit.outbox.models import OutboxEvent
from corridor.learn.catalog.models import LearningResource, ResourceDocument
from corridor.learn.catalog.tests.cast import make_resource, publish_now
from corridor.learn.channels.models import Channel
from corridor.learn.discovery.models import Boost, SynonymSet
from tests.fixtures.index import Index
from tests.fixtures.queries import CountQueries

from .cast import World
from .test_ingest_pages import do, text

pytestmark = pytest.mark.django_db


def test_a_resource_tells_why_it_is_not_on_the_site(client: Client, world: World, index: Index, count_queries: CountQueries) -> None:
    assert "it is on its way" in text(client, "resource", pk=world.resource.pk)
    index.deliver()
    with count_queries("console: resource"):
        page = text(client, "resource", pk=world.resource.pk)
    assert "Why it is on the site" in page
    assert "alpha gives it." in page
    assert "hidden from everyone but staff" in do(client, "hide_resource", pk=world.resource.pk)
    assert not ResourceDocument.objects.get(pk=world.resource.pk).published
    index.deliver()
    page = text(client, "resource", pk=world.resource.pk)
    assert "Why it is not on the site" in page
    assert "It is hidden." in page
    do(client, "show_resource", pk=world.resource.pk)
    assert LearningResource.objects.get(pk=world.resource.pk).published
    assert [entry.action for entry in ModelLogEntry.objects.order_by("timestamp")][-2:] == [
        "corridor.resource_hidden",
        "corridor.resource_shown",
    ]


@pytest.mark.parametrize("asked", ["heat", "a", "u.example/courses"])
def test_resources_are_found_by_what_staff_know(client: Client, world: World, asked: str) -> None:
    assert "Heat" in text(client, "resources", f"?q={asked}")
    assert "Heat" in text(client, "resources", f"?q={world.resource.pk}")
    assert "No resources match" in text(client, "resources", "?q=99999999999999999999")


def test_an_unknown_resource_is_no_failure_of_ours(client: Client, world: World) -> None:
    assert client.get(reverse("console:resource", args=[10**9])).status_code == 404


def channel_form(**changes: Any) -> dict[str, Any]:
    return {"title": "Physics", "search_filter": "topic=Physics", **changes}


def test_a_channel_is_edited(client: Client, world: World) -> None:
    path = make_resource("list", "learning_path", title="First steps")
    address = reverse("console:channel", args=[world.channel.pk])
    sent = channel_form(title="All of physics", heading="Look up", logo="/static/l.svg", featured_list=path.pk, about_text="<p>Of it.</p>")
    assert client.post(address, sent).status_code == 302
    channel = Channel.objects.get(pk=world.channel.pk)
    assert (channel.title, channel.featured_list_id, channel.about) == ("All of physics", path.pk, {"title": "", "text": "<p>Of it.</p>"})
    assert (channel.configuration["heading"], channel.published) == ("Look up", True)
    assert ModelLogEntry.objects.get(action="corridor.channel_changed").data["before"]["title"] == "Physics"
    assert "First steps" in text(client, "channels")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": ""}, "This field is required"),
        ({"logo": "javascript:x"}, "match pattern"),
        ({"search_filter": "?"}, "must be a query string"),
    ],
)
def test_what_a_channel_cannot_be_is_told_at_the_field(client: Client, world: World, change: dict[str, str], said: str) -> None:
    answer = client.post(reverse("console:channel", args=[world.channel.pk]), channel_form(**change))
    assert answer.status_code == 200
    assert said in answer.content.decode()


def test_the_index_tells_what_it_holds_and_lacks(client: Client, world: World, index: Index, count_queries: CountQueries) -> None:
    with count_queries("console: index"):
        assert "dead letter" in text(client, "index")
    OutboxEvent.objects.filter(dead_at=None).delete()
    assert "1 missing" in text(client, "index", "?compare=1")
    assert "the disk was full" in text(client, "letters", topic="learn.resources")


def test_dead_letters_are_delivered_again(client: Client, world: World) -> None:
    assert "1 messages are delivered again" in do(client, "replay_letters", topic="learn.resources")
    assert not OutboxEvent.objects.exclude(dead_at=None).exists()
    assert "has no dead letters" in do(client, "replay_letters", topic="learn.resources")


@pytest.fixture
def films(world: World, index: Index) -> list[LearningResource]:
    made = [
        make_resource("F1", title="Film and society"),
        make_resource("F2", title="Cinema at large"),
        make_resource("F3", title="Film again"),
    ]
    publish_now(*made)
    index.deliver()
    return made


def test_a_synonym_is_tried_before_it_is_kept(client: Client, films: list[LearningResource], count_queries: CountQueries) -> None:
    with count_queries("console: preview"):
        page = text(client, "preview", "?q=flicks&terms=flicks,film")
    assert page.count("Film and society") == 1
    assert "Keep these synonyms" in page
    assert not SynonymSet.objects.exists()
    answer = client.post(reverse("console:keep_synonyms"), {"q": "flicks", "terms": "flicks,film"})
    assert "Kept: flicks, film" in str(next(iter(get_messages(answer.wsgi_request))))
    kept = SynonymSet.objects.get()
    assert "Film and society" in text(client, "preview", "?q=flicks")
    client.post(reverse("console:keep_synonyms"), {"q": "flicks", "terms": "flicks,cinema", "synonyms": kept.pk})
    assert SynonymSet.objects.get().terms == ["flicks", "cinema"]


def test_one_word_is_no_synonym(client: Client, films: list[LearningResource]) -> None:
    answer = client.post(reverse("console:keep_synonyms"), {"q": "flicks", "terms": "flicks"})
    assert "Not kept. Give two or more" in str(next(iter(get_messages(answer.wsgi_request))))
    assert not SynonymSet.objects.exists()
    assert client.post(reverse("synonyms:add"), {"terms": ""}).status_code == 200


def test_a_boost_is_tried_and_kept(client: Client, films: list[LearningResource]) -> None:
    page = text(client, "preview", f"?q=film&resource={films[0].pk}&factor=4")
    assert "Keep this boost" in page
    for factor in (4, 5):
        client.post(reverse("console:keep_boost"), {"q": " Film ", "resource": films[0].pk, "factor": factor})
    assert [(boost.query, boost.resource_id, boost.factor) for boost in Boost.objects.all()] == [("film", films[0].pk, 5)]
    client.post(reverse("console:keep_boost"), {"q": "film", "resource": 10**9, "factor": 2})
    assert Boost.objects.count() == 1


def test_a_place_is_explained_in_words(client: Client, films: list[LearningResource], count_queries: CountQueries) -> None:
    with count_queries("console: explain"):
        page = text(client, "explain", "?q=film", pk=films[0].pk)
    assert "It matches the question." in page
    assert "Its place is" in page
    assert "It does not match the question." in text(client, "explain", "?q=thermodynamics", pk=films[0].pk)


def test_without_an_index_pages_say_what_to_do(client: Client, world: World, settings: Any, tmp_path: Any) -> None:
    settings.CONFIG = settings.CONFIG.model_copy(update={"home": tmp_path / "empty"})
    for page in (
        text(client, "preview", "?q=heat"),
        text(client, "index"),
        text(client, "resource", pk=world.resource.pk),
        text(client, "explain", "?q=heat", pk=world.resource.pk),
    ):
        assert "corridor index rebuild" in page


def test_the_first_page_sums_up(client: Client, world: World, count_queries: CountQueries) -> None:
    with count_queries("console: home"):
        page = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "1 record" in page
    assert "beta #" in page
