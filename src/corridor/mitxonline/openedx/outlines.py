"""What a run holds, fetched from the courseware and kept for a while: many look at one course."""

import re
from typing import Any

from django.core.cache import cache

from corridor.mitxonline.catalog.models import CourseRun

from .client import courseware
from .errors import CoursewareRefused, KeyUnclear, NoSuchRun

KEPT_SECONDS = 300
COURSE_KEY = re.compile(r"course-v1:[\w\-.:]+\+[\w\-.:]+\+[\w\-.:]+")


def outline(key: str) -> dict[str, Any]:
    """Of a public run. Raises KeyUnclear, NoSuchRun, CoursewareNotConfigured and CoursewareFailed."""
    if not COURSE_KEY.fullmatch(key):
        raise KeyUnclear
    if not CourseRun.objects.filter(courseware_id=key, live=True, is_source_run=False, b2b_contract=None).exists():
        raise NoSuchRun(key)
    name = f"openedx:outline:{key}"
    told: dict[str, Any] | None = cache.get(name)
    if told is None:
        try:
            told = courseware().outline(key).model_dump(mode="json")
        except CoursewareRefused as refused:
            if refused.answered == 404:
                raise NoSuchRun(key) from refused
            raise
        cache.set(name, told, KEPT_SECONDS)
    return told
