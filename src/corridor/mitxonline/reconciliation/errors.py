"""What repairs refuse."""

from corridor.kit.errors import Problem


class FindingGone(Problem):
    """There is no such finding any more."""

    code = "finding_gone"
    status = 404

    def __init__(self) -> None:
        super().__init__("This finding is gone: it agrees now. Look at the list again.")


class NoRepair(Problem):
    """Nothing can be done about it that is safe without knowing more."""

    code = "no_repair"
    status = 409

    def __init__(self) -> None:
        super().__init__("There is no safe repair for this. The page says what to do instead.")
