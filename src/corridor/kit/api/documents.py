"""The OpenAPI documents that the installed systems publish: `PUBLISHED` in the module api.documents of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec

import yaml
from django.conf import settings
from django.urls import URLPattern, URLResolver

from corridor.kit.errors import Problem

from .parameters import Json
from .routes import separately
from .schema import openapi_document


@dataclass(frozen=True)
class Published:
    """One version of an API: the addresses whose operations its document tells."""

    title: str
    version: str
    description: str
    patterns: Sequence[URLPattern | URLResolver]

    def document(self) -> Json:
        return openapi_document(list(separately(self.patterns)), title=self.title, version=self.version, description=self.description)


class NoSuchDocument(Problem):
    code = "no_such_document"
    status = 404


@cache
def published() -> Mapping[str, Published]:
    """By name, such as learn-v1; the newest version of each system first."""
    found: dict[str, Published] = {}
    for system in settings.CONFIG.systems:
        if find_spec(f"corridor.{system}.api"):
            versions = import_module(f"corridor.{system}.api.documents").PUBLISHED
            found |= {f"{system}-{version}": each for version, each in versions.items()}
    return found


@cache
def document(name: str) -> Json:
    """Raises NoSuchDocument."""
    if name not in published():
        raise NoSuchDocument(f"There is no document {name}. There are: {', '.join(published())}.")
    return published()[name].document()


def as_yaml(document: Json) -> str:
    return yaml.dump(document, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=140)


class _Plain(yaml.SafeDumper):
    """Writes what is told twice a second time."""

    def ignore_aliases(self, data: object) -> bool:
        return True
