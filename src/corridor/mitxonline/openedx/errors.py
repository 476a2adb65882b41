"""What can go wrong with the courseware."""

from collections.abc import Mapping
from typing import Any

from corridor.kit.errors import Problem


class CoursewareFailed(Problem):
    """The courseware did not do what it was asked to."""

    code = "courseware_failed"
    status = 502


class CoursewareAway(CoursewareFailed):
    """It does not answer, or is not itself: the next time it may be well."""

    code = "courseware_away"


class CoursewareRefused(CoursewareFailed):
    """It refuses, and would again. `told` is what it says of it."""

    code = "courseware_refused"

    def __init__(self, message: str, answered: int, told: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.answered = answered
        self.told = told


class AccountMissing(CoursewareFailed):
    """A person has no account in the courseware, and none could be made. `permanent` when trying again does not help."""

    code = "courseware_account_missing"

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent


class CoursewareNotConfigured(Problem):
    code = "courseware_not_configured"
    status = 503

    def __init__(self) -> None:
        super().__init__("This site is connected to no courseware. Those who run it can name one in OPENEDX_API_BASE_URL.")


class WebhookRefused(Problem):
    """Nothing shows that the courseware sent this."""

    code = "webhook_refused"
    status = 401

    def __init__(self, why: str) -> None:
        super().__init__(
            f"This was not taken: {why}. Sign the body with OPENEDX_WEBHOOK_SECRET, or send an access token of a registered system."
        )


class WebhookUnclear(Problem):
    code = "webhook_unclear"
    status = 400


class KeyUnclear(Problem):
    code = "bad_course_id"
    status = 400

    def __init__(self) -> None:
        super().__init__("A course_id here is the key of a run, such as course-v1:MITxT+18.03x+1T2026, encoded for an address.")


class NoSuchLearner(Problem):
    code = "not_found"
    status = 404

    def __init__(self) -> None:
        super().__init__("Nobody here has this address or this name in the courseware.")


class NoSuchRun(Problem):
    code = "not_found"
    status = 404

    def __init__(self, key: str) -> None:
        super().__init__(f"There is no course run {key}.")
