"""What CyberSource and we know of one another."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Profile:
    """A profile of Secure Acceptance, and the merchant's key to the REST API."""

    access_key: str
    profile_id: str
    address: str  # of the hosted checkout; the path tells which kind
    security_key: str = field(repr=False)
    merchant_id: str = ""
    merchant_key_id: str = ""
    merchant_secret: str = field(default="", repr=False)  # base64
    rest_address: str = ""
