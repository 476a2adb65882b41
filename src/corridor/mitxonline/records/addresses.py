"""Where records are read."""

from uuid import UUID

from corridor.mitxonline.catalog.asked import HOME
from corridor.mitxonline.catalog.models import Program


def record_path(program: Program) -> str:
    return f"{HOME}records/{program.readable_id}/"


def shared_path(share: UUID) -> str:
    return f"{HOME}records/shared/{share}/"
