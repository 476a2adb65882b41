"""Open edX's REST API: one method an operation, typed answers, and two kinds of failure: what may pass, and what stays refused."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from django.conf import settings
from pydantic import BaseModel, TypeAdapter, ValidationError

from corridor.config import Config
from corridor.kit.http import Answer, HttpClient, HttpFailed, Limits, StatusRefused

from . import rules
from .errors import CoursewareAway, CoursewareNotConfigured, CoursewareRefused
from .payloads import Account, Certificate, Enrollment, Grade, GradePage, Mode, Outline, RunDetails, RunPage, Token

# Who waits for an answer is the relay, and with it all else that is owed.
LIMITS = Limits(connect_seconds=2, read_seconds=6, total_seconds=8, largest_bytes=8 * 2**20, attempts=1)
RENEW_SECONDS = 60
# So many failures in a row are the courseware's own: for a while nobody waits for it.
OUTAGE, REST_SECONDS = 2, 10.0
KEYS_AT_ONCE = 50
ACCOUNTS = TypeAdapter(list[Account])
MODES = TypeAdapter(list[Mode])
Shape = TypeVar("Shape", bound=BaseModel)
Found = TypeVar("Found")


class Courseware:
    """A client with our own token, fetched when it is needed and kept as long as it lasts."""

    def __init__(self, config: Config) -> None:
        if not config.openedx_api:
            raise CoursewareNotConfigured
        self.address = config.openedx_api
        self._config = config
        self._http = HttpClient(trusted=[self.address], limits=LIMITS)
        self._token, self._until = "", 0.0
        self._lock = Lock()
        self._failures, self._rests_until = 0, 0.0

    # --- accounts

    def register(self, account: Mapping[str, str]) -> None:
        """Make an account. Raises CoursewareRefused with what is wrong with each field: 409 for a name or an address that is taken."""
        known = self._config.openedx_registration
        headers = {"X-Access-Token": known.get_secret_value()} if known else {}
        self._asking(lambda: self._http.post(f"{self.address}/user_api/v1/account/registration/", account, headers=headers)).body.close()

    def account_of(self, email: str) -> Account | None:
        return next(iter(self._found(ACCOUNTS, "/api/user/v1/accounts", {"email": email}) or ()), None)

    # --- enrollments

    def enrollment(self, username: str, key: str) -> Enrollment | None:
        path = f"/api/enrollment/v1/enrollment/{quote(username)},{quote(key, safe='')}"
        body = self._get(path)
        return _read(Enrollment, body) if body.strip() not in (b"", b"null") else None

    def enroll(self, username: str, key: str, *, mode: str, active: bool) -> Enrollment:
        """Put somebody into a run, or out of it, in a mode; windows of the courseware do not count. Doing it twice does no harm."""
        wanted = {"user": username, "mode": mode, "is_active": active, "course_details": {"course_id": key}, "enrollment_attributes": []}
        return _read(Enrollment, self._send("/api/enrollment/v1/enrollment", wanted | {"force_enrollment": True}))

    def set_emails(self, key: str, *, subscribed: bool, proof: str) -> None:
        """Whether a course writes to a learner, who alone can say so: `proof` is a token of our own provider that names them."""
        form = {"access_token": proof, "client_id": str(self._config.openedx_client)}
        place = f"{self.address}/oauth2/exchange_access_token/{self._config.openedx_provider}/"
        theirs = _read(Token, _body(self._asking(lambda: self._http.post(place, form))))
        said = {"course_id": key} | ({"receive_emails": "on"} if subscribed else {})
        headers = {"Authorization": f"{theirs.token_type} {theirs.access_token}"}
        self._asking(lambda: self._http.post(f"{self.address}/api/change_email_settings", said, headers=headers)).body.close()

    # --- runs

    def runs(self, keys: Sequence[str]) -> Iterator[RunDetails]:
        """What the courseware has of these runs; those that it does not know are left out."""
        for start in range(0, len(keys), KEYS_AT_ONCE):
            asked = {"course_keys": ",".join(keys[start : start + KEYS_AT_ONCE]), "page_size": str(KEYS_AT_ONCE)}
            asked |= {"username": self._config.openedx_worker} if self._config.openedx_worker else {}
            number, more = 0, True
            while more:
                number += 1
                page = _read(RunPage, self._get("/api/courses/v1/courses/", {**asked, "page": str(number)}))
                yield from page.results
                more = page.pagination.next is not None

    def modes(self, key: str) -> list[Mode]:
        return self._found(MODES, f"/api/course_modes/v1/courses/{quote(key, safe='')}/") or []

    def outline(self, key: str) -> Outline:
        return _read(Outline, self._get(f"/api/ol-course-outline/v0/{quote(key, safe='')}/"))

    # --- grades

    def grade(self, username: str, key: str) -> Grade | None:
        found = self._found(TypeAdapter(GradePage), f"/api/grades/v1/courses/{quote(key, safe='')}/", {"username": username})
        return next(iter(found.results), None) if found else None

    def grades(self, key: str) -> Iterator[Grade]:
        """Those of everybody in a run."""
        address: str | None = f"{self.address}/api/grades/v1/courses/{quote(key, safe='')}/"
        while address:
            page = _read(GradePage, self._get(address))
            yield from page.results
            address = page.next

    def certificate(self, username: str, key: str) -> Certificate | None:
        return self._found(TypeAdapter(Certificate), f"/api/certificates/v0/certificates/{quote(username)}/courses/{quote(key, safe='')}/")

    # --- how it is asked

    def _get(self, path: str, parameters: Mapping[str, Any] | None = None) -> bytes:
        address = path if path.startswith("http") else f"{self.address}{path}"
        asked = f"{address}?{urlencode(parameters)}" if parameters else address
        return _body(self._signed(lambda headers: self._http.get(asked, headers=headers)))

    def _found(self, adapter: TypeAdapter[Found], path: str, parameters: Mapping[str, Any] | None = None) -> Found | None:
        """What is there; None for 404."""
        try:
            body = self._get(path, parameters)
        except CoursewareRefused as refused:
            if refused.answered == 404:
                return None
            raise
        return _understood(lambda: adapter.validate_json(body))

    def _send(self, path: str, wanted: Mapping[str, Any]) -> bytes:
        return _body(self._signed(lambda headers: self._http.send("POST", f"{self.address}{path}", json=wanted, headers=headers)))

    def _signed(self, call: Callable[[dict[str, str]], Answer]) -> Answer:
        """A call with our token; with a fresh one when the courseware has forgotten it."""
        try:
            return self._asking(lambda: call(self._headers()))
        except CoursewareAway as away:
            if getattr(away.__cause__, "answered", 0) != 401:
                raise
            self._until = 0.0
            return self._asking(lambda: call(self._headers()))

    def _headers(self) -> dict[str, str]:
        lasting = self._config.openedx_worker_token
        return {"Authorization": f"Bearer {lasting.get_secret_value()}" if lasting else self._own_token()}

    def _own_token(self) -> str:
        with self._lock:
            if time.monotonic() >= self._until:
                secret = self._config.openedx_secret
                form = {
                    "grant_type": "client_credentials", "client_id": self._config.openedx_client or "",
                    "client_secret": secret.get_secret_value() if secret else "", "token_type": "jwt",
                }  # fmt: skip
                given = _read(Token, _body(self._http.post(f"{self.address}/oauth2/access_token", form)))
                self._token, self._until = f"{given.token_type} {given.access_token}", time.monotonic() + given.expires_in - RENEW_SECONDS
            return self._token

    def _asking(self, call: Callable[[], Answer]) -> Answer:
        """Sort failures into those that may pass and those that stay; spare courseware that is not itself."""
        if time.monotonic() < self._rests_until:
            raise CoursewareAway("The courseware does not answer; it is asked again in a few seconds.")
        try:
            answer = call()
        except StatusRefused as refused:
            self._take_note(well=refused.answered < 500)
            raise _refusal(refused) from refused
        except HttpFailed as failed:
            self._take_note(well=False)
            raise CoursewareAway(failed.message) from failed
        self._take_note(well=True)
        return answer

    def _take_note(self, *, well: bool) -> None:
        self._failures = 0 if well else self._failures + 1
        self._rests_until = time.monotonic() + REST_SECONDS if self._failures >= OUTAGE else 0.0


def _refusal(refused: StatusRefused) -> CoursewareAway | CoursewareRefused:
    told = _told(refused.body)
    said = str(told.get("message") or told.get("developer_message") or told.get("error_code") or told.get("error") or "")
    sentence = f"{refused.message.rstrip('.')}{f': {said}' if said else ''}."
    return CoursewareAway(sentence) if rules.is_passing(refused.answered) else CoursewareRefused(sentence, refused.answered, told)


def _body(answer: Answer) -> bytes:
    with answer.body:
        return answer.body.read()


def _told(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _read(shape: type[Shape], body: bytes) -> Shape:
    return _understood(lambda: shape.model_validate_json(body))


def _understood(read: Callable[[], Found]) -> Found:
    try:
        return read()
    except ValidationError as error:
        raise CoursewareAway(f"The courseware's answer is not what its interface promises: {error.error_count()} fields differ.") from error


@cache
def _known(address: str) -> Courseware:
    return Courseware(settings.CONFIG)


def courseware() -> Courseware:
    """The configured one. Raises CoursewareNotConfigured."""
    if not settings.CONFIG.openedx_api:
        raise CoursewareNotConfigured
    return _known(settings.CONFIG.openedx_api)


def is_configured() -> bool:
    return bool(settings.CONFIG.openedx_api)
