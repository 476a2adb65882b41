import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from corridor.mitxonline.catalog.models import Course, CourseRun, Program


class Marks(models.Model):
    """A grade as the courseware gives it: a share of what could be reached, a letter, and whether it is enough."""

    grade = models.DecimalField(max_digits=5, decimal_places=4)
    letter_grade = models.CharField(max_length=6, blank=True)
    passed = models.BooleanField(default=False)
    set_by_admin = models.BooleanField(default=False)

    class Meta:
        abstract = True
        constraints = [models.CheckConstraint(condition=Q(grade__gte=0, grade__lte=1), name="%(class)s_is_a_share")]


class CourseRunGrade(Marks):
    """The grade that counts now. One that staff set is left alone by the courseware."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="grades")
    course_run = models.ForeignKey(CourseRun, models.PROTECT, related_name="grades")
    created_on = models.DateTimeField(db_default=Now())
    updated_on = models.DateTimeField(db_default=Now())

    class Meta(Marks.Meta):
        constraints = [*Marks.Meta.constraints, models.UniqueConstraint(fields=["user", "course_run"], name="one_grade_in_run")]
        indexes = [models.Index(fields=["course_run", "passed"], name="grades_of_run")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.course_run_id}: {self.grade}"


class GradeChange(Marks):
    """What a grade became, by whom and why. Only ever added, as the trigger `grade_change_kept` holds."""

    of = models.ForeignKey(CourseRunGrade, models.PROTECT, related_name="changes")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")  # none: the system itself
    cause = models.CharField(max_length=200)
    at = models.DateTimeField(db_default=Now())

    class Meta(Marks.Meta):
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.of_id}: {self.grade} by {self.actor_id or self.cause}"


class Signatory(models.Model):
    """Who signs certificates."""

    name = models.CharField(max_length=255)
    title_1 = models.CharField(max_length=255, blank=True)
    title_2 = models.CharField(max_length=255, blank=True)
    title_3 = models.CharField(max_length=255, blank=True)
    organization = models.CharField(max_length=255, blank=True)
    signature_image = models.CharField(max_length=2048, blank=True)  # an address of this site

    def __str__(self) -> str:
        return self.name


class CertificateTemplate(models.Model):
    """What certificates of a course or program say from now on. Those that were issued keep what they say."""

    course = models.OneToOneField(Course, models.CASCADE, null=True, blank=True, related_name="certificate_template")
    program = models.OneToOneField(Program, models.CASCADE, null=True, blank=True, related_name="certificate_template")
    product_name = models.CharField(max_length=255, blank=True)  # where it differs from the title
    ceus = models.CharField(max_length=20, blank=True)
    ceus_of_runs = models.JSONField(default=dict, blank=True)  # {courseware id: CEUs} of runs that differ
    criteria = models.TextField(blank=True)
    provisions_credential = models.BooleanField(default=True)
    signatories = models.ManyToManyField(Signatory, through="TemplateSignatory", related_name="templates")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="template_of_one_thing", condition=Q(course__isnull=False, program=None) | Q(course=None, program__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"of {self.course_id or self.program_id}"


class TemplateSignatory(models.Model):
    template = models.ForeignKey(CertificateTemplate, models.CASCADE, related_name="signed_by")
    signatory = models.ForeignKey(Signatory, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["template", "position"], name="template_signatory_position"),
            models.UniqueConstraint(fields=["template", "signatory"], name="template_signatory_once"),
        ]

    def __str__(self) -> str:
        return f"{self.template_id}: {self.signatory_id}"


class Certificate(models.Model):
    """What was issued, to whom and in which words. The trigger `certificate_kept` lets nothing of it change but that it is revoked, once.

    Its number is its place on the status list, too.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="certificates")
    course_run = models.ForeignKey(CourseRun, models.PROTECT, null=True, related_name="certificates")
    program = models.ForeignKey(Program, models.PROTECT, null=True, related_name="certificates")
    issue_date = models.DateTimeField()
    snapshot = models.JSONField()  # `snapshots.Snapshot`
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    is_revoked = models.BooleanField(default=False)
    revoked_on = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    revoked_because = models.TextField(blank=True)
    created_on = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="certificate_of_one_thing",
                condition=Q(course_run__isnull=False, program=None) | Q(course_run=None, program__isnull=False),
            ),
            models.CheckConstraint(
                name="certificate_revoked_when_and_why",
                condition=Q(is_revoked=False, revoked_on=None, revoked_because="")
                | (Q(is_revoked=True, revoked_on__isnull=False) & ~Q(revoked_because="")),
            ),
            models.UniqueConstraint(fields=["user", "course_run"], condition=Q(is_revoked=False), name="one_certificate_of_run"),
            models.UniqueConstraint(fields=["user", "program"], condition=Q(is_revoked=False), name="one_certificate_of_program"),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(is_revoked=True), name="revoked_certificates")]

    def __str__(self) -> str:
        return str(self.uuid)


class Credential(models.Model):
    """The certificate as signed JSON that others can check without us. Only ever added, as the trigger `credential_kept` holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    certificate = models.OneToOneField(Certificate, models.PROTECT, related_name="credential")
    document = models.JSONField()
    created_on = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.id)
