import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from corridor.mitxonline.catalog.models import Program


class PartnerSchool(models.Model):
    """A school that takes learner records. One that no longer does stays, for what it was given."""

    name = models.CharField(max_length=255, unique=True)
    is_active = models.BooleanField(default=True)
    programs = models.ManyToManyField(Program, through="PartnerSchoolProgram", related_name="partner_schools")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PartnerSchoolProgram(models.Model):
    """A program whose records a school takes, and the address that they are sent to."""

    school = models.ForeignKey(PartnerSchool, models.CASCADE, related_name="taken")
    program = models.ForeignKey(Program, models.CASCADE, related_name="+")
    email = models.EmailField()
    other_email = models.EmailField(blank=True)  # for staff to know; nothing is sent there

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "program"], name="school_takes_program_once")]

    def __str__(self) -> str:
        return f"{self.school_id}: {self.program_id}"


class RecordShare(models.Model):
    """A link by which a learner's record of a program can be read: a school's, or without one whoever's has it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="record_shares")
    program = models.ForeignKey(Program, models.CASCADE, related_name="+")
    partner_school = models.ForeignKey(PartnerSchool, models.PROTECT, null=True, related_name="shares")
    is_active = models.BooleanField(default=True)
    created_on = models.DateTimeField(db_default=Now())
    updated_on = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "program", "partner_school"], condition=Q(is_active=True), nulls_distinct=False, name="one_share_per_reader"
            )
        ]

    def __str__(self) -> str:
        return str(self.uuid)
