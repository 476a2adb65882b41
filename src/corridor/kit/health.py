"""Whether the site can do its work: checks that each package adds, asked at four addresses, and numbers to watch at a fifth.

/health/startup/    has everything that a start needs come up? (database, cache, migrations)
/health/liveness/   is this process alive? (a round trip to the database)
/health/readiness/  should it get requests? (database, cache)
/health/full/       is the whole of it well? (all checks, worker, relay and index included)
/health/metrics/    the numbers (see metrics)
"""

import hmac
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, cast

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

from .metrics import CONTENT_TYPE, exposition
from .problems import problem_json

ADDRESS = re.compile(r"/health(?:/(startup|liveness|readiness|full|metrics))?/?")

log = structlog.get_logger(__name__)

Probe = Literal["startup", "liveness", "readiness", "full"]
Details = dict[str, Any]


class Unwell(Exception):
    """What a check raises when its part does not work; the message says what is wrong, without addresses or secrets."""


@dataclass(frozen=True)
class Check:
    """Gives details worth showing or nothing, and raises when its part does not work."""

    name: str
    run: Callable[[], Details | None]
    probes: frozenset[Probe]


CHECKS: dict[str, Check] = {}


def check(name: str, *probes: Probe) -> Callable[[Callable[[], Details | None]], Callable[[], Details | None]]:
    """Register a function as a check of `/health/full/` and of the probes that are named."""

    def register(run: Callable[[], Details | None]) -> Callable[[], Details | None]:
        CHECKS[name] = Check(name, run, frozenset({"full", *probes}))
        return run

    return register


def report(probe: Probe) -> tuple[bool, Details]:
    """Run the checks of a probe. Gives whether all passed, and what each told."""
    results = {each.name: _result(each) for each in CHECKS.values() if probe in each.probes}
    well = all(result["status"] == "ok" for result in results.values())
    return well, {"status": "ok" if well else "failing", "checks": results}


def _result(each: Check) -> Details:
    started = time.perf_counter()
    try:
        outcome = {"status": "ok", **(each.run() or {})}
    except Exception as error:  # whatever goes wrong in a check is its answer
        log.warning("health.check_failed", check=each.name, error=f"{type(error).__name__}: {error}")
        outcome = {"status": "failing", "reason": str(error) if isinstance(error, Unwell) else type(error).__name__}
    return outcome | {"ms": round((time.perf_counter() - started) * 1000, 1)}


class Probes:
    """Middleware that answers the probes before hosts, sessions and the like are looked at: what watches a process calls it by its number."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = ADDRESS.fullmatch(request.path_info)
        if not asked:
            return self.get_response(request)
        if asked[1] == "metrics":
            return metrics(request)
        return probe_answer(request, cast(Probe, asked[1] or "full"))


@never_cache
def probe_answer(request: HttpRequest, probe: Probe) -> HttpResponse:
    if probe == "full" and not _may_see_all(request):
        return _refused()
    well, answer = report(probe)
    return JsonResponse(answer, status=200 if well else 503)


@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    return HttpResponse(exposition(), content_type=CONTENT_TYPE) if _may_see_all(request) else _refused()


def _refused() -> HttpResponse:
    return problem_json(403, "forbidden", "Send the status token as a bearer token.")


def _may_see_all(request: HttpRequest) -> bool:
    token = settings.CONFIG.status_token
    if token is None:
        return True
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return hmac.compare_digest(given.encode(), token.get_secret_value().encode())
