"""The root of the errors that tell a person what to do. Imports nothing, so that the command line starts quickly."""


class Problem(Exception):
    """A failure with a sentence for people, a `code` for programs and a `status` for HTTP."""

    code = "problem"
    status = 400

    @property
    def message(self) -> str:
        return str(self)
