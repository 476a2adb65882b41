"""Documents made of facts: the published shape of a learning resource, and what the index needs beyond it. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import TextChoices

from . import rules, vocabulary
from .facts import Facts, Json, Links, OfferingFacts, OwnedFile, Reference, RunFacts
from .vocabulary import RelationType, ResourceType

LONGEST_TITLE = 256
# Where the contract demands an object and nothing is known.
NO_DEPARTMENT: Json = {"department_id": "", "name": "", "channel_url": None, "school": None}
NO_PLATFORM: Json = {"code": "", "name": ""}
NO_OFFEROR: Json = {"code": "", "name": "", "channel_url": None, "display_facet": False}


def _named(choices: type[TextChoices]) -> dict[str, Json]:
    return {str(choice.value): {"code": choice.value, "name": choice.label} for choice in choices}


CERTIFICATION_TYPES = _named(vocabulary.CertificationType)
LEVELS = _named(vocabulary.Level)
MODES = {"delivery": _named(vocabulary.Delivery), "pace": _named(vocabulary.Pace), "format": _named(vocabulary.Format)}


@dataclass(frozen=True)
class Rendered:
    body: Json
    search: Json
    best_run_id: int | None
    next_start_date: datetime | None
    free: bool
    stale_at: datetime | None


def render(facts: Facts, reference: Reference, now: datetime) -> Rendered:
    """The document of one resource as it is at `now`."""
    resource, runs = facts.resource, facts.runs
    best = rules.best_run(runs, now)
    prices = rules.shown_prices((_prices(best) if best else []) or _prices(resource), resource.certification)
    free = rules.is_free(resource.resource_type, resource.professional, prices)
    next_start = rules.next_start_date(runs, now)
    derived = {
        **rules.run_dependent(resource, best or resource),
        "best_run_id": best.id if best else None,
        "next_start_date": next_start,
        "free": free,
        **_told_prices(prices),
    }
    return Rendered(
        body=_body(facts, reference, derived),
        search=_search(facts, rules.age_date(resource.resource_type, resource.last_modified, runs, now)),
        best_run_id=best.id if best else None,
        next_start_date=next_start,
        free=free,
        stale_at=rules.next_change(runs, now),
    )


def _prices(offering: OfferingFacts) -> list[rules.Price]:
    return [rules.Price(Decimal(price["amount"]), price["currency"]) for price in offering.resource_prices]


def _told_prices(prices: Iterable[rules.Price]) -> Json:
    told = [{"amount": f"{price.amount:.2f}", "currency": price.currency} for price in prices]
    return {"prices": [price["amount"] for price in told], "resource_prices": told}


def _body(facts: Facts, reference: Reference, derived: Json) -> Json:
    resource = facts.resource
    category = rules.resource_category(resource.resource_type, resource.resource_category)
    files = [content_file(file, reference) for file in facts.files]
    body: Json = {
        "id": resource.id,
        "position": None,
        "resource_type": resource.resource_type,
        "readable_id": resource.readable_id,
        **_offering(resource),
        "description": resource.description or next((file["description"] for file in files if file["description"]), None),
        "topics": [reference.topics[topic] for topic in facts.links.topics],
        "offered_by": reference.offerors[resource.offered_by_id] if resource.offered_by_id else None,
        "platform": reference.platforms[resource.platform_id] if resource.platform_id else None,
        "course_feature": [reference.tags[tag] for tag in facts.links.tags],
        "departments": [reference.departments[department] for department in facts.links.departments],
        "certification": resource.certification,
        "certification_type": CERTIFICATION_TYPES[resource.certification_type],
        "runs": [_run(run, facts.instructors.get(run.id, [])) for run in facts.runs],
        "views": resource.view_count,
        **{name: _modes(name, rules.modes(name, getattr(resource, name), (getattr(run, name) for run in facts.runs))) for name in MODES},
        "resource_type_group": rules.resource_type_group(resource.resource_type, category),
        "children": None,  # the contract has one object where a list is meant; the parts are told by items/ and, within, by `search`
        "resource_category": category,
        "ocw_topics": resource.ocw_topics,
        "professional": resource.professional,
        "completeness": resource.completeness,
        "license_cc": resource.license_cc,
        "test_mode": resource.test_mode,
        "continuing_ed_credits": None if resource.continuing_ed_credits is None else str(resource.continuing_ed_credits),
        "require_summaries": resource.require_summaries,
        "created_on": resource.created_on,
        **derived,
    }
    body["availability"] = body["availability"] or None
    body.update(_of_type(facts, reference, files))
    return body


def _offering(offering: OfferingFacts) -> Json:
    """What a resource and a run tell alike."""
    return {
        "title": clipped(offering.title),
        "description": offering.description or None,
        "full_description": offering.full_description or None,
        "last_modified": offering.last_modified,
        "published": offering.published,
        "languages": offering.languages,
        "url": offering.url or None,
        "image": _image(offering),
        "availability": offering.availability or None,
        "location": offering.location,
        "duration": offering.duration,
        "min_weeks": offering.min_weeks,
        "max_weeks": offering.max_weeks,
        "time_commitment": offering.time_commitment,
        "min_weekly_hours": offering.min_weekly_hours,
        "max_weekly_hours": offering.max_weekly_hours,
    }


def clipped(title: str) -> str:
    """A title as long as the contract allows."""
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"


def _image(offering: OfferingFacts) -> Json | None:
    if not offering.image_url:
        return None
    return {
        "id": offering.id,
        "url": offering.image_url,
        "description": offering.image_description or None,
        "alt": offering.image_alt or None,
    }


def _modes(field: str, codes: Iterable[str]) -> list[Json]:
    return [MODES[field][code] for code in codes]


def _run(run: RunFacts, instructors: list[Json]) -> Json:
    return {
        "id": run.id,
        "run_id": run.run_id,
        **_offering(run),
        "instructors": instructors,
        "level": [LEVELS[code] for code in run.level],
        "slug": run.slug or None,
        "semester": run.semester or None,
        "year": run.year,
        "start_date": run.start_date,
        "end_date": run.end_date,
        "enrollment_start": run.enrollment_start,
        "enrollment_end": run.enrollment_end,
        **_told_prices(_prices(run)),
        "checksum": run.checksum or None,
        "delivery": _modes("delivery", run.delivery),
        "pace": _modes("pace", run.pace),
        "format": _modes("format", run.format),
    }


# --- what only one type has


def _of_type(facts: Facts, reference: Reference, files: list[Json]) -> Json:
    """The key of the type and, for materials, their files."""
    resource_type = facts.resource.resource_type
    special: Json = {}
    if resource_type in TYPE_KEYS:
        special[resource_type] = TYPE_KEYS[resource_type](facts, reference)
    if resource_type in (ResourceType.VIDEO, ResourceType.DOCUMENT):
        special["content_files"] = files
    if resource_type == ResourceType.VIDEO:
        special["playlists"] = [str(id) for id in _parent_ids(facts, RelationType.PLAYLIST_VIDEOS)]
    return special


def _course(facts: Facts, reference: Reference) -> Json:
    return {
        "course_numbers": [_course_number(number, facts.links, reference) for number in facts.resource.details.get("course_numbers", [])]
    }


def _course_number(number: Json, links: Links, reference: Reference) -> Json:
    """A number without a department of its own belongs to the course's, if it is the primary one and the course has just one."""
    department = number["department"]
    if not department and number["listing_type"] == "primary" and len(links.departments) == 1:
        department = links.departments[0]
    return {
        "value": number["value"],
        "department": reference.departments.get(department, NO_DEPARTMENT),
        "listing_type": number["listing_type"],
    }


