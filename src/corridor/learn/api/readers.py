"""Who reads. Public data is the same for everybody, so the session is looked at only where staff see more."""

from typing import Any

from corridor.kit.errors import Problem


class StaffOnly(Problem):
    """Somebody who is no staff asked for what only staff may see."""

    code = "staff_only"
    status = 403


def is_staff(request: Any) -> bool:
    """Whether the session of a request belongs to staff."""
    user = request.user
    return bool(user.is_active and user.is_staff)
