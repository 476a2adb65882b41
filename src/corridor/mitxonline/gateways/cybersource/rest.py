"""CyberSource's REST interface: JSON, each call signed by the merchant's key (HTTP Signature)."""

import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from corridor.kit import clock
from corridor.mitxonline.gateways.calls import Calls, Reply

from .profile import Profile

JSON = {"Content-Type": "application/json;charset=utf-8", "Accept": "application/hal+json;charset=utf-8"}


class Rest:
    def __init__(self, name: str, profile: Profile) -> None:
        self.profile = profile
        self.calls = Calls(name, profile.rest_address)

    def signed_post(self, path: str, data: Mapping[str, Any]) -> Reply:
        """Raises GatewayUnavailable."""
        body = json.dumps(data).encode()
        return self.calls.make("POST", path, body=body, headers=JSON | signed_headers(self.profile, path, body, clock.now()))


def signed_headers(profile: Profile, path: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers that prove that a POST of `body` is the merchant's."""
    signed = {
        "host": urlsplit(profile.rest_address).netloc,
        "date": format_datetime(now, usegmt=True),
        "(request-target)": f"post {urlsplit(profile.rest_address).path.rstrip('/')}{path}",
        "digest": "SHA-256=" + b64encode(sha256(body).digest()).decode(),
        "v-c-merchant-id": profile.merchant_id,
    }
    text = "\n".join(f"{name}: {value}" for name, value in signed.items())
    proof = b64encode(hmac.digest(b64decode(profile.merchant_secret), text.encode(), "sha256")).decode()
    parts = {"keyid": profile.merchant_key_id, "algorithm": "HmacSHA256", "headers": " ".join(signed), "signature": proof}
    sent = {name.title(): signed[name] for name in ("host", "date", "digest", "v-c-merchant-id")}
    return sent | {"Signature": ", ".join(f'{name}="{value}"' for name, value in parts.items())}
