"""What can be wrong with what people tell of themselves."""

from corridor.kit.errors import Problem


class Implausible(Problem):
    """A value that cannot be true or that other services refuse."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
