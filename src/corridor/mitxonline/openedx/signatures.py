"""The signature of a webhook: `t=<seconds>,v1=<hex HMAC-SHA256 of "seconds.body">`. Pure."""

import hashlib
import hmac
import re

FORM = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})", re.ASCII)
LEEWAY_SECONDS = 300


def sign(body: bytes, *, secret: str, at: int) -> str:
    return f"t={at},v1={_digest(body, secret, at)}"


def wrong(header: str, body: bytes, *, secret: str, now: int) -> str:
    """What is wrong with a signature, in words; nothing when it is right. That it is old is told to nobody who cannot sign."""
    found = FORM.fullmatch(header)
    if found is None:
        return "its signature has another form"
    at = int(found[1])
    if not hmac.compare_digest(found[2], _digest(body, secret, at)):
        return "its signature is not of this body and our secret"
    return "" if abs(now - at) <= LEEWAY_SECONDS else "it was signed more than five minutes ago, or our clocks differ"


def _digest(body: bytes, secret: str, at: int) -> str:
    return hmac.new(secret.encode(), b"%d." % at + body, hashlib.sha256).hexdigest()
