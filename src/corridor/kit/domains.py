"""The domain packages of technique and of the installed systems, and what each of them brings under a known name."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.conf import settings


def domain_packages() -> Iterator[str]:
    """`corridor.kit`, `corridor.learn`, `corridor.learn.catalog` and so on, for every system that this deployment runs."""
    for name in ("kit", *settings.CONFIG.systems):
        package = import_module(f"corridor.{name}")
        yield package.__name__
        yield from (f"{package.__name__}.{found.name}" for found in pkgutil.iter_modules(package.__path__) if found.ispkg)


def modules_named(name: str) -> Iterator[ModuleType]:
    """The module of that name in each domain that has one."""
    for package in domain_packages():
        if find_spec(f"{package}.{name}"):
            yield import_module(f"{package}.{name}")
