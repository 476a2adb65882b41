"""Facts as JSON and back: stable order, one entry a line, so that a difference can be read."""

from dataclasses import fields
from typing import Any

import orjson

from c4gen.model.facts import (
    Evidence,
    Facts,
    FoundEdge,
    FoundNode,
    Kind,
    Operation,
    Schedule,
    Setting,
    Side,
    Task,
    Tier,
    Trouble,
    Unresolved,
)

FORMAT = 1


class UnknownFormat(Exception):
    """The file was written by another version, or is no facts at all."""


def to_json(facts: Facts) -> bytes:
    """Every list on lines of its own."""
    lines = [f'"format": {FORMAT}'.encode()]
    for field in fields(facts):
        name, values = field.name, getattr(facts, field.name)
        inside = b",\n".join(orjson.dumps(value) for value in values)
        lines.append(f'"{name}": [\n'.encode() + inside + b"\n]" if values else f'"{name}": []'.encode())
    return b"{\n" + b",\n".join(lines) + b"\n}\n"


def from_json(content: bytes) -> Facts:
    """Raises UnknownFormat."""
    try:
        read = orjson.loads(content)
        if read.pop("format") != FORMAT:
            raise UnknownFormat("The facts were written by another version of c4gen; run `c4gen extract` again.")
        return Facts(
            tuple(read["repositories"]),
            tuple(FoundNode(**_tuples(one)) for one in read["nodes"]),
            tuple(FoundEdge(**_tuples(one) | {"kind": Kind(one["kind"]), "tier": Tier(one["tier"])}) for one in read["edges"]),
            tuple(Setting(**_tuples(one)) for one in read["settings"]),
            tuple(Operation(**_tuples(one)) for one in read["operations"]),
            tuple(Task(**_tuples(one)) for one in read["tasks"]),
            tuple(Schedule(**_tuples(one)) for one in read["schedules"]),
            tuple(Unresolved(**_tuples(one)) for one in read["unresolved"]),
            tuple(Trouble(**_tuples(one)) for one in read["troubles"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnknownFormat(f"This is no file of facts: {error}.") from None


def _tuples(values: dict[str, Any]) -> dict[str, Any]:
    made = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    if isinstance(values.get("evidence"), list):
        made["evidence"] = tuple(_evidence(one) for one in values["evidence"])
    elif isinstance(values.get("evidence"), dict):
        made["evidence"] = _evidence(values["evidence"])
    return made


def _evidence(values: dict[str, Any]) -> Evidence:
    return Evidence(**values | {"side": Side(values["side"])})
