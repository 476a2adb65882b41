"""Why a sheet, or a row of it, is not done."""

from corridor.kit.errors import Problem


class SheetUnreadable(Problem):
    code = "sheet_unreadable"


class RowRefused(Problem):
    code = "row_refused"


class NotStaff(Problem):
    code = "not_staff"
    status = 403

    def __init__(self, email: str) -> None:
        super().__init__(f"{email} is nobody here who may do this. Name a registrar with --by.")
