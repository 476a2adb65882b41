from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now, Upper

from corridor.mitxonline.catalog.models import Product

from .vocabulary import DiscountType, PaymentType, RedemptionState, RedemptionType

USER = settings.AUTH_USER_MODEL


class Discount(models.Model):
    """A code, or a reduction that is given without one. Codes differ by more than case."""

    discount_code = models.CharField(max_length=100)
    amount = models.DecimalField(max_digits=20, decimal_places=5)  # percent, or US dollars
    discount_type = models.CharField(max_length=30, choices=DiscountType.choices)
    redemption_type = models.CharField(max_length=30, choices=RedemptionType.choices)
    payment_type = models.CharField(max_length=30, choices=PaymentType.choices, null=True, blank=True)
    max_redemptions = models.PositiveIntegerField(default=0)  # 0: no limit beyond that of the redemption type
    activation_date = models.DateTimeField(null=True, blank=True)
    expiration_date = models.DateTimeField(null=True, blank=True)
    automatic = models.BooleanField(default=False)
    is_bulk = models.BooleanField(default=False)
    is_program_discount = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    products = models.ManyToManyField(Product, through="DiscountProduct", related_name="discounts")
    created_on = models.DateTimeField(db_default=Now())
    updated_on = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(Upper("discount_code"), name="discount_code_unique"),
            models.CheckConstraint(condition=~Q(discount_code=""), name="discount_has_code"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="discount_positive"),
            models.CheckConstraint(condition=~Q(discount_type=DiscountType.PERCENT_OFF, amount__gt=100), name="discount_percent"),
            models.CheckConstraint(condition=Q(discount_type__in=DiscountType.values), name="discount_type_known"),
            models.CheckConstraint(condition=Q(redemption_type__in=RedemptionType.values), name="redemption_type_known"),
            models.CheckConstraint(
                condition=Q(expiration_date=None) | Q(activation_date=None) | Q(expiration_date__gt=models.F("activation_date")),
                name="discount_expires_after_activation",
            ),
        ]

        indexes = [models.Index(fields=["id"], condition=Q(automatic=True), name="automatic_discounts")]

    def __str__(self) -> str:
        return self.discount_code


class DiscountProduct(models.Model):
    """A discount that names products is for their lines alone."""

    discount = models.ForeignKey(Discount, models.CASCADE, related_name="product_links")
    product = models.ForeignKey(Product, models.CASCADE, related_name="discount_links")

    class Meta:
        constraints = [models.UniqueConstraint("discount", "product", name="discount_product_unique")]

    def __str__(self) -> str:
        return f"{self.discount_id} for {self.product_id}"


class UserDiscount(models.Model):
    """A discount that is meant for some people is theirs alone, and theirs without typing it."""

    discount = models.ForeignKey(Discount, models.CASCADE, related_name="assignees")
    user = models.ForeignKey(USER, models.CASCADE, related_name="assigned_discounts")

    class Meta:
        constraints = [models.UniqueConstraint("discount", "user", name="discount_user_unique")]

    def __str__(self) -> str:
        return f"{self.discount_id} for {self.user_id}"


class Redemption(models.Model):
    """A use of a discount: reserved while its order can still be paid.

    `slot` numbers the uses of a limited discount from 1. No two live ones have the same, and the trigger `redemption_within_limit` refuses
    one beyond the limit: over-redeeming is impossible whatever the code does.
    """

    discount = models.ForeignKey(Discount, models.PROTECT, related_name="redemptions")
    user = models.ForeignKey(USER, models.PROTECT, related_name="redemptions")
    order = models.ForeignKey("mitxonline.Order", models.PROTECT, related_name="redemptions")
    state = models.CharField(max_length=8, choices=RedemptionState.choices, default=RedemptionState.RESERVED)
    slot = models.PositiveIntegerField(null=True)  # none where there is no limit
    per_user = models.BooleanField()  # of a discount that a person may use once
    redemption_date = models.DateTimeField(null=True)
    created_on = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["discount", "slot"], condition=~Q(state=RedemptionState.RELEASED) & Q(slot__isnull=False), name="redemption_slot"
            ),
            models.UniqueConstraint(
                fields=["discount", "user"], condition=~Q(state=RedemptionState.RELEASED) & Q(per_user=True), name="redemption_per_user"
            ),
            models.UniqueConstraint(fields=["order"], condition=~Q(state=RedemptionState.RELEASED), name="one_redemption_of_order"),
            models.CheckConstraint(condition=Q(slot=None) | Q(slot__gte=1), name="redemption_slot_counts"),
            models.CheckConstraint(
                condition=Q(state=RedemptionState.REDEEMED, redemption_date__isnull=False) | ~Q(state=RedemptionState.REDEEMED),
                name="redemption_dated",
            ),
        ]
        indexes = [models.Index(fields=["discount", "state"], name="redemptions_of_discount")]

    def __str__(self) -> str:
        return f"{self.discount_id} by {self.user_id}: {self.state}"
