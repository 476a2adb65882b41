"""Reads the folder of mail."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

NAME = re.compile(r"[0-9a-f]{24}")


@dataclass(frozen=True)
class Received:
    id: str
    to: str
    subject: str
    text: str
    at: datetime


def newest(folder: Path, limit: int = 100) -> list[Received]:
    """What came last, first."""
    files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime, reverse=True) if folder.is_dir() else []
    return [_read(file) for file in files[:limit]]


def one(folder: Path, id: str) -> Received | None:
    file = folder / f"{id}.eml"
    return _read(file) if NAME.fullmatch(id) and file.is_file() else None


def _read(file: Path) -> Received:
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain", "html"))
    text = str(body.get_content()) if body else ""
    when = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return Received(file.stem, str(message.get("To", "")), str(message.get("Subject", "")), text, when)
