"""What Corridor's public catalogue says of a run, so that the stand-in does not tell it otherwise every night."""

from typing import Any

import requests
from django.conf import settings
from django.utils.dateparse import parse_datetime

WAIT_SECONDS = 3
DATES = {
    "start": "start_date",
    "end": "end_date",
    "enrollment_start": "enrollment_start",
    "enrollment_end": "enrollment_end",
    "certificate_available": "certificate_available_date",
}


def told_of(key: str) -> dict[str, Any] | None:
    """Columns of the course of a key; None when Corridor does not answer or does not have it."""
    try:
        asked = {"readable_id": key.rpartition("+")[0], "page": "1"}
        answer = requests.get(f"{settings.CONFIG.base_url}/mitxonline/api/v2/courses/", params=asked, timeout=WAIT_SECONDS)
        courses = answer.json()["results"] if answer.ok else []
    except (requests.RequestException, ValueError, KeyError):
        return None
    run = next((run for course in courses for run in course["courseruns"] if run["courseware_id"] == key), None)
    if run is None:
        return None
    dates = {column: parse_datetime(run[name] or "") for column, name in DATES.items()}
    return {"title": run["title"], "self_paced": run["is_self_paced"], **dates}
