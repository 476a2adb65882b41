"""People of the tests, and what they do at the door."""

import re
from email.message import EmailMessage
from functools import cache

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import get_hasher, make_password
from django.http import HttpResponse
from django.test import Client

from corridor.accounts.adapter import new_username
from corridor.accounts.models import User

PASSWORD = "seven quiet herons"


def hashed(password: str) -> str:
    """As it is kept. Half a second's work, which is done once."""
    return _hashed(password, get_hasher().algorithm)


@cache
def _hashed(password: str, algorithm: str) -> str:
    return make_password(password)


def make_person(email: str = "ada@example.org", *, name: str = "Ada Lovelace", verified: bool = True, password: str = PASSWORD) -> User:
    user = User.objects.create(username=new_username(), email=email, password=hashed(password), name=name)
    EmailAddress.objects.create(user=user, email=email, verified=verified, primary=True)
    return user


def sign_in(client: Client, email: str = "ada@example.org", password: str = PASSWORD) -> HttpResponse:
    return client.post("/accounts/login/", {"login": email, "password": password})


def sign_up(client: Client, email: str = "ada@example.org", **changes: str) -> HttpResponse:
    return client.post("/accounts/signup/", {"name": "Ada Lovelace", "email": email, "password1": PASSWORD} | changes)


def link_in(letter: EmailMessage) -> str:
    """The path of the first address in a mail that leads somewhere."""
    body = letter.get_body(("plain",))
    assert body
    found = re.search(r"https?://[^/\s]+(/accounts/\S+)", body.get_content())
    assert found, body.get_content()
    return found[1]


def prove(client: Client, password: str = PASSWORD) -> HttpResponse:
    """Say the password again, as pages that matter ask."""
    return client.post("/accounts/reauthenticate/", {"password": password})


def is_signed_in(client: Client) -> bool:
    return client.get("/accounts/").status_code == 200
