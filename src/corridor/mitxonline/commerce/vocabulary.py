"""Closed vocabularies of commerce. Order states, refund reasons and request statuses are the published API's."""

from django.db import models


class OrderState(models.TextChoices):
    """What the ledger and the gateway's notices make of an order: see rules.order_state."""

    PENDING = "pending", "Pending"
    FULFILLED = "fulfilled", "Fulfilled"
    CANCELED = "canceled", "Canceled"
    DECLINED = "declined", "Declined"
    ERRORED = "errored", "Errored"
    REFUNDED = "refunded", "Refunded"
    REVIEW = "review", "In review"
    PARTIALLY_REFUNDED = "partially_refunded", "Partially refunded"


class RefundState(models.TextChoices):
    OWED = "owed", "To be sent to the gateway"
    PENDING = "pending", "Accepted by the gateway"
    SUCCEEDED = "succeeded", "Refunded"
    REFUSED = "refused", "Refused by the gateway"


class RefundReason(models.TextChoices):
    ENROLLED_IN_ANOTHER_COURSE = "enrolled_in_another_course", "Enrolled in another course"
    COURSE_NOT_AS_EXPECTED = "course_not_as_expected", "The course is not as expected"
    TECHNICAL_DIFFICULTIES = "technical_difficulties", "Technical difficulties"
    FINANCIAL_REASONS = "financial_reasons", "Financial reasons"
    OTHER = "other", "Other"


class RequestStatus(models.TextChoices):
    PENDING = "pending", "Pending"
    APPROVED = "approved", "Approved"
    DENIED = "denied", "Denied"
