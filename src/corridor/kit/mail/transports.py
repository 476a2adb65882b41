"""Where mail goes: a server, or a folder that a developer reads."""

import os
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from django.conf import settings

PATIENCE_SECONDS = 20.0
PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True)
class Letter:
    """A mail as it travels. `name` is its Message-ID."""

    name: str
    sender: str
    recipients: tuple[str, ...]
    content: bytes


class Carrier(Protocol):
    """Takes letters one by one; raises when it did not take one."""

    def take(self, letter: Letter) -> None: ...


class Transport(Protocol):
    def open(self) -> AbstractContextManager[Carrier]: ...


@dataclass(frozen=True)
class Folder:
    """Each letter is a file, named by its Message-ID, which nobody but its owner can read."""

    path: Path

    @contextmanager
    def open(self) -> Iterator["Folder"]:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield self

    def take(self, letter: Letter) -> None:
        file = self.path / f"{sha256(letter.name.encode()).hexdigest()[:24]}.eml"
        draft = file.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_bytes(letter.content)
        os.replace(draft, file)


class _Server:
    def __init__(self, connection: smtplib.SMTP) -> None:
        self.connection = connection

    def take(self, letter: Letter) -> None:
        self.connection.sendmail(letter.sender, letter.recipients, letter.content)


@dataclass(frozen=True)
class Smtp:
    """smtp://user:password@host:587 asks for encryption (STARTTLS) wherever a password is sent; smtps:// begins with it."""

    url: str

    @contextmanager
    def open(self) -> Iterator[_Server]:
        parts = urlsplit(self.url)
        host, port = parts.hostname or "localhost", parts.port or PORTS[parts.scheme]
        safe = ssl.create_default_context()
        if parts.scheme == "smtps":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=PATIENCE_SECONDS, context=safe)
        else:
            connection = smtplib.SMTP(host, port, timeout=PATIENCE_SECONDS)
        with connection:
            connection.ehlo()
            if parts.scheme == "smtp" and (parts.username or connection.has_extn("starttls")):
                connection.starttls(context=safe)
            if parts.username:
                connection.login(unquote(parts.username), unquote(parts.password or ""))
            yield _Server(connection)


def folder() -> Folder | None:
    """The folder that mail goes into where no server is named; none where one is."""
    return None if settings.CONFIG.email_url else Folder(settings.CONFIG.under("mail"))


def transport() -> Transport:
    url = settings.CONFIG.email_url
    return Smtp(url.get_secret_value()) if url else Folder(settings.CONFIG.under("mail"))
