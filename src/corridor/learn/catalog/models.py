import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower, Now

from .vocabulary import Availability, CertificationType, RelationType, ResourceType


def texts() -> "ArrayField[list[str], list[str]]":
    return ArrayField(models.TextField(), default=list, blank=True)


class Platform(models.Model):
    """Where a resource is hosted."""

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=256)
    url = models.URLField(max_length=2048, blank=True)
    is_edx = models.BooleanField(default=False)
    has_content_files = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class Offeror(models.Model):
    """A unit of the institution, or a partner, that offers resources."""

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=256, unique=True)
    professional = models.BooleanField(default=False)
    display_facet = models.BooleanField(default=True)
    offerings = texts()
    audience = texts()
    formats = texts()
    fee = texts()
    certifications = texts()
    content_types = texts()
    more_information = models.URLField(max_length=2048, blank=True)
    value_prop = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name


class School(models.Model):
    name = models.CharField(max_length=256, unique=True)
    url = models.URLField(max_length=2048, blank=True)

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    department_id = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=256)
    school = models.ForeignKey(School, models.SET_NULL, null=True, blank=True, related_name="departments")

    def __str__(self) -> str:
        return self.name


class Topic(models.Model):
    """A node of the subject tree. `topic_uuid` survives renames."""

    topic_uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    name = models.CharField(max_length=128)
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    icon = models.CharField(max_length=128, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="topic_name_unique")]

    def __str__(self) -> str:
        return self.name


class TopicMapping(models.Model):
    """A word of an offeror's own vocabulary and one of our topics that it stands for."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="mappings")
    offeror = models.ForeignKey(Offeror, models.CASCADE, related_name="topic_mappings")
    topic_name = models.CharField(max_length=128)

    class Meta:
        constraints = [models.UniqueConstraint("topic", "offeror", "topic_name", name="topic_mapping_unique")]

    def __str__(self) -> str:
        return f"{self.offeror_id}: {self.topic_name} → {self.topic_id}"


class ContentTag(models.Model):
    """A feature of a course's content, such as Lecture Videos."""

    name = models.CharField(max_length=128, unique=True)

    def __str__(self) -> str:
        return self.name


class Instructor(models.Model):
    first_name = models.CharField(max_length=128, blank=True)
    last_name = models.CharField(max_length=128, blank=True)
    full_name = models.CharField(max_length=256, unique=True)

    def __str__(self) -> str:
        return self.full_name


class Offering(models.Model):
    """What a resource and each of its runs say alike."""

    title = models.CharField(max_length=512)
    description = models.TextField(blank=True)
    full_description = models.TextField(blank=True)
    url = models.URLField(max_length=2048, blank=True)
    image_url = models.URLField(max_length=2048, blank=True)
    image_alt = models.TextField(blank=True)
    image_description = models.TextField(blank=True)
    published = models.BooleanField(default=True)
    last_modified = models.DateTimeField(null=True, blank=True)
    languages = texts()
    availability = models.CharField(max_length=8, choices=Availability.choices, blank=True)
    delivery = texts()
    pace = texts()
    format = texts()
    location = models.CharField(max_length=256, blank=True)
    duration = models.CharField(max_length=256, blank=True)
    time_commitment = models.CharField(max_length=256, blank=True)
    min_weeks = models.PositiveIntegerField(null=True, blank=True)
    max_weeks = models.PositiveIntegerField(null=True, blank=True)
    min_weekly_hours = models.PositiveIntegerField(null=True, blank=True)
    max_weekly_hours = models.PositiveIntegerField(null=True, blank=True)
    # [{"amount": "49.00", "currency": "USD"}], least first; no entry where the price is unknown
    resource_prices = models.JSONField(default=list, blank=True)
    created_on = models.DateTimeField(db_default=Now())
    updated_on = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True


