"""HTTP as clients of other people's servers need it: patient with failures, bounded in time and size, shut to inside addresses."""

import ipaddress
import json as documents
import socket
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, MaxRetryError
from urllib3.util.retry import Retry

from corridor import __version__

from .errors import Problem

CHUNK = 1 << 16
TRANSIENT = frozenset({429, 500, 502, 503, 504})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
OK, NOT_MODIFIED = 200, 304
DONE = frozenset({200, 201, 202, 203, 204})
LONGEST_REFUSAL = 1 << 16  # bytes that are read of an answer which is an error
_PORTS = {"http": 80, "https": 443}


class HttpFailed(Problem):
    """An address gave nothing usable."""

    code = "http_failed"
    status = 502


class AddressRefused(HttpFailed):
    """An address that we do not ask: no http, or inside the network."""

    code = "address_refused"


class ServerUnreachable(HttpFailed):
    """No connection, or one that broke, on every attempt."""

    code = "server_unreachable"


class AnswerLate(HttpFailed):
    """The answer was not there in the time given."""

    code = "answer_late"


class AnswerTooLarge(HttpFailed):
    """More bytes than allowed, after decompression."""

    code = "answer_too_large"


class StatusRefused(HttpFailed):
    """The server answered with an error. `body` is the beginning of what it said."""

    code = "status_refused"

    def __init__(self, message: str, answered: int, body: bytes = b"") -> None:
        super().__init__(message)
        self.answered = answered
        self.body = body


class TooManyRedirects(HttpFailed):
    """The server sends us on and on."""

    code = "too_many_redirects"


@dataclass(frozen=True)
class Limits:
    connect_seconds: float = 10
    read_seconds: float = 30
    total_seconds: float = 600  # of one call, its retries included
    largest_bytes: int = 512 * 2**20
    attempts: int = 4
    longest_pause: int = 60  # seconds, whatever Retry-After says
    first_pause: float = 0.5
    redirects: int = 5


@dataclass(frozen=True)
class Answer:
    """A good answer: 200, 304 to a conditional request, or what `send` takes for good."""

    address: str  # after redirects
    status: int
    headers: Mapping[str, str]
    body: IO[bytes]  # at its start; the caller closes it


@dataclass(frozen=True)
class _Call:
    """One request on its way, and until when it has to be done."""

    method: str
    address: str
    headers: Mapping[str, str]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    form: Mapping[str, str] | None = None
    deadline: float = 0
    body: bytes | None = None
    attempts: int = 0
    good: frozenset[int] = frozenset({OK, NOT_MODIFIED})

    @property
    def shown(self) -> str:
        """The address for messages: without a password or query, which may hold keys."""
        parts = urlsplit(self.address)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


