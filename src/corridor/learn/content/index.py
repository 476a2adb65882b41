"""The index of content files: pages, documents and transcripts of courses. Pure.

Names of filters and orders are those of the published API.
"""

from corridor.learn.catalog.facts import Json
from corridor.search import Document, IndexDefinition, Keyword, Sort, Text
from corridor.search.definition import Analysis

# Owed by whatever changes content files, a message for each resource that has them.
TOPIC = "learn.contents"

CONTENTS = IndexDefinition(
    name="contents",
    texts=(
        Text("title", title=True, highlight=True),
        Text("content", highlight=True),
        Text("description"),
        Text("course", weight=0.5),
        Text("features"),
        Text("course_numbers", weight=0.9, analysis=Analysis.CODES),
    ),
    keywords=(
        Keyword("id", facet=False),
        Keyword("key", facet=False),
        Keyword("run_id", facet=False),
        Keyword("run_readable_id", facet=False),
        Keyword("resource_id", facet=False),
        Keyword("resource_readable_id", facet=False),
        Keyword("edx_module_id", facet=False),
        Keyword("offered_by"),
        Keyword("platform"),
        Keyword("topic", fold=True),
        Keyword("ocw_topic", fold=True),
        Keyword("content_feature_type", fold=True),
        Keyword("content_type"),
        Keyword("course_number", fold=True),
        Keyword("file_extension", fold=True),
    ),
    sorts=(
        Sort("id", "id"),
        Sort("-id", "id", descending=True),
        Sort("resource_readable_id", "resource_readable_id"),
        Sort("-resource_readable_id", "resource_readable_id", descending=True),
    ),
    browse="id",
)


def document(id: int, version: int, told: Json, body: bytes, *, content: str, course: str, ocw_topics: list[str]) -> Document:
    """The entry of a file, from its published shape and bytes, its text, and the title and topics of its course."""
    return Document(
        id=id,
        version=version,
        texts={
            "title": _distinct(told["title"], told["content_title"]),
            "content": content,
            "description": told["description"] or "",
            "course": course,
            "features": told["content_feature_type"],
            "course_numbers": told["course_number"],
        },
        keywords={
            "id": [str(id)],
            "key": [told["key"]],
            "run_id": _distinct(told.get("run_id")),
            "run_readable_id": _distinct(told.get("run_readable_id")),
            "resource_id": [told["resource_id"]],
            "resource_readable_id": [told["resource_readable_id"]],
            "edx_module_id": _distinct(told["edx_module_id"]),
            "offered_by": _distinct(told["offered_by"]["code"]),
            "platform": _distinct(told["platform"]["code"]),
            "topic": [topic["name"] for topic in told["topics"]],
            "ocw_topic": ocw_topics,
            "content_feature_type": told["content_feature_type"],
            "content_type": [told["content_type"]],
            "course_number": told["course_number"],
            "file_extension": _distinct(told["file_extension"]),
        },
        sorts={"id": id, "resource_readable_id": told["resource_readable_id"]},
        body=body,
    )


def _distinct(*values: object) -> list[str]:
    return list(dict.fromkeys(str(value) for value in values if value))