def _program(facts: Facts, reference: Reference) -> Json:
    return {"course_count": _count(facts, RelationType.PROGRAM_COURSES), "program_count": _count(facts, RelationType.PROGRAM_PROGRAMS)}


def _learning_path(facts: Facts, reference: Reference) -> Json:
    return {"id": facts.resource.id, "item_count": _count(facts, RelationType.LEARNING_PATH_ITEMS)}


def _podcast(facts: Facts, reference: Reference) -> Json:
    details = facts.resource.details
    return {
        "id": facts.resource.id,
        "episode_count": _count(facts, RelationType.PODCAST_EPISODES),
        **{name: details.get(name) for name in ("apple_podcasts_url", "google_podcasts_url", "rss_url")},
    }


def _podcast_episode(facts: Facts, reference: Reference) -> Json:
    details = facts.resource.details
    return {
        "id": facts.resource.id,
        "podcasts": _parent_ids(facts, RelationType.PODCAST_EPISODES),
        "parent_podcasts": [
            {"id": parent["id"], "title": clipped(parent["title"]), "readable_id": parent["readable_id"]}
            for parent in facts.parents
            if parent["relation_type"] == RelationType.PODCAST_EPISODES
        ],
        "transcript": "",  # long texts are told on the episode's own page: queries.detail puts them in
        "audio_url": details.get("audio_url") or "",
        "episode_link": details.get("episode_link"),
        "duration": details.get("duration"),
        "rss": None,
    }


