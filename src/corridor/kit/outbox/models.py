from django.db import models
from django.db.models.functions import Now


class OutboxEvent(models.Model):
    """A message that a committed transaction owes to a receiver. Delivered rows are deleted; dead ones stay for replay."""

    topic = models.CharField(max_length=100)
    aggregate = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)
    request_id = models.CharField(max_length=128, db_default="", blank=True)
    created_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(db_default=0)
    due_at = models.DateTimeField(db_default=Now())
    error = models.TextField(db_default="", blank=True)
    dead_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "kit"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["topic", "id"], name="outbox_pending", condition=models.Q(dead_at=None)),
            models.Index(fields=["topic", "aggregate"], name="outbox_retries", condition=models.Q(attempts__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.aggregate}"
