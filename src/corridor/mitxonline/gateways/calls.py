"""One call of a gateway's REST interface: made once, with what it says when it refuses, and one error when nothing is known."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from corridor.kit.http import HttpClient, HttpFailed, Limits, StatusRefused

from .errors import GatewayUnavailable

LIMITS = Limits(connect_seconds=5, read_seconds=15, total_seconds=30, largest_bytes=16 * 2**20, attempts=1)
KEYS_REFUSED = frozenset({401, 403})
PASSING = frozenset({409, 429})


@dataclass(frozen=True)
class Reply:
    """An answer that was understood: `data` of a good one, or of one that says why not."""

    status: int
    data: Mapping[str, Any]

    @property
    def good(self) -> bool:
        return self.status < 400


class Calls:
    """Calls below one address of our configuration."""

    def __init__(self, gateway: str, address: str) -> None:
        self.gateway = gateway
        self.address = address.rstrip("/")
        self.http = HttpClient(trusted=[address], limits=LIMITS)

    def make(self, method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str]) -> Reply:
        """Raises GatewayUnavailable when the call can be made again: no answer, a failure of theirs, keys that they do not know."""
        try:
            answer = self.http.send(method, self.address + path, body=body, headers=headers)
        except StatusRefused as refused:
            if refused.answered >= 500 or refused.answered in KEYS_REFUSED | PASSING:
                raise GatewayUnavailable(f"{self.gateway}: {refused}") from refused
            return Reply(refused.answered, self._understood(refused.body))
        except HttpFailed as failed:
            raise GatewayUnavailable(f"{self.gateway}: {failed}") from failed
        with answer.body as said:
            return Reply(answer.status, self._understood(said.read()))

    def _understood(self, said: bytes) -> Mapping[str, Any]:
        try:
            data = json.loads(said)
        except ValueError:
            data = None
        if not isinstance(data, dict):
            raise GatewayUnavailable(f"{self.gateway} answers with something that is no JSON object.")
        return data
