"""Staff of the tests, and requests as JSON."""

import json
from typing import Any

from django.contrib.auth.models import Permission
from django.test import Client

from corridor.accounts.models import User
from corridor.accounts.tests.cast import make_person

ROOT = "/mitxonline/api/v0/"


def a_member_of_staff(*permissions: str, email: str = "grace@example.org") -> User:
    user = make_person(email, name="Grace Hopper")
    user.is_staff = True
    user.save()
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions, content_type__app_label="mitxonline"))
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(client: Client, method: str, path: str, body: Any = None, **headers: str) -> Any:
    """The answer to a command."""
    return client.generic(
        method, f"{ROOT}{path}", "" if body is None else json.dumps(body), content_type="application/json", headers=headers
    )
