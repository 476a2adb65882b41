"""What can be wrong with a request for a page."""

from corridor.kit.errors import Problem


class ContentNotFound(Problem):
    """There is no such page of a course, or it is not published."""

    code = "content_not_found"
    status = 404

    def __init__(self, what: object) -> None:
        super().__init__(f"There is no course page {what} here.")


class NoSuchPage(Problem):
    code = "not_found"
    status = 404

    def __init__(self, what: str) -> None:
        super().__init__(f"There is no {what} here.")
