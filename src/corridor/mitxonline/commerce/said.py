"""What a page says after it led on: in the published cookie, which other sites of the platform read, and on our own next page."""

import json
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase

COOKIE = "user-message"
SECONDS = 20
NOTHING: Mapping[str, str] = MappingProxyType({})


class Said(StrEnum):
    """The published types that commerce has."""

    ENROLL_BLOCKED = "enroll-blocked"
    ENROLL_DUPLICATED = "enroll-duplicated"
    NON_UPGRADABLE = "course-non-upgradable"
    DISCOUNT_INVALID = "discount-invalid"
    BASKET_EMPTY = "basket-empty"
    DECLINED = "payment-declined"
    ERROR = "payment-error"
    CANCELLED = "payment-cancelled"
    REVIEW = "payment-review"
    ACCEPTED = "payment-accepted"
    ACCEPTED_NO_VALUE = "payment-accepted-no-value"
    UNKNOWN = "payment-error-unknown"


GOOD = {Said.ACCEPTED, Said.ACCEPTED_NO_VALUE}


def say(request: HttpRequest, response: HttpResponseBase, said: Said, sentence: str, members: Mapping[str, str] = NOTHING) -> None:
    """`members` tell the cookie's readers more, such as `run`, the title of what was bought."""
    say_elsewhere(response, said, members)
    messages.add_message(request, messages.SUCCESS if said in GOOD else messages.WARNING, sentence)


def say_elsewhere(response: HttpResponseBase, said: Said, members: Mapping[str, str] = NOTHING) -> None:
    """In the cookie alone, where the page itself says it."""
    value = json.dumps({"type": said.value, **members}, separators=(",", ":"))
    response.set_cookie(COOKIE, quote(value, safe=""), max_age=SECONDS, samesite="Lax")
