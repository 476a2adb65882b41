"""Orders, as their purchasers see them."""

from typing import Any

from rest_framework import serializers

from corridor.mitxonline.commerce.vocabulary import OrderState, RefundReason

from .fields import Shape, flag, maybe_moment, maybe_number, maybe_text, moment, number, text
from .people import PublicUser
from .products import Product


def state() -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=OrderState.values)


def amount() -> serializers.DecimalField:
    """Text with two decimals."""
    return serializers.DecimalField(max_digits=12, decimal_places=2)


class Line(Shape):
    quantity = number()
    item_description = text()
    unit_price = amount()
    total_price = amount()
    id = number()
    product = Product()


class OrderHistory(Shape):
    id = number()
    state = state()
    reference_number = maybe_text()
    purchaser = PublicUser()
    total_price_paid = amount()
    lines = Line(many=True)
    created_on = moment()
    titles = serializers.ListField(child=serializers.CharField())
    updated_on = moment()
    refund_eligible = flag()


class ExtendedLegalAddress(Shape):
    country = text(max_length=2, allow_blank=True)
    first_name = text(allow_blank=True)
    last_name = text(allow_blank=True)
    street_address_1 = text(allow_blank=True)
    street_address_2 = text(allow_blank=True)
    city = text(allow_blank=True)
    state = maybe_text(allow_blank=True)
    postal_code = text(allow_blank=True)
    email = text(allow_blank=True)


class TransactionLine(Shape):
    quantity = number()
    CEUs = text(allow_blank=True)
    content_title = text()
    content_type = serializers.ChoiceField(choices=["courserun", "program"])
    readable_id = text()
    start_date = text(allow_blank=True, help_text="Empty where no date is set.")
    end_date = text(allow_blank=True, help_text="Empty where no date is set.")
    total_paid = text()
    discount = text()
    price = text()


class UsedDiscount(Shape):
    """The whole of a discount."""

    id = number()
    created_on = moment()
    updated_on = moment()
    amount = serializers.DecimalField(max_digits=20, decimal_places=5)
    automatic = flag()
    discount_type = text()
    redemption_type = text()
    payment_type = maybe_text()
    max_redemptions = maybe_number()
    discount_code = text()
    activation_date = maybe_moment()
    expiration_date = maybe_moment()
    is_bulk = flag()
    is_program_discount = flag()
    b2b_sheet_location = maybe_text()


class RedeemedDiscount(Shape):
    redeemed_discount = UsedDiscount()


class RefundOfOrder(Shape):
    amount = serializers.FloatField()
    date = moment()


class CardOfOrder(Shape):
    card_number = text(allow_blank=True)
    card_type = text(allow_blank=True)
    name = text(allow_blank=True)
    bill_to_email = text(allow_blank=True)
    payment_method = text(allow_blank=True)


class StreetAddress(Shape):
    line = serializers.ListField(child=serializers.CharField())
    postal_code = text(allow_blank=True)
    state = text(allow_blank=True)
    city = text(allow_blank=True)
    country = text(allow_blank=True)


class Order(Shape):
    id = number()
    state = state()
    purchaser = ExtendedLegalAddress()
    total_price_paid = amount()
    lines = TransactionLine(many=True)
    discounts = RedeemedDiscount(many=True)
    refunds = RefundOfOrder(many=True)
    reference_number = maybe_text()
    created_on = moment()
    transactions = CardOfOrder()
    street_address = StreetAddress()
    refund_eligible = flag()


class OrderStatus(Shape):
    id = number()
    reference_number = maybe_text()
    total_price_paid = amount()
    state = state()


class RefundRequest(Shape):
    order = number(min_value=1)
    refund_reason: Any = serializers.ChoiceField(choices=RefundReason.choices, required=False, allow_blank=True)
    refund_reason_text = text(required=False, allow_blank=True, max_length=4000)
    consent_given = serializers.BooleanField(default=False)
