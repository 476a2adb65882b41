from django.conf import settings
from django.db import models
from django.db.models import Q

from .vocabulary import FindingKind


class Finding(models.Model):
    """Something that does not agree, from when it was first seen until it is gone. `key` names what it is about, within its kind."""

    kind = models.CharField(max_length=20, choices=FindingKind.choices)
    key = models.CharField(max_length=255)
    about = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    said = models.TextField()
    data = models.JSONField(default=dict)  # what a repair needs
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    resolved_on = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["kind", "key"], condition=Q(resolved_on=None), name="finding_open_once")]
        indexes = [models.Index(fields=["about", "id"], name="findings_of_person", condition=Q(about__isnull=False))]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Comparison(models.Model):
    """How far one kind has been compared, and how that went."""

    kind = models.CharField(max_length=20, choices=FindingKind.choices, primary_key=True)
    compared_on = models.DateTimeField(null=True)  # the last time that it could be
    tried_on = models.DateTimeField(null=True)
    failed = models.TextField(blank=True)  # why the last try came to nothing
    reached = models.BigIntegerField(default=0)  # where the next page begins, for what is compared page by page

    def __str__(self) -> str:
        return self.kind
