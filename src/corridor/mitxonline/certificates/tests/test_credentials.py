"""Credentials can be checked by others: here by a few lines that share no code with ours, and by the standard's own example."""

import gzip
import json
from base64 import urlsafe_b64decode
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.core.cache import cache
from django.test import Client, override_settings

from corridor.kit import clock
from corridor.mitxonline.catalog.tests.cast import NOW, a_course, a_run
from corridor.mitxonline.certificates import actions, proofs, status_list
from corridor.mitxonline.certificates.models import Certificate, CertificateTemplate, Credential
from corridor.mitxonline.certificates.proofs import ProofRefused
from corridor.mitxonline.certificates.verification import check
from corridor.mitxonline.commands import verify

from .cast import a_learner, enrolled, passes, staff

Json = dict[str, Any]
ALPHABET = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

# The example of "Data Integrity EdDSA Cryptosuites v1.0", as the standard prints it.
EXAMPLE_DID = "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
EXAMPLE_SECRET = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
EXAMPLE_SIGNATURE = "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"
EXAMPLE: Json = {
    "@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"],
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}


@pytest.fixture
def issued() -> Certificate:
    ada, run = a_learner("Zoë 王"), a_run(a_course(), is_self_paced=True)
    enrolled(ada, run)
    return passes(ada, run).issued[0]


# --- a checker of its own


