"""What can be wrong with a request to the ledger."""

from corridor.kit.errors import Problem


class CaseNotFound(Problem):
    """There is no such case, or it is closed."""

    code = "case_not_found"
    status = 404

    def __init__(self, key: object) -> None:
        super().__init__(f"There is no open case {key}.")
