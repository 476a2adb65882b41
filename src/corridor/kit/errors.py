"""The root of the errors that tell a person what to do. Imports nothing, so that the command line starts quickly."""

from collections.abc import Mapping
from typing import Any


class Problem(Exception):
    """A failure with a sentence for people, a `code` and further `members` for programs, `status` and `headers` for HTTP."""

    code = "problem"
    status = 400
    members: Mapping[str, Any] = {}
    headers: Mapping[str, str] = {}

    @property
    def message(self) -> str:
        return str(self)
