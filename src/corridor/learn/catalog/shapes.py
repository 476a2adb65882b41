"""Rows of reference data in published shape. Pure."""

from .facts import Json
from .models import Department, Offeror, Platform, Topic

OFFEROR_LISTS = ("offerings", "audience", "formats", "fee", "certifications", "content_types")


def topic(row: Topic, channel_url: str | None) -> Json:
    return {"id": row.id, "name": row.name, "icon": row.icon, "parent": row.parent_id, "channel_url": channel_url}


def department(row: Department, channel_url: str | None) -> Json:
    """With its school, which must be loaded."""
    school = row.school
    told = {"id": school.id, "name": school.name, "url": school.url} if school else None
    return {**department_of_school(row, channel_url), "school": told}


def department_of_school(row: Department, channel_url: str | None) -> Json:
    return {"department_id": row.department_id, "name": row.name, "channel_url": channel_url}


def platform(row: Platform) -> Json:
    return {"code": row.code, "name": row.name}


def offeror(row: Offeror, channel_url: str | None) -> Json:
    """As resources tell of their unit."""
    return {"code": row.code, "name": row.name, "channel_url": channel_url, "display_facet": row.display_facet}


def offeror_detail(row: Offeror, channel_url: str | None) -> Json:
    return {
        **offeror(row, channel_url),
        "professional": row.professional,
        **{name: getattr(row, name) for name in OFFEROR_LISTS},
        "more_information": row.more_information,
        "value_prop": row.value_prop,
    }