class HttpClient:
    """`trusted` are addresses of our own configuration: their hosts, with their ports, may be inside the network; no others may."""

    def __init__(self, trusted: Iterable[str] = (), limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.session = requests.Session()
        self.session.headers.update({"User-Agent": f"Corridor/{__version__}", "Accept-Encoding": "gzip, deflate"})
        adapter = _GuardedAdapter(frozenset(filter(None, map(_endpoint, trusted))))
        self.session.mount("http://", adapter)
        self.session.mount("https://", adapter)

    def get(self, address: str, *, parameters: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        """The answer to a GET, redirects followed. Raises HttpFailed."""
        call = _Call("GET", address, headers or {}, parameters or {}, deadline=self._deadline(), attempts=self.limits.attempts)
        for _ in range(self.limits.redirects + 1):
            answer = self._patiently(call)
            if answer.status not in REDIRECTS:
                return answer
            answer.body.close()
            call = _redirected(call, answer)
        raise TooManyRedirects(f"{call.shown} sends on more than {self.limits.redirects} times.")

    def post(self, address: str, form: Mapping[str, str], *, headers: Mapping[str, str] | None = None) -> Answer:
        """The answer to a form. Redirects are refused: a secret goes where it was meant to go. Raises HttpFailed."""
        call = _Call("POST", address, headers or {}, form=form, deadline=self._deadline(), attempts=self.limits.attempts)
        return _unredirected(call, self._patiently(call))

    def send(
        self,
        method: str,
        address: str,
        *,
        json: Any = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        again: bool = False,
    ) -> Answer:
        """The answer, 200 to 204, to a call that may change something. `json` is made the body; `body` goes as it is.

        It is made once, for who gets no answer does not know what was done. `again` says that doing it twice does no harm.
        Redirects are refused. Raises HttpFailed; of StatusRefused, `body` is what the server said.
        """
        carried = dict(headers or {})
        if json is not None:
            body = documents.dumps(json).encode()
            carried.setdefault("Content-Type", "application/json")
        attempts = self.limits.attempts if again else 1
        call = _Call(method, address, carried, deadline=self._deadline(), body=body, attempts=attempts, good=DONE)
        return _unredirected(call, self._patiently(call))

    def _deadline(self) -> float:
        return time.monotonic() + self.limits.total_seconds

    def _patiently(self, call: _Call) -> Answer:
        """Ask until there is an answer, with growing, jittered pauses after what may pass: 429, 5xx, broken connections."""
        retry = Retry(
            call.attempts - 1,
            allowed_methods=None,
            status_forcelist=TRANSIENT,
            backoff_factor=self.limits.first_pause,
            backoff_jitter=self.limits.first_pause,
            backoff_max=self.limits.longest_pause,
            retry_after_max=self.limits.longest_pause,
        )
        while True:
            response: HTTPResponse | None = None
            try:
                response = self._send(call)
                if response.status not in TRANSIENT:
                    return self._received(call, response)
                retry = retry.increment(call.method, call.address, response)
                response.close()
            except MaxRetryError:
                raise _status_refused(call, response) from None
            except (requests.ConnectionError, requests.Timeout, HTTPError) as error:
                retry = self._after_failure(retry, call, error)
            self._pause(retry, call, response)

    def _send(self, call: _Call) -> HTTPResponse:
        _check_address(call)
        try:
            response = self.session.request(
                call.method,
                call.address,
                params=call.parameters,
                data=call.body if call.body is not None else call.form,
                headers=dict(call.headers),
                timeout=(self.limits.connect_seconds, self.limits.read_seconds),
                allow_redirects=False,
                stream=True,
            )
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidHeader, UnicodeError) as error:
            raise AddressRefused(f"{call.shown} cannot be asked: {error}.") from None
        raw: HTTPResponse = response.raw
        return raw

    def _received(self, call: _Call, response: HTTPResponse) -> Answer:
        if response.status not in call.good and response.status not in REDIRECTS:
            raise _status_refused(call, response)
        spool: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=4 * 2**20)  # noqa: SIM115 - the caller closes it
        try:
            self._drain(call, response, spool)
        except BaseException:
            spool.close()
            raise
        finally:
            response.close()
        spool.seek(0)
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(call.address, response.status, headers, spool)

    def _drain(self, call: _Call, response: HTTPResponse, spool: IO[bytes]) -> None:
        received = 0
        while chunk := response.read1(CHUNK, decode_content=True):
            received += len(chunk)
            if received > self.limits.largest_bytes:
                raise AnswerTooLarge(f"{call.shown} gives more than the {self.limits.largest_bytes / 2**20:.0f} MB that are allowed.")
            if time.monotonic() > call.deadline:
                raise AnswerLate(f"{call.shown} took longer than {self.limits.total_seconds:.0f} s.")
            spool.write(chunk)

    def _after_failure(self, retry: Retry, call: _Call, error: Exception) -> Retry:
        try:
            return retry.increment(call.method, call.address, error=error)
        except MaxRetryError:
            late = isinstance(error, requests.Timeout) or _cause(error, TimeoutError) is not None
            kind = AnswerLate if late else ServerUnreachable
            raise kind(f"{call.shown} could not be read, in {call.attempts} attempts: {_reason(error)}.") from error

    def _pause(self, retry: Retry, call: _Call, response: HTTPResponse | None) -> None:
        asked = retry.get_retry_after(response) if response is not None else None
        pause = min(asked, self.limits.longest_pause) if asked is not None else retry.get_backoff_time()
        if time.monotonic() + pause > call.deadline:
            raise AnswerLate(f"{call.shown} gave no good answer in {self.limits.total_seconds:.0f} s.")
        time.sleep(pause)


class _Guard:
    """Ends a connection that leads inside the network, before a byte is sent; a name that resolves anew cannot slip by."""

    trusted: frozenset[tuple[str, int]]

    def _new_conn(self) -> socket.socket:
        connected: socket.socket = super()._new_conn()  # type: ignore[misc]  # a mixin of connections
        host, port = self.host, self.port  # type: ignore[attr-defined]  # the connection's
        peer = connected.getpeername()[0]
        if (host.lower(), port) not in self.trusted and is_inside(peer):
            connected.close()
            raise AddressRefused(f"{host} is the address {peer}, which is not a public one.")
        return connected


