from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class AuditEntry(models.Model):
    """A change of money, grade, certificate or role. The trigger `audit_entry_kept` refuses to change or delete one."""

    about = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")  # whose timeline shows it
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")  # none: the system itself
    code = models.CharField(max_length=100)
    cause = models.TextField(blank=True)
    object_type = models.CharField(max_length=50)
    object_id = models.CharField(max_length=50)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    request_id = models.CharField(max_length=128, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        app_label = "kit"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["about", "id"], name="audit_of_person"),
            models.Index(fields=["object_type", "object_id", "id"], name="audit_of_object"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.object_type} {self.object_id}"
