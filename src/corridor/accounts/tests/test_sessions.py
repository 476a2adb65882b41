"""People see where they are signed in and end it there, at once."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.test import Client

from corridor.accounts import sessions
from corridor.accounts.devices import device
from tests.fixtures.queries import CountQueries

from .cast import PASSWORD, is_signed_in, make_person, prove, sign_in

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1"


@pytest.fixture
def phone() -> Client:
    make_person()
    phone = Client(headers={"User-Agent": PHONE})
    sign_in(phone)
    return phone


@pytest.fixture
def desk(phone: Client) -> Client:
    desk = Client(headers={"User-Agent": FIREFOX})
    sign_in(desk)
    return desk


def test_each_place_is_named(desk: Client) -> None:
    page = desk.get("/accounts/sessions/").text
    assert page.index("Firefox on Linux") < page.index("Safari on an iPhone")
    assert page.count("Sign out there") == 1


def test_one_place_is_ended_at_once(desk: Client, phone: Client) -> None:
    there = next(place for place in desk.get("/accounts/sessions/").context["places"] if not place.here)
    assert is_signed_in(phone)
    assert "You are signed out there" in desk.post("/accounts/sessions/", {"session": there.id}, follow=True).text
    assert not is_signed_in(phone)
    assert is_signed_in(desk)
    assert Session.objects.count() == 1


def test_everything_else_is_ended(desk: Client, phone: Client) -> None:
    desk.post("/accounts/sessions/", {"session": "others"})
    assert (is_signed_in(desk), is_signed_in(phone)) == (True, False)


def test_another_persons_session_is_not_ended(desk: Client) -> None:
    make_person("grace@example.org")
    grace = Client()
    sign_in(grace, "grace@example.org")
    theirs = grace.get("/accounts/sessions/").context["places"][0].id
    for number in (theirs, "0", "x", "9" * 30, "-1"):
        assert desk.post("/accounts/sessions/", {"session": number}).status_code == 302
    assert is_signed_in(grace)


def test_a_new_password_ends_the_others_and_takes_them_off_the_list(desk: Client, phone: Client) -> None:
    prove(desk)
    desk.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "another quiet heron"})
    assert (is_signed_in(desk), is_signed_in(phone)) == (True, False)
    assert len(desk.get("/accounts/sessions/").context["places"]) == 1


def test_a_place_that_signed_out_is_off_the_list(desk: Client, phone: Client) -> None:
    phone.post("/accounts/logout/")
    assert [place.here for place in desk.get("/accounts/sessions/").context["places"]] == [True]


def test_the_console_is_a_place_like_any_other() -> None:
    keeper = get_user_model().objects.create_superuser("keeper", "keeper@example.org", PASSWORD)
    Client().post("/cms/login/", {"username": "keeper", "password": PASSWORD})
    assert sessions.count(keeper) == 1


def test_many_places_take_no_more_queries(desk: Client, count_queries: CountQueries) -> None:
    with count_queries("accounts: sessions"):
        desk.get("/accounts/sessions/")
    for _ in range(3):
        sign_in(Client())
    with count_queries("accounts: sessions"):
        desk.get("/accounts/sessions/")


@pytest.mark.parametrize(
    ("told", "named"),
    [
        (FIREFOX, "Firefox on Linux"),
        (PHONE, "Safari on an iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.5", "A program"),
        ("", "A program"),
    ],
)
def test_browsers_are_told_in_two_words(told: str, named: str) -> None:
    assert device(told) == named