class _GuardedAdapter(HTTPAdapter):
    """Requests' adapter with guarded connections. What goes through a proxy of the environment is guarded by the proxy."""

    def __init__(self, trusted: frozenset[tuple[str, int]]) -> None:
        self.trusted = trusted
        super().__init__(max_retries=0)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = {
            "http": self._pool(HTTPConnectionPool, HTTPConnection),
            "https": self._pool(HTTPSConnectionPool, HTTPSConnection),
        }

    def _pool(self, pool: type[HTTPConnectionPool], connection: type[HTTPConnection]) -> type[HTTPConnectionPool]:
        guarded = type(f"Guarded{connection.__name__}", (_Guard, connection), {"trusted": self.trusted})
        return type(f"Guarded{pool.__name__}", (pool,), {"ConnectionCls": guarded})


def is_inside(address: str) -> bool:
    """Whether an IP address is anything but a public one; addresses that wrap another are judged by that one, too."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    wrapped = (ip.ipv4_mapped or ip.sixtofour or (ip.teredo or (None, None))[1]) if isinstance(ip, ipaddress.IPv6Address) else None
    if isinstance(ip, ipaddress.IPv6Address) and ip in ipaddress.ip_network("64:ff9b::/96"):
        wrapped = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return not ip.is_global or ip.is_multicast or (wrapped is not None and is_inside(str(wrapped)))


def _endpoint(address: str) -> tuple[str, int] | None:
    parts = urlsplit(address)
    try:
        return (parts.hostname, parts.port or _PORTS[parts.scheme]) if parts.hostname and parts.scheme in _PORTS else None
    except ValueError:
        return None


def _check_address(call: _Call) -> None:
    if _endpoint(call.address) is None:
        raise AddressRefused(f"{call.shown[:200]} is no http or https address.")


def _unredirected(call: _Call, answer: Answer) -> Answer:
    if answer.status in REDIRECTS:
        answer.body.close()
        what = "a call" if call.form is None else "a form"
        raise StatusRefused(f"{call.shown} wants to send {what} on to another address.", answer.status)
    return answer


def _redirected(call: _Call, answer: Answer) -> _Call:
    """The next request. Our headers, which may hold a key, go along only to the same server."""
    there = urljoin(answer.address, answer.headers.get("location", ""))
    same = _endpoint(there) == _endpoint(call.address)
    return _Call("GET", there, call.headers if same else {}, deadline=call.deadline, attempts=call.attempts)


def _status_refused(call: _Call, response: HTTPResponse | None) -> StatusRefused:
    status = response.status if response is not None else 0
    return StatusRefused(f"{call.shown} answers with status {status}{_meaning(status)}.", status, _said(call, response))


def _said(call: _Call, response: HTTPResponse | None) -> bytes:
    """What an answer that is an error says, as far as it can be read."""
    said = b""
    if response is None:
        return said
    try:
        while len(said) < LONGEST_REFUSAL and time.monotonic() < call.deadline and (chunk := response.read1(CHUNK, decode_content=True)):
            said += chunk
    except (HTTPError, OSError):
        pass
    finally:
        response.close()
    return said[:LONGEST_REFUSAL]


def _meaning(status: int) -> str:
    return {
        401: " (sign-on is missing or refused)",
        403: " (forbidden)",
        404: " (not found)",
        410: " (gone)",
        429: " (too many requests)",
    }.get(status, "")


def _cause(error: BaseException | None, kind: type[Exception]) -> Exception | None:
    """The first error of a kind among an error, its causes and its arguments, where libraries wrap one another's."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        current = waiting.pop(0)
        if current is None or id(current) in seen:
            continue
        if isinstance(current, kind):
            return current
        seen.add(id(current))
        inner = getattr(current, "reason", None)
        waiting += [current.__cause__, current.__context__, inner if isinstance(inner, BaseException) else None]
        waiting += [argument for argument in current.args if isinstance(argument, BaseException)]
    return None


def _reason(error: Exception) -> str:
    if _cause(error, socket.gaierror):
        return "the name of the host is unknown"
    if _cause(error, ConnectionRefusedError):
        return "nothing listens there"
    if isinstance(error, requests.Timeout) or _cause(error, TimeoutError):
        return "no answer in time"
    return f"the connection broke ({type(error).__name__})"
