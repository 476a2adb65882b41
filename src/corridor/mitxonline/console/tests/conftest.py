from collections.abc import Iterator
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.test import Client

from corridor.accounts.models import User
from corridor.kit import clock
from corridor.mitxonline.catalog.tests.cast import NOW
from corridor.mitxonline.commerce.tests.gateway import PretendGateway, in_place_of_all
from corridor.mitxonline.gateways import registry

from .cast import World, make_registrar, make_world


@pytest.fixture
def gateway() -> Iterator[PretendGateway]:
    """Every order is paid at this one."""
    made = PretendGateway()
    with in_place_of_all(made), patch.object(registry, "configured", lambda: {made.name: made}):
        yield made


@pytest.fixture
def world(db: None, gateway: PretendGateway) -> Iterator[World]:
    with clock.fixed(NOW - timedelta(hours=1)):
        made = make_world(gateway)
    with clock.fixed(NOW):
        yield made


@pytest.fixture
def registrar(db: None) -> User:
    return make_registrar()


@pytest.fixture
def client(registrar: User) -> Client:
    """A registrar's browser."""
    client = Client()
    client.force_login(registrar)
    return client
