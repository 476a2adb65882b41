"""What a stand-in is asked and answers, apart from sockets."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class Asked:
    method: str
    base: str  # scheme, host and port by which we were reached
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    form: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    body: bytes
    content_type: str = "application/json"
    status: int = 200

    @property
    def etag(self) -> str:
        return f'"{hashlib.blake2b(self.body, digest_size=12).hexdigest()}"'


class Provider(Protocol):
    """One provider, below a path of its own."""

    def answer(self, asked: Asked) -> Answer | None:
        """None where there is nothing under this path."""
        ...


def json_answer(data: Any, status: int = 200) -> Answer:
    return Answer(json.dumps(data, ensure_ascii=False).encode(), status=status)
