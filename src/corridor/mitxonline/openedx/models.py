from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

from corridor.mitxonline.catalog.vocabulary import Mode
from corridor.mitxonline.enrollments.models import RunEnrollment

from .rules import LONGEST_USERNAME
from .vocabulary import EventKind


class OpenEdxUser(models.Model):
    """A person's account in the courseware. The name is kept before it is asked for there: no two of ours ask for the same."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="openedx_user")
    platform = models.CharField(max_length=10, default="edx")
    edx_username = models.CharField(max_length=LONGEST_USERNAME)
    desired_edx_username = models.CharField(max_length=LONGEST_USERNAME)
    has_been_synced = models.BooleanField(default=False)
    has_sync_error = models.BooleanField(default=False)
    sync_error_data = models.JSONField(null=True, blank=True)
    created_on = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("edx_username"), name="one_edx_username"),
            models.CheckConstraint(condition=~Q(has_been_synced=True, has_sync_error=True), name="edx_user_synced_or_failed"),
        ]

    def __str__(self) -> str:
        return self.edx_username


class CoursewareSeat(models.Model):
    """What the courseware has confirmed of an enrollment, and how sending it went. What it ought to be, the enrollment itself says.

    `permanent` tells a failure that trying again does not mend; after so many in a row the seat is stuck until it is replayed.
    """

    run_enrollment = models.OneToOneField(RunEnrollment, models.CASCADE, related_name="seat")
    confirmed_mode = models.CharField(max_length=8, choices=Mode.choices, null=True)
    confirmed_active = models.BooleanField(null=True)
    confirmed_emails = models.BooleanField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)  # since something was confirmed
    refusals = models.PositiveSmallIntegerField(default=0)  # permanent failures among them
    permanent = models.BooleanField(default=False)
    error = models.TextField(blank=True)
    stuck_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="seat_confirmed_as_a_whole",
                condition=Q(confirmed_at=None, confirmed_mode=None, confirmed_active=None)
                | Q(confirmed_at__isnull=False, confirmed_mode__isnull=False, confirmed_active__isnull=False),
            ),
            models.CheckConstraint(name="seat_stuck_for_a_reason", condition=Q(stuck_at=None) | ~Q(error="")),
        ]
        indexes = [models.Index(fields=["stuck_at"], name="seats_stuck", condition=Q(stuck_at__isnull=False))]

    def __str__(self) -> str:
        return f"{self.run_enrollment_id}: {self.error or self.confirmed_mode or 'not sent yet'}"


class CoursewareEvent(models.Model):
    """A webhook that was taken, by its name: told again, it gets the same answer and does nothing."""

    event_id = models.CharField(max_length=255)
    kind = models.CharField(max_length=11, choices=EventKind.choices)
    status = models.PositiveSmallIntegerField()
    outcome = models.JSONField()
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "event_id"], name="one_courseware_event")]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}: {self.status}"
