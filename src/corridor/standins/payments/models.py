from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone


class Service(models.TextChoices):
    CYBERSOURCE = "cybersource", "CyberSource"
    STRIPE = "stripe", "Stripe"


class Stage(models.TextChoices):
    OPEN = "open"
    ACCEPTED = "accepted"
    REVIEW = "review"
    PENDING = "pending"  # a bank will say later
    DECLINED = "declined"
    CANCELED = "canceled"
    ERROR = "error"
    EXPIRED = "expired"


class Forgery(models.TextChoices):
    AMOUNT = "amount", "with another amount"
    SIGNATURE = "signature", "signed with another secret"


class Settings(models.Model):
    """The one row of what staff have set: whether programs get answers, whether they find payments, and where notifications go."""

    down = models.BooleanField(default=False)
    finds_nothing = models.BooleanField(default=False)
    cybersource_address = models.URLField(default="", blank=True)
    stripe_address = models.URLField(default="", blank=True)

    def __str__(self) -> str:
        return "down" if self.down else "up"

    @classmethod
    def current(cls) -> "Settings":
        return cls.objects.get_or_create(pk=1)[0]

    def address_for(self, service: str) -> str:
        """Where the site that is tried takes notifications, as a profile or a webhook endpoint names it."""
        usual = {Service.CYBERSOURCE: "/mitxonline/api/checkout/result/", Service.STRIPE: "/mitxonline/webhook/stripe/"}
        given = self.cybersource_address if service == Service.CYBERSOURCE else self.stripe_address
        return given or settings.CONFIG.base_url + usual[Service(service)]


class Payment(models.Model):
    """One page to pay. `asked` is what the merchant sent; `number` is the service's name of the money."""

    service = models.CharField(max_length=11, choices=Service.choices)
    key = models.CharField(max_length=80, unique=True)
    attempt = models.CharField(max_length=80, db_index=True)
    reference = models.CharField(max_length=255, db_index=True)
    amount = models.DecimalField(max_digits=20, decimal_places=2)
    currency = models.CharField(max_length=3)
    asked = models.JSONField()
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.OPEN)
    number = models.CharField(max_length=80, blank=True)
    choice = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=120, blank=True)
    email = models.CharField(max_length=255, blank=True)
    begun = models.DateTimeField(default=timezone.now)
    decided = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.reference} {self.stage}"

    @property
    def is_waiting(self) -> bool:
        return self.stage in (Stage.REVIEW, Stage.PENDING)

    @property
    def is_told(self) -> bool:
        """Whether there is something that the merchant's server hears of."""
        return self.stage not in (Stage.OPEN, Stage.CANCELED)

    @property
    def is_paid(self) -> bool:
        return self.stage == Stage.ACCEPTED

    @property
    def given_back(self) -> Decimal:
        return sum((refund.amount for refund in self.refunds.all()), Decimal())


class Refund(models.Model):
    """`code` is the merchant's name of it: one refund for each."""

    payment = models.ForeignKey(Payment, models.CASCADE, related_name="refunds")
    number = models.CharField(max_length=80, unique=True)
    code = models.CharField(max_length=255, unique=True)
    amount = models.DecimalField(max_digits=20, decimal_places=2)
    told: Any = models.JSONField(default=dict)  # metadata of the merchant
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.number} of {self.payment_id}"


class Delivery(models.Model):
    """A notification to the merchant's server, sent or to be sent."""

    payment = models.ForeignKey(Payment, models.CASCADE, related_name="deliveries")
    what = models.CharField(max_length=60)
    body = models.TextField()
    forged = models.CharField(max_length=9, choices=Forgery.choices, blank=True)
    at = models.DateTimeField(default=timezone.now)
    answered = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.what} {self.answered}"
