from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from corridor.mitxonline.catalog.models import CourseRun, Program
from corridor.mitxonline.catalog.vocabulary import Mode

from .vocabulary import ChangeKind, ChangeStatus


class Enrollment(models.Model):
    """What is so now. The newest change in the ledger says the same, which the trigger `enrollment_as_ledger` holds at commit.

    A mode drops only where `enrollments.actions` names a reason: the trigger `enrollment_mode_kept` refuses it otherwise.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="%(class)ss")
    active = models.BooleanField(default=True)
    mode = models.CharField(max_length=8, choices=Mode.choices)
    change_status = models.CharField(max_length=11, choices=ChangeStatus.choices, null=True, blank=True)
    created_on = models.DateTimeField(db_default=Now())
    updated_on = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(mode__in=Mode.values), name="%(class)s_mode_known")]


class RunEnrollment(Enrollment):
    course_run = models.ForeignKey(CourseRun, models.PROTECT, related_name="enrollments")
    emails_subscribed = models.BooleanField(default=True)  # to the letters of the course, which the courseware sends
    edx_enrolled = models.BooleanField(default=False)  # whether the courseware has confirmed what is so now

    class Meta(Enrollment.Meta):
        constraints = [
            *Enrollment.Meta.constraints,
            models.UniqueConstraint(fields=["user", "course_run"], name="one_enrollment_in_run"),
        ]
        indexes = [models.Index(fields=["course_run", "active"], name="enrollments_of_run")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.course_run_id}: {self.mode}"


class ProgramEnrollment(Enrollment):
    program = models.ForeignKey(Program, models.PROTECT, related_name="enrollments")

    class Meta(Enrollment.Meta):
        constraints = [
            *Enrollment.Meta.constraints,
            models.UniqueConstraint(fields=["user", "program"], name="one_enrollment_in_program"),
        ]
        indexes = [models.Index(fields=["program", "active"], name="enrollments_of_program")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.program_id}: {self.mode}"


class EnrollmentChange(models.Model):
    """An entry of the ledger: what an enrollment became, by whom and why. Only ever added, as `enrollment_change_kept` holds."""

    run_enrollment = models.ForeignKey(RunEnrollment, models.PROTECT, null=True, related_name="changes")
    program_enrollment = models.ForeignKey(ProgramEnrollment, models.PROTECT, null=True, related_name="changes")
    number = models.PositiveIntegerField()  # of the changes of one enrollment, from 1
    kind = models.CharField(max_length=11, choices=ChangeKind.choices)
    active = models.BooleanField()
    mode = models.CharField(max_length=8, choices=Mode.choices)
    change_status = models.CharField(max_length=11, choices=ChangeStatus.choices, null=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")  # none: the system itself
    cause = models.CharField(max_length=200)  # such as `order mitxonline-local-7`, `learner`, `courseware`
    reason = models.TextField(blank=True)  # what staff say of it
    request_id = models.CharField(max_length=128, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="change_of_one_enrollment",
                condition=Q(run_enrollment__isnull=False, program_enrollment=None)
                | Q(run_enrollment=None, program_enrollment__isnull=False),
            ),
            models.UniqueConstraint(fields=["run_enrollment", "number"], name="run_enrollment_change_number"),
            models.UniqueConstraint(fields=["program_enrollment", "number"], name="program_enrollment_change_number"),
            models.CheckConstraint(
                name="downgrade_has_reason", condition=~Q(kind__in=[ChangeKind.DOWNGRADED, ChangeKind.REFUNDED], cause="", reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.kind} by {self.actor_id or 'the system'}"


class Entitlement(models.Model):
    """The right to the verified track of a run or a program: bought by a line of an order, given by staff, or drawn from a program's."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="entitlements")
    course_run = models.ForeignKey(CourseRun, models.PROTECT, null=True, related_name="entitlements")
    program = models.ForeignKey(Program, models.PROTECT, null=True, related_name="entitlements")
    line = models.ForeignKey("mitxonline.OrderLine", models.PROTECT, null=True, related_name="entitlements")
    drawn_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="drawn")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_on = models.DateTimeField(db_default=Now())
    ended_on = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="entitlement_to_one_thing",
                condition=Q(course_run__isnull=False, program=None) | Q(course_run=None, program__isnull=False),
            ),
            models.CheckConstraint(
                name="entitlement_has_one_source",
                condition=Q(line__isnull=False, drawn_from=None, given_by=None)
                | Q(line=None, drawn_from__isnull=False, given_by=None)
                | Q(line=None, drawn_from=None, given_by__isnull=False),
            ),
            models.UniqueConstraint(fields=["user", "course_run"], condition=Q(ended_on=None), name="one_entitlement_to_run"),
            models.UniqueConstraint(fields=["user", "program"], condition=Q(ended_on=None), name="one_entitlement_to_program"),
            models.UniqueConstraint(fields=["line"], condition=Q(ended_on=None), name="one_entitlement_of_line"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} to {self.course_run_id or self.program_id}"
