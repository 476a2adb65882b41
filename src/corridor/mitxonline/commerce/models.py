import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from corridor.mitxonline.catalog.models import CourseRun, Product, ProductVersion, Program
from corridor.mitxonline.discounts.models import Discount

from .vocabulary import OrderState, RefundReason, RefundState, RequestStatus

USER = settings.AUTH_USER_MODEL
CURRENCY = "USD"


def money(**options: Any) -> "models.DecimalField[Any, Any]":
    """An amount in US dollars, to the cent."""
    return models.DecimalField(max_digits=12, decimal_places=2, **options)


class Basket(models.Model):
    """What a person, or a browser that nobody has signed in with, is about to buy."""

    user = models.OneToOneField(USER, models.CASCADE, null=True, related_name="basket")
    anonymous_id = models.UUIDField(null=True, unique=True)
    discount = models.ForeignKey(Discount, models.SET_NULL, null=True, related_name="baskets")
    discount_typed = models.BooleanField(default=False)  # by the learner, rather than found for them
    created_on = models.DateTimeField(db_default=Now())
    updated_on = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, anonymous_id=None) | Q(user=None, anonymous_id__isnull=False), name="basket_of_one"
            )
        ]

    def __str__(self) -> str:
        return f"basket of {self.user_id or self.anonymous_id}"


class BasketItem(models.Model):
    basket = models.ForeignKey(Basket, models.CASCADE, related_name="items")
    product = models.ForeignKey(Product, models.CASCADE, related_name="basket_items")
    quantity = models.PositiveSmallIntegerField(default=1)
    created_on = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint("basket", "product", name="basket_product_unique"),
            models.CheckConstraint(condition=Q(quantity=1), name="basket_item_is_one_seat"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} in {self.basket_id}"


class Order(models.Model):
    """What was asked for at one price. Lines and total never change (`order_kept`); `state` is what ledger and notices make of it."""

    purchaser = models.ForeignKey(USER, models.PROTECT, related_name="orders")
    reference_number = models.CharField(max_length=255, unique=True)  # mitxonline-<environment>-<number>, as gateways and people know it
    state = models.CharField(max_length=18, choices=OrderState.choices, default=OrderState.PENDING)
    total_price_paid = money()
    gateway_type = models.CharField(max_length=20, blank=True)  # none where nothing is to be paid
    digest = models.CharField(max_length=64)  # of lines and discount: the same basket again is the same order
    closed_on = models.DateTimeField(null=True)  # when its checkout was given up; money may come all the same
    fulfilled_on = models.DateTimeField(null=True)
    receipt = models.JSONField(null=True)  # name, address and card as they were when it was paid
    created_on = models.DateTimeField(db_default=Now())
    updated_on = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(total_price_paid__gte=0), name="order_total_positive"),
            models.CheckConstraint(condition=Q(state__in=OrderState.values), name="order_state_known"),
            models.UniqueConstraint(
                fields=["purchaser", "digest"], condition=Q(state=OrderState.PENDING, closed_on=None), name="one_open_order_for_a_basket"
            ),
        ]
        indexes = [
            models.Index(fields=["purchaser", "-id"], name="orders_of_person"),
            models.Index(fields=["created_on"], condition=Q(state=OrderState.PENDING), name="orders_pending"),
        ]

    def __str__(self) -> str:
        return self.reference_number


class OrderLine(models.Model):
    """One seat of an order, at the price that was agreed."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    product_version = models.ForeignKey(ProductVersion, models.PROTECT, related_name="lines")
    course_run = models.ForeignKey(CourseRun, models.PROTECT, null=True, related_name="order_lines")
    program = models.ForeignKey(Program, models.PROTECT, null=True, related_name="order_lines")
    quantity = models.PositiveSmallIntegerField(default=1)
    price = money()
    discount = money(default=0)
    total = money()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="line_of_one_thing", condition=Q(course_run__isnull=False, program=None) | Q(course_run=None, program__isnull=False)
            ),
            models.UniqueConstraint(fields=["order", "course_run"], name="line_of_run_unique"),
            models.UniqueConstraint(fields=["order", "program"], name="line_of_program_unique"),
            models.CheckConstraint(condition=Q(quantity=1), name="line_is_one_seat"),
            models.CheckConstraint(
                condition=Q(total=F("price") - F("discount"), total__gte=0, discount__gte=0), name="line_total_is_price_less_discount"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.course_run_id or self.program_id}"


class CheckoutAttempt(models.Model):
    """One way to the gateway: what a payment must match. Never changed (`checkout_attempt_kept`); what comes of it is in notices and ledger."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)  # what the gateway is told, as transaction_uuid
    order = models.ForeignKey(Order, models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    gateway = models.CharField(max_length=20)
    amount = money()
    currency = models.CharField(max_length=3, default=CURRENCY)
    created_on = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["order", "number"]
        constraints = [
            models.UniqueConstraint("order", "number", name="attempt_number_unique"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="attempt_asks_for_money"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class AttemptHandoff(models.Model):
    """Where an attempt sends the browser, as the gateway said when it was begun."""

    attempt = models.OneToOneField(CheckoutAttempt, models.PROTECT, primary_key=True, related_name="handoff")
    method = models.CharField(max_length=4)
    url = models.CharField(max_length=2048)
    fields = models.JSONField(default=dict)
    gateway_reference = models.CharField(max_length=255, blank=True)
    created_on = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.method} {self.url}"


class Refund(models.Model):
    """Money that goes back: for lines of an order, or a payment that nothing was sold for. Its id is the gateway's idempotency key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="refunds")
    payment = models.ForeignKey("mitxonline.Transaction", models.PROTECT, related_name="refunds")  # what is given back
    amount = money()
    state = models.CharField(max_length=9, choices=RefundState.choices, default=RefundState.OWED)
    actor = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    reason = models.TextField()
    keeps_seats = models.BooleanField(default=False)  # goodwill: the money goes back, the learner stays
    message = models.TextField(blank=True)  # what the gateway said
    created_on = models.DateTimeField(db_default=Now())
    updated_on = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["created_on"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="refund_positive")]

    def __str__(self) -> str:
        return f"{self.amount} of {self.order_id}: {self.state}"


class RefundLine(models.Model):
    """What of a refund is a line's; a line is refunded once, whole or in part."""

    refund = models.ForeignKey(Refund, models.PROTECT, related_name="lines")
    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="refunds")
    amount = money()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint("refund", "line", name="refund_line_unique"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_line_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of line {self.line_id}"


class RefundRequest(models.Model):
    """A learner's wish for their money back, until staff decide."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="refund_requests")
    user = models.ForeignKey(USER, models.PROTECT, related_name="refund_requests")
    refund_reason = models.CharField(max_length=30, choices=RefundReason.choices)
    refund_reason_text = models.TextField(blank=True)
    consent_given = models.BooleanField()
    status = models.CharField(max_length=8, choices=RequestStatus.choices, default=RequestStatus.PENDING)
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    decided_on = models.DateTimeField(null=True)
    created_on = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["order"], condition=Q(status=RequestStatus.PENDING), name="one_open_refund_request"),
            models.CheckConstraint(condition=Q(consent_given=True), name="refund_request_with_consent"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.status}"
