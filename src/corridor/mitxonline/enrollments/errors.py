"""Why somebody cannot take a run or a program, or cannot leave it."""

from corridor.kit.errors import Problem


class RunNotFound(Problem):
    code = "run_not_found"
    status = 404

    def __init__(self, key: object) -> None:
        super().__init__(f"There is no course run {key}.")


class ProgramNotFound(Problem):
    code = "program_not_found"
    status = 404

    def __init__(self, key: object) -> None:
        super().__init__(f"There is no program {key}.")


class NotEnrolled(Problem):
    """Of those who were never enrolled, and of those who ask about somebody else's enrollment."""

    code = "not_enrolled"
    status = 404

    def __init__(self) -> None:
        super().__init__("You are not enrolled in this. Your dashboard shows what you are enrolled in.")


class EnrollmentClosed(Problem):
    code = "enrollment_closed"

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} takes nobody in now. Its page says when it does, or which other run is open.")


class NothingFree(Problem):
    """A run whose every track is paid for."""

    code = "payment_required"

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} can only be taken with its certificate. Buy that on its page; you are then enrolled.")


class ContractRun(Problem):
    code = "contract_run"

    def __init__(self) -> None:
        super().__init__("This run is held for an organization. Ask your organization for a place.")


class CountryBlocked(Problem):
    code = "country_blocked"
    status = 403

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} cannot be offered in the country of your address. Correct the address in your profile if it is wrong, else write to us."
        )


class AlreadyEntitled(Problem):
    code = "already_entitled"
    status = 409

    def __init__(self) -> None:
        super().__init__("The verified track of this has been bought already; nothing more needs to be paid.")


class ProgramPaid(Problem):
    code = "program_paid"

    def __init__(self) -> None:
        super().__init__("This program has been paid for. Ask for your money back first; that ends it.")


class ReasonMissing(Problem):
    code = "reason_missing"

    def __init__(self) -> None:
        super().__init__("Leaving the verified track needs a reason. Say why; the learner's history keeps it.")


class ProgramsUnrelated(Problem):
    code = "programs_unrelated"

    def __init__(self) -> None:
        super().__init__("Name one program, or two of which exactly one requires the other.")


class OuterProgramUnpaid(Problem):
    code = "outer_program_unpaid"

    def __init__(self) -> None:
        super().__init__("Only the inner of these programs is paid for. Name it alone, or buy the outer one.")


class DeferralRefused(Problem):
    code = "deferral_refused"
    status = 409
