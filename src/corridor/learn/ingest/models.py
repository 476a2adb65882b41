from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now

from corridor.learn.catalog.models import LearningResource


class SourceSetting(models.Model):
    """A source that has run, and what staff decide about it."""

    source = models.CharField(max_length=32, primary_key=True)
    name = models.CharField(max_length=256, blank=True)
    enabled = models.BooleanField(default=True)
    default_precedence = models.IntegerField(default=100)  # the source's own, noted when it runs
    precedence = models.IntegerField(
        null=True,
        blank=True,
        help_text="Where sources say different things of one course, the lowest number is believed. Empty: as the source comes.",
    )
    largest_unpublished_share = models.FloatField(default=0.2, help_text="A run that would unpublish more than this share stops and asks.")
    grace_days = models.PositiveIntegerField(default=2, help_text="How long a record may be missing before it is unpublished.")
    address = models.CharField(max_length=2048, blank=True, help_text="Overrides the address or folder that the source reads.")

    def __str__(self) -> str:
        return self.source


class IngestRun(models.Model):
    """One reading of a source, and its report."""

    class Status(models.TextChoices):
        RUNNING = "running", "Running"
        SUCCEEDED = "succeeded", "Succeeded"
        HALTED = "halted", "Halted: would unpublish too much"
        FAILED = "failed", "Failed"
        INTERRUPTED = "interrupted", "Interrupted"

    source = models.CharField(max_length=32)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.RUNNING)
    dry_run = models.BooleanField(default=False)
    replay_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="replays")
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)
    raw_key = models.CharField(max_length=512, blank=True)  # the manifest of what this run was given
    # Records: seen = created + changed + unchanged + rejected + skipped.
    seen = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)  # not given this time, gone or within their days of grace
    unpublished = models.PositiveIntegerField(default=0)  # resources that are not public any more
    documents = models.PositiveIntegerField(default=0)  # served documents that changed
    changed_fields = models.JSONField(default=dict)  # {"title": 3, "runs": 12}
    difference = models.JSONField(default=dict)  # the first records of each kind, with fields before and after
    warnings = models.JSONField(default=dict)  # {"unknown department": {"XYZ": 4}}
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint("source", condition=models.Q(status="running"), name="one_run_of_a_source")]
        indexes = [models.Index(fields=["source", "-id"], name="ingest_run_latest")]

    def __str__(self) -> str:
        return f"{self.source} {self.started_at:%Y-%m-%d %H:%M} {self.status}"


class SourceRecord(models.Model):
    """What one source says of one resource, as last read. Resources are made of the records that were matched to them."""

    source = models.CharField(max_length=32)
    key = models.CharField(max_length=1024)
    resource = models.ForeignKey(LearningResource, models.SET_NULL, null=True, related_name="source_records")
    raw_digest = models.CharField(max_length=32)
    digest = models.CharField(max_length=32)
    record = models.JSONField()  # the fields that differ from their defaults
    identity = models.CharField(max_length=600)  # platform, type and readable_id: what other records name it by
    match_keys = ArrayField(models.TextField(), default=list)  # what it may have in common with a record of the same resource
    part_identities = ArrayField(models.TextField(), default=list)  # identities of resources that it names as its parts
    pending = models.BooleanField(default=True)  # its resource does not yet tell what it says
    missing_since = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)  # missing for longer than the days of grace: says nothing any more

    class Meta:
        constraints = [models.UniqueConstraint("source", "key", name="source_record_identity")]
        indexes = [
            models.Index(fields=["source", "id"], name="source_record_pending", condition=models.Q(pending=True)),
            models.Index(fields=["source", "missing_since"], name="source_record_missing", condition=models.Q(missing_since__isnull=False)),
            models.Index(fields=["identity"], name="source_record_named"),
            # Without fastupdate: every search would read the list of entries that are still to be sorted in.
            GinIndex(fields=["match_keys"], name="source_record_matching", fastupdate=False),
            GinIndex(fields=["part_identities"], name="source_record_parts", fastupdate=False),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.key}"


class QuarantinedRecord(models.Model):
    """A record that could not be taken in, with the reason. Tried again with `corridor ingest quarantine SOURCE --replay`."""

    source = models.CharField(max_length=32)
    key = models.CharField(max_length=1024, blank=True)
    kind = models.CharField(max_length=64, blank=True)
    run = models.ForeignKey(IngestRun, models.SET_NULL, null=True, related_name="quarantined")
    reason = models.TextField()
    raw = models.JSONField()  # as the source gave it; {"cut": text} where that is too large or cannot be stored
    digest = models.CharField(max_length=32)
    first_seen = models.DateTimeField(db_default=Now())
    resolved_at = models.DateTimeField(null=True)  # taken in since, or not given any more

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint("source", "digest", name="quarantine_identity")]
        indexes = [models.Index(fields=["source", "key"], name="quarantine_open", condition=models.Q(resolved_at=None))]

    def __str__(self) -> str:
        return f"{self.source}: {self.key}: {self.reason[:80]}"


class MergeEntry(models.Model):
    """Why a record belongs to a resource that another source made."""

    source = models.CharField(max_length=32)
    key = models.CharField(max_length=1024)
    resource = models.ForeignKey(LearningResource, models.CASCADE, related_name="merge_log")
    rule = models.CharField(max_length=32)
    evidence = models.TextField()
    at = models.DateTimeField(db_default=Now())
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint("source", "key", condition=models.Q(undone_at=None), name="merge_entry_current")]

    def __str__(self) -> str:
        return f"{self.source}: {self.key} → {self.resource_id} by {self.rule}"


class MergeBarrier(models.Model):
    """Two records that staff know to be different things, whatever the rules say."""

    source = models.CharField(max_length=32)
    key = models.CharField(max_length=1024)
    other_source = models.CharField(max_length=32)
    other_key = models.CharField(max_length=1024)

    class Meta:
        constraints = [models.UniqueConstraint("source", "key", "other_source", "other_key", name="merge_barrier_unique")]

    def __str__(self) -> str:
        return f"{self.source}: {self.key} ≠ {self.other_source}: {self.other_key}"
