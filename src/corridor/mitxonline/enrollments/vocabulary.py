"""Closed vocabularies of enrollment. Change statuses are those that the published API has."""

from django.db import models


class ChangeStatus(models.TextChoices):
    """Why an enrollment is no longer what it was."""

    DEFERRED = "deferred", "Deferred"
    TRANSFERRED = "transferred", "Transferred"
    REFUNDED = "refunded", "Refunded"
    UNENROLLED = "unenrolled", "Unenrolled"


class ChangeKind(models.TextChoices):
    ENROLLED = "enrolled", "Enrolled"
    REENROLLED = "reenrolled", "Enrolled again"
    UPGRADED = "upgraded", "Upgraded to the verified track"
    DOWNGRADED = "downgraded", "Moved to the audit track"
    UNENROLLED = "unenrolled", "Unenrolled"
    DEFERRED = "deferred", "Deferred to another run"
    TRANSFERRED = "transferred", "Transferred"
    REFUNDED = "refunded", "Refunded"
