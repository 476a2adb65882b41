"""Answers of searches."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from .contents import ContentFile
from .fields import Shape, maybe_address, maybe_number, number, text
from .resources import AnyResource

METADATA: dict[str, Any] = {
    "type": "object",
    "required": ["aggregations", "suggestions"],
    "properties": {
        "aggregations": {
            "type": "object",
            "description": "For each facet asked for, its values with the number of results that a filter by the value would give.",
            "additionalProperties": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["key", "doc_count"],
                    "properties": {"key": {"type": "string"}, "doc_count": {"type": "integer"}},
                },
            },
        },
        "suggestions": {"type": "array", "items": {"type": "string"}, "description": "What may have been meant, where little was found."},
        "highlights": {
            "type": "object",
            "description": "With highlight=true: by the id of a result and the name of a text, a snippet as HTML with <mark> and no other element.",
            "additionalProperties": {"type": "object", "additionalProperties": {"type": "string"}},
        },
        "explanations": {
            "type": "object",
            "description": "With dev_mode=true, for staff: by the id of a result, how its score comes about.",
            "additionalProperties": {},
        },
    },
}


@extend_schema_field(METADATA)
class Metadata(serializers.JSONField):
    """What an answer tells beside its results."""


class Found(Shape):
    count = number()
    next = maybe_address()
    previous = maybe_address()
    metadata = Metadata()


class LearningResourcesSearchResponse(Found):
    results = serializers.ListField(child=AnyResource())


class LearningResourcesVectorSearchResponse(LearningResourcesSearchResponse):
    """By meaning."""


class ContentFileSearchResponse(Found):
    results = ContentFile(many=True)


class ContentFileVectorSearchResponse(ContentFileSearchResponse):
    """By meaning."""


class SearchDefaults(Shape):
    """What a search goes by that does not say otherwise; null where a parameter has no effect."""

    search_mode = text()
    slop = maybe_number()
    yearly_decay_percent = maybe_number()
    min_score = maybe_number()
    max_incompleteness_penalty = maybe_number()
    content_file_score_weight = maybe_number()
