"""What can be wrong with a request to the catalogue."""

from collections.abc import Sequence

from corridor.kit.errors import Problem


class CourseNotFound(Problem):
    """There is no such course, or it is not public."""

    code = "course_not_found"
    status = 404

    def __init__(self, key: object) -> None:
        super().__init__(f"There is no course {key}.")


class CatalogNotFound(Problem):
    """There is no such program, run, department, collection or product, or it is not public."""

    code = "not_found"
    status = 404

    def __init__(self, what: str, key: object) -> None:
        super().__init__(f"There is no {what} {key}.")


class NotInCatalogue(Problem):
    """An address of the catalogue's page names a department, topic, shelf or page that it does not have."""

    code = "not_found"
    status = 404

    def __init__(self, what: str, key: object) -> None:
        super().__init__(f"The catalogue has no {what} {key}.")


class CursorUnknown(Problem):
    """A cursor that no answer gave: the catalogue was made anew since."""

    code = "cursor_unknown"
    status = 410

    def __init__(self, cursor: int) -> None:
        super().__init__(f"No answer gave the cursor {cursor}. Begin anew with cursor=0.")


class TreeRefused(Problem):
    """What a program is to require makes no sense."""

    code = "requirements_refused"

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        self.members = {"errors": {"req_tree": list(problems)}}
        super().__init__(" ".join(problems))


class StillNeeded(Problem):
    """Something cannot be deleted because orders or programs refer to it."""

    code = "still_needed"
    status = 409

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} was sold or is required by a program, so it cannot be deleted. Take it off the catalogue instead.")


class SoldAlready(Problem):
    """There is one product for each run or program at a time."""

    code = "sold_already"
    status = 409

    def __init__(self, what: str, product_id: int) -> None:
        super().__init__(f"{what} is for sale already, as product {product_id}. Change that one, or withdraw it first.")


class PayloadRefused(Problem):
    """A file does not hold what the published API gives."""

    code = "payload_refused"
