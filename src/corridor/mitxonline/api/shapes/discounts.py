"""Discounts, as staff handle them."""

from typing import Any

from rest_framework import serializers

from corridor.mitxonline.discounts.vocabulary import DiscountType, PaymentType, RedemptionType

from .fields import Shape, number, text
from .orders import Order
from .people import User
from .products import Product, V0Discount


class DiscountBody(Shape):
    """How a discount is told. `max_redemptions` of null or 0 is no limit beyond that of the redemption type."""

    amount = serializers.DecimalField(max_digits=20, decimal_places=5, min_value=0)
    automatic = serializers.BooleanField(required=False, allow_null=True)
    discount_type = serializers.ChoiceField(choices=DiscountType.values)
    redemption_type = serializers.ChoiceField(choices=RedemptionType.values)
    max_redemptions = number(required=False, allow_null=True, min_value=0, max_value=2**31 - 1)
    discount_code = text(max_length=100)
    payment_type = serializers.ChoiceField(choices=PaymentType.values, required=False, allow_null=True)
    activation_date = serializers.DateTimeField(required=False, allow_null=True)
    expiration_date = serializers.DateTimeField(required=False, allow_null=True)


class BatchBody(DiscountBody):
    """Codes that begin with `discount_code` and end in what nobody guesses."""

    discount_code = text(max_length=63)
    count = number(required=False, min_value=1, max_value=5000)


class Batch(V0Discount):
    """The first of them, and the codes of all."""

    codes = serializers.ListField(child=serializers.CharField())


class NamedProduct(Shape):
    id = number(min_value=1)


class NamedPerson(Shape):
    """By number, or by address of mail."""

    id = number(min_value=1, required=False)
    email = text(required=False, max_length=254)


class DiscountProductBody(Shape):
    product = NamedProduct()


class UserDiscountBody(Shape):
    user = NamedPerson()


class DiscountProduct(Shape):
    id = number()
    discount = V0Discount()
    product = Product()


class UserDiscountMeta(Shape):
    id = number()
    discount = V0Discount()
    user = User()


class DiscountRedemption(Shape):
    id = number()
    redemption_date: Any = serializers.DateTimeField()
    redeemed_by = User()
    redeemed_discount = V0Discount()
    redeemed_order = Order()
