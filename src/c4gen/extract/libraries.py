"""Libraries that talk to one kind of service, as sdk.yaml lists them."""

from functools import cache
from importlib.resources import files
from typing import Any

from c4gen.model.reading import yaml_tree

Library = dict[str, Any]


@cache
def sdk_pack() -> list[Library]:
    loaded: list[Library] = yaml_tree(files("c4gen.extract").joinpath("sdk.yaml").read_text()).value
    return loaded


@cache
def library_of(host: str) -> Library | None:
    """The service that a host belongs to, so that a call by address and one by its library lead to one box."""
    name = host.partition(":")[0].lower()
    fitting = [(len(one), pack) for pack in sdk_pack() for one in pack.get("hosts", ()) if name == one or name.endswith(f".{one}")]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None


@cache
def imported(name: str) -> Library | None:
    """The service behind an imported name."""
    return next((pack for pack in sdk_pack() if any(name == symbol or name.startswith(f"{symbol}.") for symbol in pack["symbols"])), None)


def of_cloud(service: str) -> Library:
    """What `boto3.client(service)` talks to: storage, mail, or a service of the cloud by its own name."""
    own = {"s3": "s3", "ses": "amazon-ses", "sesv2": "amazon-ses"}.get(service)
    if own:
        return next(pack for pack in sdk_pack() if pack["id"] == own)
    return {"id": f"aws-{service.replace('.', '-')}", "name": f"AWS {service}", "kind": "cloud", "protocol": "HTTPS", "symbols": []}


def of_google(service: str) -> Library:
    """What `build(service, version)` of Google's client talks to."""
    own = next((pack for pack in sdk_pack() if pack["id"] == service), None)
    return own or {"id": f"google-{service}", "name": f"Google {service.title()}", "kind": "api", "protocol": "HTTPS", "symbols": []}
