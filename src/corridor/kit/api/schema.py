"""The OpenAPI document, made of what views declare."""

from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import Any

from django.urls import URLPattern, URLResolver
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

from corridor.kit.problems import PROBLEM_JSON

from .callers import Who
from .paging import envelope
from .parameters import Json, openapi


class Refusal(serializers.Serializer[Any]):
    """Why a request was not answered: a sentence for people, a code for programs and, of fields and parameters, what is wrong with each."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    instance = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]  # a field, which no instance has as an attribute
        child=serializers.ListField(child=serializers.CharField()), required=False
    )


KEY: Json = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "pattern": r"^[\x21-\x7e]{1,200}$"},
    "description": "Sent again with the same key, the command is answered again and not carried out twice.",
}
SCHEMES: Json = {
    "session": {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": "Of a browser; commands need X-CSRFToken, too."},
    "token": {"type": "http", "scheme": "bearer", "description": "An access token of the site's own identity provider."},
}


def _instance(shape: Any) -> Any:
    return shape() if isinstance(shape, type) else shape


class _Pages:
    """What drf-spectacular asks of a paginator."""

    def get_paginated_response_schema(self, schema: Json) -> Json:
        return envelope(schema)


class DeclaredSchema(AutoSchema):
    """Of views that declare what is told of them."""

    @property
    def declared(self) -> Any:
        """The view."""
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
        who = self.declared.who
        if who is None:
            return []
        return [{"session": []}, {"token": [self.declared.scope]}, *([{}] if who == Who.ANYONE else [])]

    def _get_parameters(self) -> list[Json]:
        in_path = super()._get_parameters()
        return [*in_path, *(openapi(parameter) for parameter in sorted(self.declared.parameters, key=lambda each: each.name))]

    def _is_list_view(self, serializer: Any = None) -> bool:
        return isinstance(serializer, serializers.ListSerializer)

    def _refused(self, usual: Iterable[int]) -> Any:
        """The answers to what is refused, in the order of their statuses."""
        may = {*usual, *self.declared.refusals, *([404] if "{" in self.path else [])}
        return {(status, PROBLEM_JSON): Refusal for status in sorted(may)}


class ReadingSchema(DeclaredSchema):
    """Operations of `Reading` views."""

    def _get_paginator(self) -> Any:
        return _Pages() if self.declared.paged else None

    def get_response_serializers(self) -> Any:
        shape = self.declared.shape
        told = serializers.ListSerializer(child=deepcopy(_instance(shape))) if self.declared.rows else shape
        return {200: told, **self._refused((400, 401, 403) if self.declared.who else (400,))}


class ActingSchema(DeclaredSchema):
    """Operations of `Acting` views."""

    def get_request_serializer(self) -> Any:
        return self.declared.takes

    def get_response_serializers(self) -> Any:
        return {**self.declared.answers, **self._refused((400, 401, 403, 409, 413, 415, 422, 429))}

    def _get_paginator(self) -> Any:
        return None

    def _get_parameters(self) -> list[Json]:
        return [*super()._get_parameters(), KEY]


def openapi_document(patterns: Sequence[URLPattern | URLResolver], *, title: str, version: str, description: str) -> Json:
    """The document of the operations behind these addresses."""
    generator: Any = SchemaGenerator
    document: Json = generator(patterns=list(patterns)).get_schema(request=None, public=True)
    if any("security" in operation for item in document["paths"].values() for operation in item.values()):
        document["components"]["securitySchemes"] = SCHEMES
    document["info"] = {"title": title, "version": version, "description": description}
    return document
