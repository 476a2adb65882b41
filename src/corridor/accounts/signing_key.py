"""The key of the embedded provider on a local installation: made once, readable by its owner alone."""

import os
from contextlib import suppress
from pathlib import Path

NAME = "oidc.pem"


def local_key(home: Path) -> str:
    """The key in a home folder, as PEM. Of two processes that begin at once, both take the one that is there first."""
    path = home / NAME
    if not path.exists():
        draft = home / f"{NAME}.{os.getpid()}"
        home.mkdir(parents=True, exist_ok=True)
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(_made())
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text()


def _made() -> bytes:
    # Imported here, for every command reads the settings and hardly any makes a key.
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
