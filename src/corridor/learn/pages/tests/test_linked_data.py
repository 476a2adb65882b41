"""What pages tell machines keeps to the words that schema.org has for each type."""

from collections.abc import Iterator
from typing import Any

import pytest

from corridor.learn.catalog.facts import Json
from corridor.learn.catalog.vocabulary import ResourceType
from corridor.learn.pages import linked_data
from corridor.learn.pages.linked_data import Part

THING = {"@type", "@id", "url", "name", "description", "sameAs"}
WORK = THING | {
    "inLanguage",
    "provider",
    "about",
    "isAccessibleForFree",
    "isPartOf",
    "hasPart",
    "datePublished",
    "dateModified",
    "associatedMedia",
}
WORDS: dict[str, set[str]] = {
    "Course": WORK | {"courseCode", "educationalCredentialAwarded", "offers", "hasCourseInstance"},
    "EducationalOccupationalProgram": THING | {"provider", "educationalCredentialAwarded", "offers", "startDate", "hasCourse"},
    "PodcastSeries": WORK | {"webFeed"},
    "PodcastEpisode": WORK | {"duration", "partOfSeries"},
    "VideoObject": WORK | {"duration", "uploadDate", "thumbnailUrl", "contentUrl"},
    "ItemList": THING | {"numberOfItems", "itemListElement"},
    "LearningResource": WORK | {"learningResourceType"},
    "Organization": {"@type", "name", "url"},
    "Offer": {"@type", "category", "price", "priceCurrency"},
    "AudioObject": {"@type", "contentUrl"},
    "ListItem": {"@type", "position", "name", "url"},
}
WORKS = {"Course", "PodcastSeries", "PodcastEpisode", "VideoObject", "LearningResource"}
EVERY_KIND = [Part(f"A {kind}", f"https://x.org/{kind}", kind) for kind in ResourceType.values]


def body(kind: str) -> Json:
    """A resource of which everything is known."""
    return {
        "resource_type": kind,
        "title": "Title",
        "description": "Words.",
        "full_description": None,
        "languages": ["en"],
        "offered_by": {"name": "Unit", "channel_url": "https://x.org/c/unit/u/"},
        "topics": [{"name": "Physics"}],
        "url": "https://x.org/there",
        "free": True,
        "certification": True,
        "certification_type": {"name": "Certificate"},
        "resource_prices": [{"amount": "0.00", "currency": "USD"}],
        "runs": [],
        "next_start_date": "2027-01-01T00:00:00Z",
        "last_modified": "2026-01-01T00:00:00Z",
        "created_on": "2026-01-01T00:00:00Z",
        "resource_category": "Document",
        "image": {"url": "https://x.org/i.png"},
        "delivery": [],
        "course": {"course_numbers": [{"value": "1.00"}]},
        "podcast": {"rss_url": "https://x.org/feed"},
        "podcast_episode": {"audio_url": "https://x.org/a.mp3", "duration": "PT1H"},
        "video": {"duration": "PT1H", "cover_image_url": "", "streaming_url": "https://x.org/v"},
    }


def things(told: Any) -> Iterator[Json]:
    if isinstance(told, dict):
        yield told
        told = list(told.values())
    for each in told if isinstance(told, list) else []:
        yield from things(each)


@pytest.mark.parametrize("kind", ResourceType.values)
def test_every_word_belongs_to_its_type(kind: str) -> None:
    told = linked_data.resource(body(kind), "https://x.org/it", EVERY_KIND, EVERY_KIND)
    for thing in things(told):
        assert thing.keys() <= WORDS[thing["@type"]]
    assert {part["@type"] for part in [*told.get("hasPart", []), *told.get("isPartOf", [])]} <= WORKS
    assert {part["@type"] for part in told.get("hasCourse", [])} <= {"Course"}
    assert {whole["@type"] for whole in told.get("partOfSeries", [])} <= {"PodcastSeries"}


def test_a_program_tells_of_its_courses() -> None:
    assert len(linked_data.resource(body("program"), "https://x.org/it", EVERY_KIND)["hasCourse"]) == 1
