"""Words in which the shapes are written."""

from typing import Any

from rest_framework import serializers

from corridor.mitxonline.catalog.vocabulary import LANGUAGES, VariantIndustry, VariantLength


class Shape(serializers.Serializer[Any]):
    """An object. Its name is the name of the component."""


def text(**options: Any) -> serializers.CharField:
    return serializers.CharField(**options)


def maybe_text(**options: Any) -> serializers.CharField:
    return text(allow_null=True, **options)


def number(**options: Any) -> serializers.IntegerField:
    return serializers.IntegerField(**options)


def maybe_number() -> serializers.IntegerField:
    return number(allow_null=True)


def maybe_amount() -> serializers.FloatField:
    return serializers.FloatField(allow_null=True)


def flag() -> serializers.BooleanField:
    return serializers.BooleanField()


def moment() -> serializers.DateTimeField:
    return serializers.DateTimeField()


def maybe_moment() -> serializers.DateTimeField:
    return serializers.DateTimeField(allow_null=True)


def price() -> serializers.DecimalField:
    """Text with two decimals."""
    return serializers.DecimalField(max_digits=7, decimal_places=2)


def language() -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=list(LANGUAGES), allow_blank=True)


def length() -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=VariantLength.choices, allow_blank=True)


def industry() -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=VariantIndustry.choices, allow_blank=True)


class Named(Shape):
    name = text()


class Department(Named):
    """By its name alone."""


class EnrollmentMode(Shape):
    mode_slug = text()
    mode_display_name = text()
    requires_payment = flag()
