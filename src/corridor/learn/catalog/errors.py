"""What can be wrong with a request to the catalogue."""

from corridor.kit.errors import Problem


class ResourceNotFound(Problem):
    """There is no such resource, or it is not for this reader to see."""

    code = "resource_not_found"
    status = 404

    def __init__(self, what: object) -> None:
        super().__init__(f"There is no resource {what}.")


class ReferenceNotFound(Problem):
    """There is no such row of reference data."""

    code = "reference_not_found"
    status = 404

    def __init__(self, what: str, key: object) -> None:
        super().__init__(f"There is no {what} {key}.")


class DetailsInvalid(Problem):
    """Details do not have the shape of their resource type."""

    code = "details_invalid"

    def __init__(self, resource_type: str, field: str, reason: str) -> None:
        self.resource_type, self.field, self.reason = resource_type, field, reason
        super().__init__(f"The details of a {resource_type} are wrong at {field or 'the top'}: {reason}.")


class EditRefused(Problem):
    """An edit names a field that staff cannot set, or a value that the field cannot take."""

    code = "edit_refused"

    def __init__(self, field: str, reason: str) -> None:
        self.field, self.reason = field, reason
        super().__init__(f"{field}: {reason}")


class ItemRefused(Problem):
    """A resource cannot be an item of this learning path."""

    code = "item_refused"


class ReferenceDataInvalid(Problem):
    """A file of reference data cannot be used."""

    code = "reference_data_invalid"

    def __init__(self, file: str, key: str, reason: str) -> None:
        self.file, self.key, self.reason = file, key, reason
        super().__init__(f"{file}: {key}: {reason}" if key else f"{file}: {reason}")
