"""The record of a program: the learner's own page, and the one that those see whom they gave a link."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from corridor.accounts.models import User
from corridor.mitxonline.catalog.pages import absolute
from corridor.mitxonline.certificates.addresses import certificate_path
from corridor.mitxonline.certificates.pages import unlisted

from . import actions, queries
from .addresses import record_path, shared_path
from .errors import SchoolNotFound, ShareNotFound
from .queries import Line, Record

PAGE = "mitxonline/records/record.html"


@never_cache
@require_safe
@login_required
def own(request: HttpRequest, readable_id: str) -> HttpResponse:
    user = cast(User, request.user)
    record = queries.record(user, queries.program_for(user, readable_id))
    shares = queries.shares(user, record.program)
    reached = {share.partner_school_id for share in shares}
    context = {
        "shares": [(share, absolute(shared_path(share.uuid))) for share in shares],
        "is_public": None in reached,
        "schools": [school for school in queries.schools(record.program) if school.pk not in reached],
        "is_own": True,
        **told(record),
    }
    return render(request, PAGE, context)


@never_cache
@require_safe
@unlisted
def shared(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return render(request, PAGE, told(queries.shared(uuid)))


def told(record: Record) -> dict[str, Any]:
    mine = record.explained.certificate
    return {
        "title": f"Record of {record.program.title}",
        "description": "Courses of a program with grades and certificates.",
        "record": record,
        "lines": [(line, percent(line), certificate_path(line.certificate) if line.certificate else "") for line in record.lines],
        "certificate": certificate_path(mine) if mine else "",
        "path": record_path(record.program),
    }


def percent(line: Line) -> str:
    return f"{line.grade.grade * 100:.0f} %" if line.grade else ""


@require_POST
@login_required
def share(request: HttpRequest, readable_id: str) -> HttpResponse:
    """A form names a school's number, or nothing for a link that is open to whoever has it."""
    user = cast(User, request.user)
    program = queries.program_for(user, readable_id)
    row = actions.share(user=user, program=program, school_id=_number(request.POST.get("school", "")))
    told_of = (
        f"{row.partner_school.name} can read your record now, and has been written to." if row.partner_school else "Your link is ready."
    )
    messages.success(request, told_of)
    return HttpResponseRedirect(record_path(program))


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise SchoolNotFound
    return int(text)


@require_POST
@login_required
def take_back(request: HttpRequest, readable_id: str) -> HttpResponse:
    user = cast(User, request.user)
    program = queries.program_for(user, readable_id)
    try:
        actions.take_back(user=user, share=UUID(request.POST.get("share", "")))
    except ValueError:
        raise ShareNotFound from None
    messages.success(request, "That link does not work any more.")
    return HttpResponseRedirect(record_path(program))