def base58(text: str) -> bytes:
    number = 0
    for letter in text.encode()[1:]:
        number = number * 58 + ALPHABET.index(letter)
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def in_order(value: Any) -> str:
    """Enough for documents whose names are ASCII and whose values are text."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def holds(document: Json) -> bool:
    proof = document["proof"]
    options = in_order({name: proof[name] for name in proof if name != "proofValue"})
    content = in_order({name: document[name] for name in document if name != "proof"})
    key = base58(proof["verificationMethod"].partition("#")[2])[2:]
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(
            base58(proof["proofValue"]), sha256(options.encode()).digest() + sha256(content.encode()).digest()
        )
    except InvalidSignature:
        return False
    return True


def bit(status: Json, index: int) -> bool:
    packed = status["credentialSubject"]["encodedList"][1:]
    bits = gzip.decompress(urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    assert len(bits) * 8 >= 131_072
    return bool(bits[index // 8] >> (7 - index % 8) & 1)


# --- the standard


def test_the_example_of_the_standard_is_signed_as_the_standard_signs_it() -> None:
    key = Ed25519PrivateKey.from_private_bytes(proofs.from_multibase(EXAMPLE_SECRET)[2:])
    assert proofs.did_of(key) == EXAMPLE_DID
    signed = proofs.signed(EXAMPLE, key, NOW.fromisoformat("2023-02-24T23:36:38Z"))
    assert signed["proof"]["proofValue"] == EXAMPLE_SIGNATURE
    assert proofs.signer(signed) == EXAMPLE_DID


def test_json_is_written_as_rfc_8785_has_it() -> None:
    value = {"\u20ac": "Euro", "\r": "Return", "\ufb33": "Dalet", "1": "One", "\U0001f600": "Smile", "\x80": "Control", "ö": "O"}
    assert list(json.loads(proofs.canonical(value))) == ["\r", "1", "\x80", "ö", "\u20ac", "\U0001f600", "\ufb33"]
    assert proofs.canonical({"b": [None, True, 7], "a": '\x0f\n"\\/é'}) == '{"a":"\\u000f\\n\\"\\\\/é","b":[null,true,7]}'.encode()


@pytest.mark.parametrize("value", [0.5, 2**53, "\ud800", float("nan")])
def test_what_readers_would_write_differently_is_not_signed(value: object) -> None:
    with pytest.raises(ProofRefused):
        proofs.canonical([value])


# --- ours


@pytest.mark.django_db
def test_a_certificate_comes_with_a_credential_that_others_can_check(issued: Certificate) -> None:
    document = Credential.objects.get(certificate=issued).document
    assert holds(document)
    assert document["issuer"]["id"] == document["proof"]["verificationMethod"].partition("#")[0]
    assert document["credentialSubject"]["identifier"][0]["identityHash"] == "Zoë 王"
    changed = document | {"name": "Another course"}
    assert not holds(changed)
    assert check(changed, now=NOW).problems == ("Its signature does not fit: it was changed, or another key signed it.",)


@pytest.mark.django_db
def test_it_verifies_offline_and_shows_that_it_was_revoked(client: Client, issued: Certificate) -> None:
    document = Credential.objects.get(certificate=issued).document
    entry = document["credentialStatus"]
    address = entry["statusListCredential"].partition("8000")[2]
    before = json.loads(client.get(address).content)
    assert holds(before)
    assert not bit(before, int(entry["statusListIndex"]))
    assert check(document, now=NOW, status=before).revoked is False
    actions.revoke(actor=staff(), certificate=issued.uuid, reason="Somebody else took the exam.")
    after = _anew(client, address)
    assert holds(after)
    assert bit(after, int(entry["statusListIndex"]))
    assert check(document, now=NOW, status=after).revoked is True


def _anew(client: Client, address: str) -> Json:
    """Once the minute is over that a list is kept."""
    cache.clear()
    found: Json = json.loads(client.get(address).content)
    return found


@pytest.mark.django_db
def test_a_status_list_of_somebody_else_or_of_last_week_says_nothing(client: Client, issued: Certificate) -> None:
    document = Credential.objects.get(certificate=issued).document
    address = document["credentialStatus"]["statusListCredential"]
    stranger = Ed25519PrivateKey.generate()
    forged = proofs.signed(status_list.document(address, proofs.did_of(stranger), [], NOW), stranger, NOW)
    assert check(document, now=NOW, status=forged).problems == ("The status list is not the one that the credential names.",)
    genuine = _anew(client, address.partition("8000")[2])
    assert "does not count" in check(document, now=NOW + timedelta(days=7), status=genuine).problems[0]


def test_a_key_that_is_not_the_issuers_signs_nothing_for_it() -> None:
    mine = Ed25519PrivateKey.generate()
    signed = proofs.signed(EXAMPLE | {"issuer": EXAMPLE_DID, "type": ["VerifiableCredential", "OpenBadgeCredential"]}, mine, NOW)
    assert check(signed, now=NOW).problems == ("Another key signed it than its issuer's.",)


def test_a_signed_status_list_is_no_certificate() -> None:
    mine = Ed25519PrivateKey.generate()
    signed = proofs.signed(status_list.document("https://example.org/0/", proofs.did_of(mine), [], NOW), mine, NOW)
    assert check(signed, now=NOW).problems == ("It is no OpenBadgeCredential.",)


@pytest.mark.parametrize("broken", [{}, {"proof": []}, {"proof": {"type": "DataIntegrityProof"}}, {"issuer": 7, "credentialSubject": []}])
def test_what_is_no_credential_is_said_to_be_none(broken: Json) -> None:
    assert not check(broken, now=NOW).is_genuine


def test_the_list_has_room_for_many_and_tells_them_apart() -> None:
    told = status_list.encoded([0, 9, status_list.SIZE - 1])
    assert [index for index in (0, 1, 8, 9, 10, status_list.SIZE - 1) if status_list.is_set(told, index)] == [0, 9, status_list.SIZE - 1]
    assert status_list.place(status_list.SIZE + 5) == (1, 5)
    with pytest.raises(status_list.ListUnreadable):
        status_list.is_set(told, status_list.SIZE)


@pytest.mark.django_db
def test_without_a_key_certificates_are_issued_and_signed_later() -> None:
    ada, run = a_learner(), a_run(a_course(), is_self_paced=True)
    enrolled(ada, run)
    with override_settings(VERIFIABLE_CREDENTIAL_KEY=""):
        assert len(passes(ada, run).issued) == 1
        assert actions.sign_missing() == 0
    assert (actions.sign_missing(), actions.sign_missing()) == (1, 0)


@pytest.mark.django_db
def test_staff_can_have_certificates_of_a_course_unsigned() -> None:
    ada, run = a_learner(), a_run(a_course(), is_self_paced=True)
    CertificateTemplate.objects.create(course=run.course, provisions_credential=False)
    enrolled(ada, run)
    passes(ada, run)
    assert (Credential.objects.count(), actions.sign_missing()) == (0, 0)


# --- the command


@pytest.mark.django_db
def test_the_command_says_whose_it_is_and_what_is_wrong(client: Client, issued: Certificate, tmp_path: Path) -> None:
    document = Credential.objects.get(certificate=issued).document
    file, status = tmp_path / "credential.json", tmp_path / "status.json"
    file.write_text(json.dumps(document))
    told = CliRunner().invoke(verify, [str(file)])
    assert told.exit_code == 0
    assert "Zoë 王" in told.output
    assert "was not looked at" in told.output
    actions.revoke(actor=staff(), certificate=issued.uuid, reason="Somebody else took the exam.")
    with clock.fixed(NOW):
        status.write_text(json.dumps(_anew(client, document["credentialStatus"]["statusListCredential"].partition("8000")[2])))
        revoked = CliRunner().invoke(verify, [str(file), "--status", str(status)])
    assert (revoked.exit_code, "revoked" in revoked.output) == (1, True)
    file.write_text(json.dumps(document | {"name": "Another"}))
    assert CliRunner().invoke(verify, [str(file)]).exit_code == 1
