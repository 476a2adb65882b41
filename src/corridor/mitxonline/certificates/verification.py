"""Checking a credential without asking anybody: its signature, its dates and, given a copy of the status list, whether it was revoked."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from corridor.kit.errors import Problem

from . import status_list
from .proofs import Json, ProofRefused, signer
from .status_list import ListUnreadable


class CredentialUnreadable(Problem):
    """A file that holds no credential."""

    code = "credential_unreadable"


@dataclass(frozen=True)
class Checked:
    """`revoked` is None as long as no list was looked at. `problems` say, in sentences, why it is not to be trusted."""

    issuer: str
    learner: str
    achievement: str
    valid_from: str
    status_address: str
    revoked: bool | None = None
    problems: Sequence[str] = field(default_factory=tuple)

    @property
    def is_genuine(self) -> bool:
        return not self.problems


def check(credential: Json, *, now: datetime, status: Json | None = None) -> Checked:
    problems = _problems(credential, "OpenBadgeCredential", now)
    entry = _part(credential, "credentialStatus")
    revoked = None
    if status is not None and not problems:
        try:
            revoked = _revoked(credential, entry, status, now)
        except (ProofRefused, ListUnreadable) as reason:
            problems.append(str(reason))
    subject = _part(credential, "credentialSubject")
    named = subject.get("identifier")
    return Checked(
        issuer=_issuer(credential),
        learner=str(named[0].get("identityHash", "")) if isinstance(named, list) and named and isinstance(named[0], dict) else "",
        achievement=str(_part(subject, "achievement").get("name", "")),
        valid_from=str(credential.get("validFrom", "")),
        status_address=str(entry.get("statusListCredential", "")),
        revoked=revoked,
        problems=tuple(problems),
    )


def read(file: Path) -> Json:
    """A document from a file. Raises CredentialUnreadable."""
    try:
        document = json.loads(file.read_bytes())
    except (ValueError, RecursionError) as error:
        raise CredentialUnreadable(f"{file} is no JSON: {error}") from error
    if not isinstance(document, dict):
        raise CredentialUnreadable(f"{file} holds no credential.")
    return document


def told(checked: Checked, issuer: str | None) -> list[str]:
    """The outcome in lines for people. `issuer` is the key that somebody expects."""
    if not checked.is_genuine:
        return ["Not to be trusted.", *checked.problems]
    if issuer and issuer != checked.issuer:
        return ["Not to be trusted.", f"It is signed by {checked.issuer}."]
    of = f"{checked.learner}: {checked.achievement}, {checked.valid_from[:10]}"
    if checked.revoked:
        return ["Genuine once, and revoked.", of]
    status = "It is not revoked." if checked.revoked is False else f"Whether it was revoked was not looked at: {checked.status_address}"
    trust = [] if issuer else [f"Signed by {checked.issuer}. See that this is the key which the issuer's own pages name."]
    return ["Genuine.", of, status, *trust]


def _problems(document: Json, kind: str, now: datetime) -> list[str]:
    """What is wrong with a signed document that is to be of a kind."""
    try:
        did = signer(document)
    except ProofRefused as reason:
        return [str(reason)]
    found = []
    kinds = document.get("type")
    if not isinstance(kinds, list) or kind not in kinds:
        found.append(f"It is no {kind}.")
    if did != _issuer(document):
        found.append("Another key signed it than its issuer's.")
    if (begins := _date(document, "validFrom")) and now < begins:
        found.append(f"It is not valid before {begins:%d %B %Y}.")
    if (ends := _date(document, "validUntil")) and ends < now:
        found.append(f"It was valid until {ends:%d %B %Y, %H:%M} UTC.")
    return found


def _revoked(credential: Json, entry: Json, status: Json, now: datetime) -> bool:
    """Whether a list says so: the one that the credential names, signed by the same issuer, not out of date."""
    if problems := _problems(status, "BitstringStatusListCredential", now):
        raise ListUnreadable(f"The status list does not count. {problems[0]}")
    if _issuer(status) != _issuer(credential) or status.get("id") != entry.get("statusListCredential"):
        raise ListUnreadable("The status list is not the one that the credential names.")
    told, index = _part(status, "credentialSubject"), str(entry.get("statusListIndex", ""))
    if told.get("statusPurpose") != "revocation" or entry.get("statusPurpose") != "revocation" or not index.isdecimal():
        raise ListUnreadable("The status list does not tell of revocation.")
    return status_list.is_set(str(told.get("encodedList", "")), int(index))


def _issuer(document: Json) -> str:
    issuer = document.get("issuer")
    return str(issuer.get("id", "")) if isinstance(issuer, dict) else str(issuer or "")


def _part(document: Json, name: str) -> dict[str, Any]:
    part = document.get(name)
    return part if isinstance(part, dict) else {}


def _date(document: Json, name: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(document[name]))
    except (KeyError, ValueError):
        return None
    return found if found.tzinfo else None