def _video(facts: Facts, reference: Reference) -> Json:
    details = facts.resource.details
    return {
        "id": facts.resource.id,
        "duration": details.get("duration", ""),
        "streaming_url": details.get("streaming_url"),
        "caption_urls": details.get("caption_urls", []),
        "cover_image_url": details.get("cover_image_url"),
    }


def _video_playlist(facts: Facts, reference: Reference) -> Json:
    """The course is the first that has the playlist among its learning materials."""
    course = next((parent for parent in facts.parents if parent["relation_type"] == RelationType.COURSE_LEARNING_MATERIALS), None)
    return {
        "id": facts.resource.id,
        "channel": facts.resource.details.get("channel"),
        "video_count": _count(facts, RelationType.PLAYLIST_VIDEOS),
        "parent_learning_resource_id": course["id"] if course else None,
        "parent_title": clipped(course["title"]) if course else None,
        "parent_url": course["url"] or None if course else None,
        "parent_course_numbers": [number["value"] for number in course["course_numbers"] or []] if course else [],
    }


TYPE_KEYS: dict[str, Callable[[Facts, Reference], Json]] = {
    ResourceType.COURSE: _course,
    ResourceType.PROGRAM: _program,
    ResourceType.LEARNING_PATH: _learning_path,
    ResourceType.PODCAST: _podcast,
    ResourceType.PODCAST_EPISODE: _podcast_episode,
    ResourceType.VIDEO: _video,
    ResourceType.VIDEO_PLAYLIST: _video_playlist,
}


def _count(facts: Facts, relation: RelationType) -> int:
    return sum(child["relation_type"] == relation for child in facts.children)


def _parent_ids(facts: Facts, relation: RelationType) -> list[int]:
    return [parent["id"] for parent in facts.parents if parent["relation_type"] == relation]


def content_file(owned: OwnedFile, reference: Reference) -> Json:
    """A content file without its text. The keys of the run are there if it has one."""
    file, owner, links = owned.file, owned.owner, owned.links
    told: Json = {
        "id": file.id,
        "direct_learning_resource_id": file.direct_resource_id,
        "departments": [reference.departments[department] for department in links.departments],
        "topics": [reference.topics[topic] for topic in links.topics],
        "key": file.key,
        "uid": file.uid or None,
        "title": file.title or None,
        "description": file.description or None,
        "require_summaries": owner.require_summaries,
        "url": file.url or None,
        "content_feature_type": file.content_tags,
        "content_type": file.content_type,
        "content_title": file.content_title or None,
        "content_author": file.content_author or None,
        "content_language": file.content_language or None,
        "checksum": file.checksum,
        "image_src": file.image_src or None,
        "resource_id": str(owner.id),
        "resource_readable_id": owner.readable_id,
        "source_path": file.source_path,
        "course_number": [number["value"] for number in owner.details.get("course_numbers", [])],
        "file_type": file.file_type or None,
        "file_extension": file.file_extension or None,
        "offered_by": reference.offerors.get(owner.offered_by_id or "", NO_OFFEROR),
        "platform": reference.platforms.get(owner.platform_id or "", NO_PLATFORM),
        "edx_module_id": file.edx_module_id or None,
        "youtube_id": file.youtube_id or None,
    }
    if file.run__id:
        told |= {"run_id": file.run__id, "run_title": file.run__title, "run_slug": file.run__slug, "run_readable_id": file.run__run_id}
        told |= {"semester": file.run__semester} | ({"year": file.run__year} if file.run__year else {})
    return told


# --- what the index needs beyond the body


def _search(facts: Facts, age: datetime | None) -> Json:
    resource, details = facts.resource, facts.resource.details
    names = (person["full_name"] for run in facts.runs for person in facts.instructors.get(run.id, []))
    primary = next((number["sort_coursenum"] for number in details.get("course_numbers", []) if number["listing_type"] == "primary"), None)
    return {
        "children": facts.children,
        "instructors": list(dict.fromkeys(names)),
        "levels": list(dict.fromkeys(code for run in facts.runs for code in run.level)),
        "old_numbers": details.get("old_numbers", []),
        "ocw_topics": resource.ocw_topics,
        "transcript": details.get("transcript", ""),
        "sort_coursenum": primary,
        "age_date": age,
        "is_incomplete_or_stale": rules.is_incomplete_or_stale(age, resource.completeness),
        "featured_position": facts.featured,
        "canonical_parent_ids": rules.canonical_parents(
            resource.resource_type, ((parent["id"], parent["relation_type"]) for parent in facts.parents)
        ),
    }
