"""The console's world is made once: tests change it in transactions of their own, which are taken back."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from corridor.accounts.models import User
from corridor.kit import clock
from corridor.mitxonline.catalog.tests.cast import NOW
from corridor.mitxonline.commerce.tests.gateway import PretendGateway, in_place_of_all
from corridor.mitxonline.gateways import registry
from tests.fixtures.database import for_many_tests

from .cast import World, make_registrar, make_world


@dataclass(frozen=True)
class Scene:
    """The world, the gateway that its orders were paid at, and who looks after it."""

    world: World
    gateway: PretendGateway
    registrar: User


@contextmanager
def the_only(gateway: PretendGateway) -> Iterator[PretendGateway]:
    """Every order is paid at this one."""
    with in_place_of_all(gateway), patch.object(registry, "configured", lambda: {gateway.name: gateway}):
        yield gateway


@pytest.fixture(scope="package")
def scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    gateway = PretendGateway()
    with for_many_tests(django_db_blocker):
        with the_only(gateway), clock.fixed(NOW - timedelta(hours=1)):
            world = make_world(gateway)
        yield Scene(world, gateway, make_registrar())


@pytest.fixture
def gateway(scene: Scene) -> Iterator[PretendGateway]:
    with the_only(scene.gateway.copy()) as gateway:
        yield gateway


@pytest.fixture
def world(db: None, scene: Scene, gateway: PretendGateway) -> Iterator[World]:
    with clock.fixed(NOW):
        yield copy.deepcopy(scene.world)


@pytest.fixture
def registrar(db: None, scene: Scene) -> User:
    return copy.deepcopy(scene.registrar)


@pytest.fixture
def client(registrar: User) -> Client:
    """A registrar's browser."""
    client = Client()
    client.force_login(registrar)
    return client
