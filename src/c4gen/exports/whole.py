"""A whole model: Structurizr DSL and JSON; a picture as JSON."""

from dataclasses import asdict
from typing import Any

import orjson

from c4gen.exports.names import aliases
from c4gen.layout.text import plain
from c4gen.model.curated import Container, System
from c4gen.model.graph import Graph
from c4gen.views.picture import Picture


def picture_json(picture: Picture) -> str:
    return _json(asdict(picture))


def model_json(graph: Graph) -> str:
    """The merged model: every box, and every arrow with how it is known."""
    return _json({"model": graph.model.model_dump(mode="json"), "connections": [asdict(connection) for connection in graph.connections]})


def _json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def structurizr(graph: Graph) -> str:
    model = graph.model
    parts = [container for system in model.systems for container in system.containers]
    names = aliases(
        [
            *(a.id for a in model.actors),
            *(s.id for s in model.systems),
            *(c.id for c in parts),
            *(p.id for c in parts for p in c.components),
        ]
    )
    relations = [
        f"    {names[c.source]} -> {names[c.target]} {_quoted(c.label or 'uses')} {_quoted(c.protocol)} {_quoted(c.sync)}"
        for c in graph.connections
        if c.source in names and c.target in names
    ]
    primary = names[model.meta.primary_system]
    lines = [
        f"workspace {_quoted(model.meta.title or model.primary.name)} {{",
        "  model {",
        *(f"    {names[actor.id]} = person {_quoted(actor.name)} {_quoted(actor.description)}" for actor in model.actors),
        *(line for system in model.systems for line in _system(system, names)),
        *relations,
        "  }",
        "  views {",
        f"    systemContext {primary} {{\n      include *\n      autolayout lr\n    }}",
        f"    container {primary} {{\n      include *\n      autolayout lr\n    }}",
        *(
            f"    component {names[c.id]} {{\n      include *\n      autolayout lr\n    }}"
            for c in model.primary.containers
            if c.components
        ),
        '    styles {\n      relationship "async" {\n        style dashed\n        color #e8a33d\n      }\n    }',
        "  }",
        "}",
        "",
    ]
    return "\n".join(lines)


def _system(system: System, names: dict[str, str]) -> list[str]:
    tags = ' "External"' if system.kind == "external" else ""
    head = f"    {names[system.id]} = softwareSystem {_quoted(system.name)} {_quoted(system.description)}{tags}"
    if not system.containers:
        return [head]
    return [f"{head} {{", *(line for container in system.containers for line in _container(container, names)), "    }"]


def _container(container: Container, names: dict[str, str]) -> list[str]:
    head = f"      {names[container.id]} = container {_quoted(container.name)} {_quoted(container.description)} {_quoted(container.technology)}"
    if not container.components:
        return [head]
    parts = (
        f"        {names[part.id]} = component {_quoted(part.name)} {_quoted(part.description)} {_quoted(part.technology)}"
        for part in container.components
    )
    return [f"{head} {{", *parts, "      }"]


def _quoted(text: str) -> str:
    return '"' + plain(text).replace("\\", "/").replace('"', "'") + '"'
