"""Mail leaves after the commit, once for all who look at its name, by a server or into a folder."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.core.mail.message import BadHeaderError
from django.db import transaction
from django.test import Client, override_settings
from pydantic import SecretStr

from corridor.kit.mail import events, transports
from corridor.kit.mail.backend import OutboxBackend
from corridor.kit.mail.transports import Folder, Letter, Smtp
from corridor.kit.outbox.models import OutboxEvent
from corridor.kit.outbox.relay import drain
from tests.fixtures.accounts import Letters

pytestmark = pytest.mark.django_db


def send(**changes: Any) -> None:
    message = EmailMessage(
        **{"subject": "Grüße", "body": "Hello", "from_email": "Site <site@example.org>", "to": ["ada@example.org"], **changes}
    )
    OutboxBackend().send_messages([message])


class Unreliable:
    """A server that fails for some."""

    def __init__(self, refuses: str = "") -> None:
        self.refuses, self.taken = refuses, list[Letter]()

    @contextmanager
    def open(self) -> Iterator["Unreliable"]:
        yield self

    def take(self, letter: Letter) -> None:
        if self.refuses in letter.recipients:
            raise smtplib.SMTPServerDisconnected("gone")
        self.taken.append(letter)


def test_a_mail_of_a_change_that_is_taken_back_is_never_sent(letters: Letters) -> None:
    with transaction.atomic():
        send()
        transaction.set_rollback(True)
    assert letters() == []


def test_a_mail_arrives_as_it_was_written(letters: Letters) -> None:
    send(cc=["Grace <grace@example.org>"], bcc=["hidden@example.org"], attachments=[("a.pdf", b"%PDF\xff", "application/pdf")])
    assert OutboxEvent.objects.get().aggregate == "ada@example.org"
    (letter,) = letters()
    assert (letter["Subject"], letter["To"], letter["Cc"], letter["Bcc"]) == ("Grüße", "ada@example.org", "Grace <grace@example.org>", None)
    assert letter["Message-ID"].endswith("@127.0.0.1>")
    assert next(letter.iter_attachments()).get_content() == b"%PDF\xff"
    assert not OutboxEvent.objects.exists()


def test_a_mail_that_comes_twice_is_sent_once(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Unreliable()
    monkeypatch.setattr(events, "transport", lambda: server)
    send()
    twice = OutboxEvent.objects.get()
    drain()
    twice.pk = None
    twice.save()
    drain()
    assert len(server.taken) == 1


def test_without_that_memory_it_is_the_same_mail_by_its_name(tmp_path: Path, letters: Letters) -> None:
    send()
    twice = OutboxEvent.objects.get()
    assert len(letters()) == 1
    twice.pk = None
    twice.save()
    cache.delete(f"mail:{twice.payload['name']}")
    assert len(letters()) == 1


def test_one_that_cannot_be_sent_does_not_hold_up_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Unreliable(refuses="ada@example.org")
    monkeypatch.setattr(events, "transport", lambda: server)
    send()
    send(to=["grace@example.org"])
    drain()
    assert [letter.recipients for letter in server.taken] == [("grace@example.org",)]
    waiting = OutboxEvent.objects.get()
    assert (waiting.attempts, waiting.error) == (1, "SMTPServerDisconnected: gone")


def test_nobody_slips_a_header_in() -> None:
    with pytest.raises(BadHeaderError):
        send(subject="Hello\nBcc: all@example.org")


class Server(smtplib.SMTP):
    """smtplib's, without a network; writes down what is asked of it."""

    said: list[str] = []

    def __init__(self, host: str, port: int, **options: Any) -> None:
        self.said = Server.said = [f"connect {host}:{port}"]

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *args: object) -> None:
        self.said.append("quit")

    def ehlo(self, name: str = "") -> tuple[int, bytes]:
        return 250, b""

    def has_extn(self, opt: str) -> bool:
        return False

    def starttls(self, **options: Any) -> tuple[int, bytes]:
        self.said.append("starttls")
        return 220, b""

    def login(self, user: str, password: str, **options: Any) -> tuple[int, bytes]:
        self.said.append(f"login {user} {password}")
        return 235, b""

    def sendmail(self, sender: str, recipients: Any, content: Any, *args: Any, **options: Any) -> dict[str, Any]:
        self.said.append(f"mail {sender} {','.join(recipients)}")
        return {}


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("smtp://me:se%40cret@mail.example.org", ["connect mail.example.org:587", "starttls", "login me se@cret"]),
        ("smtps://mail.example.org:4650", ["connect mail.example.org:4650"]),
        ("smtp://localhost:25", ["connect localhost:25"]),
    ],
)
def test_a_password_travels_encrypted_alone(monkeypatch: pytest.MonkeyPatch, url: str, said: list[str]) -> None:
    monkeypatch.setattr(smtplib, "SMTP", Server)
    monkeypatch.setattr(smtplib, "SMTP_SSL", Server)
    with Smtp(url).open() as carrier:
        carrier.take(Letter("<1>", "site@example.org", ("ada@example.org",), b""))
    assert Server.said == [*said, "mail site@example.org ada@example.org", "quit"]


# --- the pages of a local site


@contextmanager
def configured(settings: Any, **changes: Any) -> Iterator[None]:
    with override_settings(CONFIG=settings.CONFIG.model_copy(update=changes)):
        yield


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Iterator[Path]:
    with Folder(tmp_path / "mail").open() as carrier:
        carrier.take(
            Letter("<1>", "a", ("b",), b"Subject: A <b>letter</b>\r\nTo: ada@example.org\r\n\r\nGo to http://127.0.0.1/x?a=1&b=2\r\n")
        )
    with configured(settings, home=tmp_path):
        yield tmp_path / "mail"


def test_a_developer_reads_the_mail_of_a_local_site(client: Client, folder: Path) -> None:
    page = client.get("/mail/")
    assert "A &lt;b&gt;letter" in page.text
    letter = client.get(f"/mail/{next(folder.iterdir()).stem}").text
    assert '<a href="http://127.0.0.1/x?a=1&amp;b=2"' in letter
    assert next(folder.iterdir()).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("path", ["nothing", "0" * 24, "..%2fsecrets"])
def test_there_is_no_other_letter(client: Client, folder: Path, path: str) -> None:
    assert client.get(f"/mail/{path}").status_code == 404


def test_visitors_from_elsewhere_read_no_mail(client: Client, folder: Path) -> None:
    assert client.get("/mail/", REMOTE_ADDR="10.0.0.7").status_code == 403
    assert client.get("/mail/", headers={"X-Forwarded-For": "10.0.0.7"}).status_code == 403


@pytest.mark.parametrize("change", [{"email_url": SecretStr("smtp://mail.example.org")}, {"environment": "production"}])
def test_a_site_that_sends_mail_shows_none(client: Client, folder: Path, settings: Any, change: dict[str, Any]) -> None:
    with configured(settings, **change):
        assert client.get("/mail/").status_code == 404


def test_mail_goes_to_the_server_that_is_named(settings: Any) -> None:
    assert transports.transport() == Folder(settings.CONFIG.under("mail"))
    with configured(settings, email_url=SecretStr("smtp://mail.example.org")):
        assert transports.transport() == Smtp("smtp://mail.example.org")
