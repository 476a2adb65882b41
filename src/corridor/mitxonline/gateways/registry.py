"""The payment gateways of this deployment: those whose keys the settings hold. A new one is a folder and a line here."""

from collections.abc import Mapping
from functools import lru_cache

from django.conf import settings

from corridor.config import Config

from .cybersource.gateway import CyberSource
from .errors import GatewayUnknown
from .port import Gateway
from .stripe.gateway import Stripe

PLUG_INS = (CyberSource, Stripe)


def gateway(name: str) -> Gateway:
    """The gateway of an order, by the published gateway_type. Raises GatewayUnknown."""
    found = configured().get(name)
    if found is None:
        raise GatewayUnknown(name)
    return found


def default() -> Gateway:
    """The gateway that new orders are paid by. Raises GatewayUnknown."""
    return gateway(settings.CONFIG.default_gateway)


def configured() -> Mapping[str, Gateway]:
    return _of(settings.CONFIG)


@lru_cache(maxsize=4)
def _of(config: Config) -> Mapping[str, Gateway]:
    """Kept for their connections; settings do not change while a process runs."""
    return {plug_in.name: made for plug_in in PLUG_INS if (made := plug_in.of(config)) is not None}
