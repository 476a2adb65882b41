"""The change of an address as programs ask for it: with the password, and with the code of the letter."""

from collections.abc import Iterator

import pytest
from allauth.core import context
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import RequestFactory

from corridor.accounts import actions
from corridor.accounts.errors import Implausible, NoSuchChange, WrongPassword
from corridor.accounts.models import User
from tests.fixtures.accounts import Letters

from .cast import PASSWORD, link_in, make_person


def request_of(user: User) -> HttpRequest:
    request = RequestFactory().post("/")
    request.user, request.session = user, SessionStore()
    request._messages = FallbackStorage(request)
    return request


@pytest.fixture
def person() -> User:
    return make_person()


@pytest.fixture
def request_of_person(person: User) -> Iterator[HttpRequest]:
    request = request_of(person)
    with context.request_context(request):
        yield request


def test_the_code_of_the_letter_makes_the_change(person: User, request_of_person: HttpRequest, letters: Letters) -> None:
    actions.begin_address_change(request_of_person, email="Countess@example.org", password=PASSWORD)
    code = link_in(letters()[0]).split("/")[-2]
    actions.confirm_address_change(request_of_person, code=code)
    person.refresh_from_db()
    assert person.email == "countess@example.org"
    assert [letter["To"] for letter in letters()] == ["countess@example.org", "ada@example.org"]
    with pytest.raises(NoSuchChange):
        actions.confirm_address_change(request_of_person, code=code)


def test_the_password_is_asked_for(request_of_person: HttpRequest, letters: Letters) -> None:
    with pytest.raises(WrongPassword):
        actions.begin_address_change(request_of_person, email="countess@example.org", password="wrong")
    assert letters() == []


@pytest.mark.parametrize("email", ["", "nonsense", "ada@example.org"])
def test_what_is_no_new_address_is_refused(request_of_person: HttpRequest, email: str) -> None:
    with pytest.raises(Implausible) as refused:
        actions.begin_address_change(request_of_person, email=email, password=PASSWORD)
    assert refused.value.members == {"field": "new_email"}


def test_another_persons_code_is_none(request_of_person: HttpRequest, letters: Letters) -> None:
    actions.begin_address_change(request_of_person, email="countess@example.org", password=PASSWORD)
    code = link_in(letters()[0]).split("/")[-2]
    other = request_of(make_person("grace@example.org"))
    with context.request_context(other), pytest.raises(NoSuchChange):
        actions.confirm_address_change(other, code=code)
