"""What a page says to machines in the words of schema.org. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from corridor.learn.catalog.facts import Json
from corridor.learn.catalog.vocabulary import ResourceType

from .cards import summary

LONGEST = 500
TYPES: dict[str, str] = {
    ResourceType.COURSE: "Course",
    ResourceType.PROGRAM: "EducationalOccupationalProgram",
    ResourceType.PODCAST: "PodcastSeries",
    ResourceType.PODCAST_EPISODE: "PodcastEpisode",
    ResourceType.VIDEO: "VideoObject",
    ResourceType.VIDEO_PLAYLIST: "ItemList",
    ResourceType.LEARNING_PATH: "ItemList",
    ResourceType.DOCUMENT: "LearningResource",
}
# What schema.org lets creative works tell, and these, which are none, not.
_OF_WORKS = {"inLanguage", "about", "isAccessibleForFree", "isPartOf", "hasPart"}
NOT_TOLD: dict[str, set[str]] = {"EducationalOccupationalProgram": _OF_WORKS, "ItemList": _OF_WORKS | {"provider"}}
MODES = {"online": "Online", "in_person": "Onsite", "hybrid": "Blended", "offline": "Offline"}


@dataclass(frozen=True)
class Part:
    """A page that another leads to."""

    name: str
    address: str
    resource_type: str = ""


def website(origin: str, name: str) -> Json:
    action = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": f"{origin}/search?q={{search_term_string}}"},
        "query-input": "required name=search_term_string",
    }
    return {"@type": "WebSite", "url": f"{origin}/", "name": name, "potentialAction": action}


def resource(body: Json, address: str, parts: Sequence[Part] = (), wholes: Sequence[Part] = ()) -> Json:
    """A resource of any type. Nothing that is not known is told."""
    kind = body["resource_type"]
    told: Json = {
        "@type": TYPES[kind],
        "@id": address,
        "url": address,
        "name": body["title"],
        "description": summary(body, LONGEST) or body["title"],
        "inLanguage": body["languages"] or None,
        "provider": _organization(body),
        "about": [topic["name"] for topic in body["topics"]],
        "sameAs": body["url"],
        "isAccessibleForFree": True if body["free"] else None,
        **(SPECIAL[kind](body) if kind in SPECIAL else {}),
        **_parts(kind, parts),
        **_wholes(kind, wholes),
    }
    left_out = NOT_TOLD.get(TYPES[kind], set())
    return {name: value for name, value in told.items() if value not in (None, "", [], {}) and name not in left_out}


def _organization(body: Json) -> Json | None:
    unit = body["offered_by"]
    return {"@type": "Organization", "name": unit["name"], **_url(unit["channel_url"])} if unit else None


def _url(address: str | None) -> Json:
    return {"url": address} if address else {}


def _parts(kind: str, parts: Sequence[Part]) -> Json:
    if not parts:
        return {}
    if TYPES[kind] == "ItemList":
        items = [{"@type": "ListItem", "position": at, "name": part.name, "url": part.address} for at, part in enumerate(parts, 1)]
        return {"numberOfItems": len(items), "itemListElement": items}
    if kind == ResourceType.PROGRAM:
        return {"hasCourse": [_named(part) for part in parts if part.resource_type == ResourceType.COURSE]}
    return {"hasPart": [_named(part) for part in parts if TYPES[part.resource_type] not in NOT_TOLD]}


def _wholes(kind: str, wholes: Sequence[Part]) -> Json:
    name = "partOfSeries" if kind == ResourceType.PODCAST_EPISODE else "isPartOf"
    fitting = [whole for whole in wholes if name == "isPartOf" or whole.resource_type == ResourceType.PODCAST]
    return {name: [_named(whole) for whole in fitting if TYPES[whole.resource_type] not in NOT_TOLD]}


def _named(part: Part) -> Json:
    return {"@type": TYPES[part.resource_type], "name": part.name, "url": part.address}


# --- what only one type tells


def _course(body: Json) -> Json:
    return {
        "courseCode": next((number["value"] for number in body["course"]["course_numbers"]), None),
        "educationalCredentialAwarded": body["certification_type"]["name"] if body["certification"] else None,
        "offers": _offers(body["resource_prices"], body["free"]),
        "hasCourseInstance": [_instance(run, body) for run in body["runs"]],
    }


def _instance(run: Json, body: Json) -> Json:
    told: Json = {
        "@type": "CourseInstance",
        "name": run["title"],
        "courseMode": [MODES[delivery["code"]] for delivery in run["delivery"] or body["delivery"]],
        "startDate": run["start_date"],
        "endDate": run["end_date"],
        "location": run["location"],
        "courseWorkload": f"PT{run['max_weekly_hours'] or run['min_weekly_hours']}H" if run["min_weekly_hours"] else None,
        "instructor": [{"@type": "Person", "name": person["full_name"]} for person in run["instructors"]],
        "offers": _offers(run["resource_prices"], body["free"]),
        "url": run["url"],
    }
    return {name: value for name, value in told.items() if value not in (None, "", [])}


def _offers(prices: Sequence[Json], free: bool) -> list[Json]:
    told = [{"amount": "0.00", "currency": "USD"}] if free and not prices else prices
    return [
        {
            "@type": "Offer",
            "category": "Free" if float(price["amount"]) == 0 else "Paid",
            "price": price["amount"],
            "priceCurrency": price["currency"],
        }
        for price in told
    ]


def _program(body: Json) -> Json:
    return {
        "educationalCredentialAwarded": body["certification_type"]["name"] if body["certification"] else None,
        "offers": _offers(body["resource_prices"], body["free"]),
        "startDate": body["next_start_date"],
    }


def _podcast(body: Json) -> Json:
    return {"webFeed": body["podcast"]["rss_url"]}


def _episode(body: Json) -> Json:
    told = body["podcast_episode"]
    audio = {"@type": "AudioObject", "contentUrl": told["audio_url"]} if told["audio_url"] else None
    return {"duration": told["duration"], "datePublished": body["last_modified"], "associatedMedia": audio}


def _video(body: Json) -> Json:
    told = body["video"]
    return {
        "duration": told["duration"],
        "uploadDate": body["last_modified"] or body["created_on"],
        "thumbnailUrl": told["cover_image_url"] or (body["image"] or {}).get("url"),
        "contentUrl": told["streaming_url"],
    }


def _document(body: Json) -> Json:
    return {"learningResourceType": body["resource_category"], "dateModified": body["last_modified"]}


SPECIAL: dict[str, Callable[[Json], Json]] = {
    ResourceType.COURSE: _course,
    ResourceType.PROGRAM: _program,
    ResourceType.PODCAST: _podcast,
    ResourceType.PODCAST_EPISODE: _episode,
    ResourceType.VIDEO: _video,
    ResourceType.DOCUMENT: _document,
}


def absolute(origin: str, path: str) -> str:
    return urljoin(f"{origin}/", path)
