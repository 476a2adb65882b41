"""Words in which the shapes are written."""

from typing import Any

from django.db.models import TextChoices
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


class Shape(serializers.Serializer[Any]):
    """An object. Its name is the name of the component."""


def text(longest: int | None = None, **options: Any) -> serializers.CharField:
    return serializers.CharField(max_length=longest, **options)


def maybe_text(longest: int | None = None, **options: Any) -> serializers.CharField:
    return text(longest, allow_null=True, **options)


def number(**options: Any) -> serializers.IntegerField:
    return serializers.IntegerField(**options)


def maybe_number(**options: Any) -> serializers.IntegerField:
    return number(allow_null=True, **options)


def address(**options: Any) -> serializers.URLField:
    return serializers.URLField(max_length=2048, **options)


def maybe_address(**options: Any) -> serializers.URLField:
    return address(allow_null=True, **options)


def maybe_moment() -> serializers.DateTimeField:
    return serializers.DateTimeField(allow_null=True)


def flag(**options: Any) -> serializers.BooleanField:
    return serializers.BooleanField(**options)


def money() -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=12, decimal_places=2)


def listed(child: Any, **options: Any) -> serializers.ListField:
    return serializers.ListField(child=child, **options)


def texts(longest: int | None = None, **options: Any) -> serializers.ListField:
    return listed(text(longest), **options)


def choice(choices: Any, **options: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=choices, **options)


def named(vocabulary: type[TextChoices], title: str) -> Any:
    """A field that tells a code of a vocabulary with its label."""
    schema = {
        "type": "object",
        "title": title,
        "properties": {"code": {"enum": list(vocabulary.values)}, "name": {"type": "string"}},
        "required": ["code", "name"],
    }
    return type(title, (serializers.JSONField,), {"_spectacular_annotation": {"field": schema}})


@extend_schema_field({})
class Anything(serializers.JSONField):
    """A value whose shape is its writer's own."""
