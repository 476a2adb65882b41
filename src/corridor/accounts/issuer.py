"""The identity provider that is configured: its addresses and keys, and what a token signed by it says."""

import json
import time
from functools import cache
from threading import Lock
from typing import Any, Final

import jwt
from django.conf import settings

from corridor.kit.http import HttpClient, HttpFailed, Limits

PROVIDER = "sso"
# Signatures that only the issuer can make. A secret that both know proves nothing of who made it.
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
KEPT_SECONDS = 600.0
SOONEST_SECONDS = 30.0
LEEWAY_SECONDS = 30
LIMITS = Limits(connect_seconds=3, read_seconds=5, total_seconds=10, largest_bytes=2**20, attempts=2)


class TokenRefused(Exception):
    """Nobody can be known by this token; the message is for the log."""


class Issuer:
    """Asks the provider for its description and keys, keeps them a while, and asks again when a key is new, though not for every forgery."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._client = HttpClient(trusted=[address], limits=LIMITS)
        self._description: dict[str, Any] = {}
        self._keys: dict[str, jwt.PyJWK] = {}
        self._asked = -KEPT_SECONDS
        self._lock = Lock()

    def claims(self, token: str, *, audience: str | None) -> dict[str, Any]:
        """What the token says, once signature, issuer, audience and times are right. Raises TokenRefused."""
        if not audience:
            raise TokenRefused("meant for nobody that we are")
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") not in ALGORITHMS:
                raise TokenRefused(f"signed by {header.get('alg')}")
            needed = ["exp", "iat", "iss", "aud"]
            key = self._key(str(header.get("kid", "")))
            return dict(
                jwt.decode(
                    token,
                    key,
                    algorithms=list(ALGORITHMS),
                    audience=audience,
                    issuer=self._issuer(),
                    leeway=LEEWAY_SECONDS,
                    options={"require": needed},
                )
            )
        except (jwt.PyJWTError, HttpFailed, KeyError, ValueError, TypeError) as error:
            raise TokenRefused(f"{type(error).__name__}: {error}") from error

    def _issuer(self) -> str:
        return str(self._description["issuer"])

    def _key(self, kid: str) -> jwt.PyJWK:
        with self._lock:
            age = time.monotonic() - self._asked
            if age > KEPT_SECONDS or (kid not in self._keys and age > SOONEST_SECONDS):
                self._asked = time.monotonic()
                self._ask()
        if kid not in self._keys:
            raise TokenRefused("signed by a key that the issuer does not have")
        return self._keys[kid]

    def _ask(self) -> None:
        description = self._json(f"{self.address}/.well-known/openid-configuration")
        if str(description.get("issuer", "")).rstrip("/") != self.address:
            raise TokenRefused("the issuer describes another one")
        keys = jwt.PyJWKSet.from_dict(self._json(description["jwks_uri"]))
        self._description = description
        self._keys = {key.key_id or "": key for key in keys.keys if key.public_key_use in (None, "sig")}

    def _json(self, address: str) -> dict[str, Any]:
        answer = self._client.get(address, headers={"Accept": "application/json"})
        with answer.body:
            return dict(json.load(answer.body))


@cache
def _known(address: str) -> Issuer:
    return Issuer(address)


def issuer() -> Issuer:
    """The configured one. Asked for only where there is one."""
    return _known(settings.CONFIG.oidc_issuer)
