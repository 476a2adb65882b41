from django.db import models
from django.db.models.functions import Now


class IdempotentRequest(models.Model):
    """A command that was carried out under a key of its caller's, and how it was answered."""

    caller = models.CharField(max_length=100)
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField()
    answer = models.BinaryField()
    created_at = models.DateTimeField(db_default=Now(), db_index=True)

    class Meta:
        app_label = "kit"
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="a_key_is_used_once")]

    def __str__(self) -> str:
        return f"{self.key} of {self.caller}"