class LearningResource(Offering):
    """Anything to learn from, as its sources and staff describe it. What only one type has is in `details`, shaped by catalog.details.

    What follows from runs and the time of day (best run, next start, free) is in its document.
    """

    readable_id = models.CharField(max_length=512)
    resource_type = models.CharField(max_length=16, choices=ResourceType.choices)
    resource_category = models.CharField(max_length=64)
    platform = models.ForeignKey(Platform, models.PROTECT, null=True, blank=True, related_name="resources")  # none: made here
    offered_by = models.ForeignKey(Offeror, models.PROTECT, null=True, blank=True, related_name="resources")
    departments = models.ManyToManyField(Department, blank=True, related_name="resources")
    topics = models.ManyToManyField(Topic, blank=True, related_name="resources")
    content_tags = models.ManyToManyField(ContentTag, blank=True, related_name="resources")
    ocw_topics = texts()
    professional = models.BooleanField(default=False)
    certification = models.BooleanField(default=False)
    certification_type = models.CharField(max_length=16, choices=CertificationType.choices, default=CertificationType.NONE)
    continuing_ed_credits = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    license_cc = models.BooleanField(default=False)
    completeness = models.FloatField(default=1.0)
    test_mode = models.BooleanField(default=False)
    require_summaries = models.BooleanField(default=False)
    details = models.JSONField(default=dict, blank=True)
    view_count = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["platform", "readable_id", "resource_type"], nulls_distinct=False, name="resource_identity")
        ]
        indexes = [
            models.Index(fields=["resource_type", "published"], name="resource_type_published"),
            models.Index(fields=["url"], name="resource_url"),
        ]

    def __str__(self) -> str:
        return f"{self.readable_id}: {self.title}"


class Run(Offering):
    """One holding of a course or program. Public: published and no variant."""

    resource = models.ForeignKey(LearningResource, models.CASCADE, related_name="runs")
    run_id = models.CharField(max_length=256)
    is_b2b = models.BooleanField(default=False)
    is_variant = models.BooleanField(default=False)
    level = texts()
    slug = models.CharField(max_length=1024, blank=True)
    semester = models.CharField(max_length=20, blank=True)
    year = models.PositiveIntegerField(null=True, blank=True)
    start_date = models.DateTimeField(null=True, blank=True)
    end_date = models.DateTimeField(null=True, blank=True)
    enrollment_start = models.DateTimeField(null=True, blank=True)
    enrollment_end = models.DateTimeField(null=True, blank=True)
    checksum = models.CharField(max_length=32, blank=True)
    archive_key = models.CharField(max_length=512, blank=True)
    instructors = models.ManyToManyField(Instructor, through="RunInstructor", related_name="runs")

    class Meta:
        ordering = ["start_date", "enrollment_start", "id"]
        constraints = [models.UniqueConstraint("resource", "run_id", name="run_identity")]

    def __str__(self) -> str:
        return self.run_id


class RunInstructor(models.Model):
    run = models.ForeignKey(Run, models.CASCADE)
    instructor = models.ForeignKey(Instructor, models.CASCADE)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint("run", "instructor", name="run_instructor_unique")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.instructor_id}"


class Relationship(models.Model):
    """A resource and one of its parts, at a position."""

    parent = models.ForeignKey(LearningResource, models.CASCADE, related_name="child_links")
    child = models.ForeignKey(LearningResource, models.CASCADE, related_name="parent_links")
    position = models.PositiveIntegerField(default=0)
    relation_type = models.CharField(max_length=32, choices=RelationType.choices)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint("parent", "child", "relation_type", name="relationship_unique"),
            models.CheckConstraint(condition=~models.Q(parent=models.F("child")), name="relationship_not_self"),
        ]

    def __str__(self) -> str:
        return f"{self.parent_id} {self.relation_type} {self.child_id}"


class ResourceDocument(models.Model):
    """The bytes that every reader of a resource gets, and what else is derived; written by catalog.documents alone.

    `version` comes from one sequence, so a later change always has a greater one; indexes keep it beside their copy.
    """

    resource = models.OneToOneField(LearningResource, models.CASCADE, primary_key=True, related_name="document")
    version = models.BigIntegerField()
    digest = models.CharField(max_length=32)
    published = models.BooleanField()
    best_run = models.ForeignKey(Run, models.SET_NULL, null=True, related_name="+")
    next_start_date = models.DateTimeField(null=True)
    free = models.BooleanField(default=False)
    stale_at = models.DateTimeField(null=True)  # when a run's date passes, from which the document may be untrue
    body = models.BinaryField()  # JSON in the published shape of a learning resource
    search = models.JSONField(default=dict)  # what the index needs beyond the body

    class Meta:
        indexes = [
            models.Index(fields=["version"], name="document_version"),
            models.Index(fields=["stale_at"], name="document_stale", condition=models.Q(stale_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} v{self.version}"


class ViewEvent(models.Model):
    """Someone opened a resource's page."""

    resource = models.ForeignKey(LearningResource, models.CASCADE, related_name="view_events")
    event_date = models.DateTimeField(db_default=Now())
    event_uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    counted = models.BooleanField(default=False)  # whether view_count of the resource includes it

    class Meta:
        indexes = [models.Index(fields=["id"], name="view_event_uncounted", condition=models.Q(counted=False))]

    def __str__(self) -> str:
        return f"{self.resource_id} at {self.event_date}"
