"""What can be wrong with a request for a learner record."""

from corridor.kit.errors import Problem


class RecordNotFound(Problem):
    """There is no such program, or it is not for this person."""

    code = "not_found"
    status = 404

    def __init__(self, key: object) -> None:
        super().__init__(f"There is no record of a program {key}.")


class ShareNotFound(Problem):
    """A link that was never given, or was taken back."""

    code = "not_found"
    status = 404

    def __init__(self) -> None:
        super().__init__("This record is not shared, or no longer. Ask the learner for a new link.")


class SchoolNotFound(Problem):
    code = "school_not_found"

    def __init__(self) -> None:
        super().__init__("No such school takes records of this program. Choose one of those that are listed.")
