"""Closed vocabularies of courseware."""

from django.db import models


class Standing(models.TextChoices):
    """Where an enrollment stands with the courseware."""

    DELIVERED = "delivered", "Delivered"
    PREPARED = "being_prepared", "Being prepared"
    STUCK = "stuck", "Stuck"


class EventKind(models.TextChoices):
    ENROLLMENT = "enrollment", "Enrollment"
    CERTIFICATE = "certificate", "Certificate"
