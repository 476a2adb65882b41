"""The key that signs credentials."""

from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def issuer_key() -> Ed25519PrivateKey | None:
    """None in production without VERIFIABLE_CREDENTIAL_KEY: certificates are issued all the same, and signed once there is a key."""
    return _loaded(settings.VERIFIABLE_CREDENTIAL_KEY) if settings.VERIFIABLE_CREDENTIAL_KEY else None


@cache
def _loaded(pem: str) -> Ed25519PrivateKey:
    key = load_pem_private_key(pem.encode(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ImproperlyConfigured("VERIFIABLE_CREDENTIAL_KEY must be an Ed25519 key.")
    return key
