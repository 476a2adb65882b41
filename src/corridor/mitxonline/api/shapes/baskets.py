"""Baskets, and what checkout answers."""

from typing import Any

from rest_framework import serializers

from .fields import Shape, flag, maybe_number, maybe_text, number, text
from .products import PurchasableObject, V0Discount

# What keeps a basket from being checked out. Those of organizations are published and not given yet.
CHECKOUT_ERRORS = [
    "enroll-blocked",
    "enroll-duplicated",
    "course-non-upgradable",
    "discount-invalid",
    "b2b-error-missing-enrollment-code",
    "b2b-invalid-basket",
    "basket-empty",
]


class BasketItem(Shape):
    basket = number()
    product = number()
    id = number()


class Basket(Shape):
    id = number()
    user = maybe_number()
    basket_items = BasketItem(many=True)


class BasketDiscountDetail(Shape):
    redeemed_discount = V0Discount()
    redeemed_basket = Basket()


class ProductInBasket(Shape):
    """With its price as a number, where products have it as text."""

    id = number()
    price = serializers.FloatField()
    description = text()
    is_active = flag()
    purchasable_object = PurchasableObject()


class BasketItemWithProduct(Shape):
    basket = number()
    product = ProductInBasket()
    id = number()


class BasketWithProduct(Shape):
    id = number()
    user = maybe_number()
    anonymous_id = serializers.UUIDField(allow_null=True)
    basket_items = BasketItemWithProduct(many=True)
    total_price = serializers.FloatField()
    discounted_price = serializers.FloatField()
    discounts = BasketDiscountDetail(many=True)


class NewBasketItem(Shape):
    product = number(min_value=1)
    quantity = number(min_value=1, default=1, help_text="There is one seat for each; more are taken as one.")


class ChangedBasketItem(Shape):
    """There is nothing in an item that could be another: a product of its own is an item of its own."""

    quantity = number(min_value=1, required=False)


class FromProduct(Shape):
    quantity = number(min_value=1, default=1, help_text="There is one seat for each; more are taken as one.")
    checkout = serializers.BooleanField(default=False, help_text="Lead on to the checkout.")


class CreateBasketWithProductID(Shape):
    product_id = number(min_value=1)
    quantity = number(min_value=1, default=1)


class CreateBasketWithProducts(Shape):
    system_slug = text(required=False, allow_blank=True, help_text="Which system asks; it is not looked at.")
    product_ids = serializers.ListField(child=CreateBasketWithProductID(), min_length=1, max_length=50)
    checkout = serializers.BooleanField(default=False)
    discount_code = text(required=False, allow_blank=True, max_length=100)


class CheckoutPayload(Shape):
    """How to pay: by a form to send, or an address to go to. With `error`, what keeps the basket from being paid, and no way to pay."""

    no_checkout = flag()
    url = text(allow_blank=True)
    method = serializers.ChoiceField(choices=["POST", "GET"])
    payload: Any = serializers.DictField(child=serializers.CharField())
    order_id = number()
    reference_number = maybe_text(help_text="Of the order, by which its state can be asked.")
    error = serializers.ChoiceField(choices=CHECKOUT_ERRORS, allow_null=True)
    detail = text(allow_blank=True, help_text="What to do about the error.")
