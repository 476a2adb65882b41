"""What the console refuses to do, in sentences for staff."""

from corridor.kit.errors import Problem


class NotNow(Problem):
    """What was asked for cannot be done as things are."""

    code = "not_now"
    status = 409


class NoSuchThing(Problem):
    """What an address names is not there, or not any more."""

    code = "not_found"
    status = 404
