"""The OpenAPI document, made of what views declare."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from django.urls import URLPattern, URLResolver
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

from .paging import envelope
from .parameters import Json, openapi


class Refusal(serializers.Serializer[Any]):
    """Why a request was not answered: a sentence for people, a code for programs and, for bad parameters, what is wrong with each."""

    detail = serializers.CharField()
    code = serializers.CharField(required=False)
    errors = serializers.DictField(  # type: ignore[assignment]  # a field, which no instance has as an attribute
        child=serializers.ListField(child=serializers.CharField()), required=False
    )


def _instance(shape: Any) -> Any:
    return shape() if isinstance(shape, type) else shape


class _Pages:
    """What drf-spectacular asks of a paginator."""

    def get_paginated_response_schema(self, schema: Json) -> Json:
        return envelope(schema)


class ReadingSchema(AutoSchema):
    """Operations of `Reading` views."""

    @property
    def declared(self) -> Any:
        """The `Reading` view."""
        return self.view

    def get_operation_id(self) -> str:
        return str(self.declared.operation)

    def get_tags(self) -> list[str]:
        return [self.declared.tag]

    def get_summary(self) -> str | None:
        return self.declared.summary or None

    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular has it
        return ""

    def get_auth(self) -> list[Json]:
        return []

    def _is_list_view(self, serializer: Any = None) -> bool:
        return isinstance(serializer, serializers.ListSerializer)

    def _get_paginator(self) -> Any:
        return _Pages() if self.declared.paged else None

    def get_response_serializers(self) -> Any:
        shape = self.declared.shape
        told = serializers.ListSerializer(child=deepcopy(_instance(shape))) if self.declared.rows else shape
        return {200: told, **dict.fromkeys(self._refusals(), Refusal)}

    def _refusals(self) -> list[int]:
        return [400, *([404] if "{" in self.path else []), *self.declared.refusals]

    def _get_parameters(self) -> list[Json]:
        in_path = super()._get_parameters()
        return [*in_path, *(openapi(parameter) for parameter in sorted(self.declared.parameters, key=lambda each: each.name))]


def openapi_document(patterns: Sequence[URLPattern | URLResolver], *, title: str, version: str, description: str) -> Json:
    """The document of the operations behind these addresses."""
    generator: Any = SchemaGenerator
    document: Json = generator(patterns=list(patterns)).get_schema(request=None, public=True)
    document["info"] = {"title": title, "version": version, "description": description}
    return document
