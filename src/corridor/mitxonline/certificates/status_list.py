"""Which credentials were revoked, as a list of bits that is signed and can be kept (Bitstring Status List 1.0). Pure."""

import gzip
import io
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zlib import error as NotZipped

from .proofs import Json, moment

SIZE = 2**17  # bits of a list: so many that one of them tells nothing of who is asked about
KEPT = timedelta(days=1)  # how long a copy may stand for the list


class ListUnreadable(ValueError):
    """A status list that is none."""


def place(number: int) -> tuple[int, int]:
    """The list and the bit in it of a certificate."""
    return divmod(number, SIZE)


def encoded(revoked: Iterable[int]) -> str:
    """Bits of a list, first bit first, zipped, as URLs can hold them."""
    bits = bytearray(SIZE // 8)
    for index in revoked:
        bits[index // 8] |= 0x80 >> index % 8
    return "u" + urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).decode().rstrip("=")


def is_set(encoded_list: str, index: int) -> bool:
    """Raises ListUnreadable."""
    if not encoded_list.startswith("u"):
        raise ListUnreadable("The status list is not written as base64url.")
    packed = encoded_list[1:] + "=" * (-len(encoded_list[1:]) % 4)
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(urlsafe_b64decode(packed))) as file:
            file.seek(index // 8)
            byte = file.read(1)
    except (NotBase64, OSError, EOFError, NotZipped, ValueError):
        raise ListUnreadable("The status list cannot be read.") from None
    if not byte:
        raise ListUnreadable("The status list is too short for this credential.")
    return bool(byte[0] & 0x80 >> index % 8)


def entry(number: int, address: str) -> Json:
    """What a credential says of where its status is told. `address` is the list's."""
    index = place(number)[1]
    return {
        "id": f"{address}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": address,
    }


def document(address: str, issuer: str, revoked: Iterable[int], now: datetime) -> dict[str, Any]:
    """The list as a credential, yet to be signed."""
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": moment(now),
        "validUntil": moment(now + KEPT),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded(revoked),
        },
    }
