"""Data Integrity proofs by eddsa-jcs-2022: Ed25519 over canonical JSON (RFC 8785), with keys that are their own name (did:key)."""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

Json = dict[str, Any]

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519_PUBLIC = b"\xed\x01"  # as multicodec numbers kinds of keys
LARGEST = 2**53 - 1


class ProofRefused(ValueError):
    """A proof that does not hold; the text says why."""


# --- canonical JSON


def canonical(value: Any) -> bytes:
    """The one way to write a value. Raises ProofRefused for fractions and numbers that not every reader tells apart; we write neither."""
    try:
        return _canonical(value).encode()
    except (UnicodeEncodeError, RecursionError):
        raise ProofRefused("It holds text that cannot be written down.") from None


def _canonical(value: Any) -> str:
    match value:
        case dict():
            names = sorted(value, key=lambda name: name.encode("utf-16-be"))
            return "{" + ",".join(f"{_text(name)}:{_canonical(value[name])}" for name in names) + "}"
        case list() | tuple():
            return "[" + ",".join(map(_canonical, value)) + "]"
        case str():
            return _text(value)
        case None | bool():
            return json.dumps(value)
        case int() if abs(value) <= LARGEST:
            return str(value)
    raise ProofRefused(f"It holds a number that cannot be signed: {value}.")


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


# --- keys and their names


def multibase(data: bytes) -> str:
    """Base 58, with the letter that says so."""
    number, letters = int.from_bytes(data), ""
    while number:
        number, digit = divmod(number, 58)
        letters = BASE58[digit] + letters
    return "z" + "1" * (len(data) - len(data.lstrip(b"\0"))) + letters


def from_multibase(text: str) -> bytes:
    if not text.startswith("z") or not set(text[1:]) <= set(BASE58) or len(text) > 200:
        raise ProofRefused("It has a key or a signature that is not written in base 58.")
    number = 0
    for letter in text[1:]:
        number = number * 58 + BASE58.index(letter)
    zeros = len(text[1:]) - len(text[1:].lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def did_of(key: Ed25519PrivateKey) -> str:
    return f"did:key:{multibase(ED25519_PUBLIC + key.public_key().public_bytes_raw())}"


def key_of(did: str) -> Ed25519PublicKey:
    """Raises ProofRefused where a name holds no Ed25519 key."""
    data = from_multibase(did.removeprefix("did:key:"))
    if not did.startswith("did:key:") or data[:2] != ED25519_PUBLIC or len(data) != 34:
        raise ProofRefused(f"{did} holds no key that this can check.")
    return Ed25519PublicKey.from_public_bytes(data[2:])


def method_of(did: str) -> str:
    return f"{did}#{did.removeprefix('did:key:')}"


# --- signing and checking


def signed(document: Json, key: Ed25519PrivateKey, created: datetime) -> Json:
    """The document with its proof."""
    options = {
        "@context": document["@context"],
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": moment(created),
        "verificationMethod": method_of(did_of(key)),
        "proofPurpose": "assertionMethod",
    }
    return document | {"proof": options | {"proofValue": multibase(key.sign(_digest(document, options)))}}


def moment(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _digest(document: Mapping[str, Any], options: Mapping[str, Any]) -> bytes:
    return sha256(canonical(options)).digest() + sha256(canonical(document)).digest()


def signer(document: Json) -> str:
    """The name of the key that signed a document, once the proof has been checked. Raises ProofRefused."""
    proof = document.get("proof")
    if not isinstance(proof, dict):
        raise ProofRefused("It has no proof.")
    if (proof.get("type"), proof.get("cryptosuite")) != ("DataIntegrityProof", "eddsa-jcs-2022"):
        raise ProofRefused("Its proof is of a kind that this cannot check.")
    if proof.get("proofPurpose") != "assertionMethod":
        raise ProofRefused("Its proof was made for another purpose.")
    if "@context" in proof and proof["@context"] != document.get("@context"):
        raise ProofRefused("Its proof was made in another context.")
    did, _, name = str(proof.get("verificationMethod", "")).partition("#")
    if name != did.removeprefix("did:key:"):
        raise ProofRefused("Its proof names no key.")
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    signature = from_multibase(str(proof.get("proofValue", "")))
    try:
        key_of(did).verify(signature, _digest(unsigned, options))
    except InvalidSignature:
        raise ProofRefused("Its signature does not fit: it was changed, or another key signed it.") from None
    return did
