"""What is for sale."""

from typing import Any

from rest_framework import serializers

from .fields import Shape, flag, maybe_moment, maybe_number, maybe_text, number, price, text


class BaseProduct(Shape):
    id = number()
    price = price()
    description = text()
    is_active = flag()


class V0Discount(Shape):
    id = number()
    amount = serializers.DecimalField(max_digits=20, decimal_places=5)
    automatic = flag()
    discount_type = serializers.ChoiceField(choices=["percent-off", "dollars-off", "fixed-price"])
    redemption_type = serializers.ChoiceField(choices=["one-time", "one-time-per-user", "unlimited"])
    max_redemptions = maybe_number()
    discount_code = text()
    payment_type = serializers.ChoiceField(
        choices=["marketing", "sales", "financial-assistance", "customer-support", "staff", "legacy"], allow_null=True
    )
    is_redeemed = flag()
    activation_date = maybe_moment()
    expiration_date = maybe_moment()


class ProductFlexibilePrice(BaseProduct):
    """With the discount that the caller was granted."""

    product_flexible_price = V0Discount(allow_null=True)


class PageOfSold(Shape):
    page_url = text()
    feature_image_src = maybe_text()


class CourseOfSold(Shape):
    id = number()
    title = text()
    page = PageOfSold()


class PurchasableObject(Shape):
    """A run, with its course; or a program, with its page."""

    id = number()
    title = text()
    readable_id = text()
    run_tag = maybe_text()
    start_date = maybe_moment()
    end_date = maybe_moment()
    enrollment_start = maybe_moment()
    enrollment_end = maybe_moment()
    course_number = maybe_text()
    course = CourseOfSold(required=False)
    page = PageOfSold(required=False, allow_null=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Programs have no dates to tell."""
        fields = super().get_fields()
        for name in ("start_date", "end_date", "enrollment_start", "enrollment_end", "course_number"):
            fields[name].required = False
        return fields


class Product(BaseProduct):
    purchasable_object = PurchasableObject()


class ProductFlexiblePrice(BaseProduct):
    """Without what is sold."""

    product_flexible_price = V0Discount(allow_null=True)


class ProductTerms(Shape):
    price = serializers.DecimalField(max_digits=7, decimal_places=2, min_value=0)
    description = text(max_length=2000)
    is_active = serializers.BooleanField(required=False, allow_null=True)


class NewProduct(ProductTerms):
    readable_id = text(required=False, max_length=255, help_text="Of the course run or the program that is to be sold.")
