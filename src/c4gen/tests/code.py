"""Repositories written in a test: a dict of paths and texts, read as a folder or a commit would be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from textwrap import dedent

from c4gen.extract.run import extract
from c4gen.extract.trees import Entry
from c4gen.model.curated import Model
from c4gen.model.facts import Facts, FoundEdge
from c4gen.model.reading import parse_model


@dataclass
class Written:
    """A tree of files in memory."""

    name: str
    files: Mapping[str, str]
    url: str = ""
    passed: list[tuple[str, str, str]] = field(default_factory=list)

    def entries(self) -> list[Entry]:
        return [Entry(path, len(text), blake2b(self.read(path), digest_size=16).hexdigest()) for path, text in sorted(self.files.items())]

    def read(self, path: str) -> bytes:
        return dedent(self.files[path]).lstrip("\n").encode()

    def problems(self) -> list[tuple[str, str, str]]:
        return self.passed


SETTINGS = """
    import os
    ROOT_URLCONF = "app.urls"
"""
URLS = """
    from app import views
    from django.urls import path
    urlpatterns = [path("do/", views.do)]
"""


def facts_of(*models: Model, **repositories: Mapping[str, str]) -> Facts:
    """Facts of repositories, each a dict of files."""
    return extract([Written(name, files) for name, files in repositories.items()], models)


def service(client: str, settings: str = "", **more: str) -> dict[str, str]:
    """A Django service whose one view calls `client.run`."""
    return {
        "manage.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "app.settings")\n',
        "app/__init__.py": "",
        "app/settings.py": dedent(SETTINGS) + dedent(settings),
        "app/urls.py": dedent(URLS),
        "app/views.py": "from app import client\n\ndef do(request):\n    return client.run()\n",
        "app/client.py": client,
        **more,
    }


def edges_to(facts: Facts, target: str, **values: str) -> list[FoundEdge]:
    return [
        edge for edge in facts.edges if edge.target == target and all(str(getattr(edge, name)) == value for name, value in values.items())
    ]


def the_edge(facts: Facts, target: str, **values: str) -> FoundEdge:
    """The one edge that leads there."""
    found = edges_to(facts, target, **values)
    listed = [f"{edge.source} → {edge.target} {edge.operation} {edge.sync}" for edge in facts.edges]
    assert len(found) == 1, (listed, facts.unresolved)
    return found[0]


def lines_of(edge: FoundEdge, side: str = "consumer") -> list[str]:
    return [f"{one.path}:{one.line}" for one in edge.evidence if one.side == side]


def model(text: str) -> Model:
    read, findings = parse_model(dedent(text), "model.yaml")
    assert read is not None, findings
    return read
