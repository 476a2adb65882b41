"""Keys by which a local installation signs: made once, readable by their owner alone."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

NAME = "oidc.pem"


def local_key(home: Path) -> str:
    """The key of the embedded identity provider, as PEM."""
    return _kept(home / NAME, _rsa)


def local_credential_key(home: Path) -> str:
    """The key that signs credentials."""
    return _kept(home / "credentials.pem", _ed25519)


def _kept(path: Path, make: Callable[[], bytes]) -> str:
    """Of two processes that begin at once, both take the key that is there first."""
    home = path.parent
    if not path.exists():
        draft = home / f"{path.name}.{os.getpid()}"
        home.mkdir(parents=True, exist_ok=True)
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(make())
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text()


def _rsa() -> bytes:
    # Imported here, for every command reads the settings and hardly any makes a key.
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _ed25519() -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
