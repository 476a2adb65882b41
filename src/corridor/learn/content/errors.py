"""What can be wrong with a request for content files."""

from corridor.kit.errors import Problem


class ContentFileNotFound(Problem):
    """There is no such file, or it is not for this reader to see."""

    code = "content_file_not_found"
    status = 404

    def __init__(self, what: object) -> None:
        super().__init__(f"There is no content file {what}.")
