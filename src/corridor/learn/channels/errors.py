"""What can be wrong with a request for channels."""

from corridor.kit.errors import Problem


class ChannelNotFound(Problem):
    """There is no such channel, or it is closed."""

    code = "channel_not_found"
    status = 404

    def __init__(self, what: object) -> None:
        super().__init__(f"There is no channel {what}.")


class ChannelInvalid(Problem):
    """A channel cannot be as the edit has it."""

    code = "channel_invalid"

    def __init__(self, field: str, reason: str) -> None:
        self.field, self.reason = field, reason
        super().__init__(f"{field}: {reason}")
