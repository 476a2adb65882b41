"""Stand-ins that `corridor up` starts for the outside services which the environment does not name."""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from corridor.config import Config

from .home import local_secrets
from .server import is_free

FIRST_PORT, PORTS_TO_TRY = 8100, 800
CLIENT = "corridor"
# What the courseware that stands in is called at our identity provider.
SIGN_ON_CLIENT = "standin-courseware"

Secrets = Mapping[str, str]


@dataclass(frozen=True)
class Service:
    """An outside service: the fields of the settings that name a real one, and the variables that lead to its stand-in instead."""

    system: str
    named_by: Sequence[str]
    variables: Callable[[str, Secrets], dict[str, str]]


def _courseware(address: str, known: Secrets) -> dict[str, str]:
    return {
        "OPENEDX_API_BASE_URL": f"{address}/openedx",
        "OPENEDX_COURSE_BASE_URL": f"{address}/openedx/courses",
        "OPENEDX_API_CLIENT_ID": CLIENT,
        "OPENEDX_API_CLIENT_SECRET": known["courseware_client"],
        "MITX_ONLINE_REGISTRATION_ACCESS_TOKEN": known["courseware_registration"],
        "OPENEDX_WEBHOOK_SECRET": known["courseware_webhook"],
        "OPENEDX_SIGN_ON_CLIENT_ID": SIGN_ON_CLIENT,
    }


def _cybersource(address: str, known: Secrets) -> dict[str, str]:
    prefix = "MITOL_PAYMENT_GATEWAY_CYBERSOURCE"
    return {
        f"{prefix}_SECURE_ACCEPTANCE_URL": f"{address}/payments/cybersource/pay",
        f"{prefix}_ACCESS_KEY": CLIENT,
        f"{prefix}_PROFILE_ID": CLIENT,
        f"{prefix}_SECURITY_KEY": known["payments_profile"],
        f"{prefix}_REST_API_ENVIRONMENT": f"{address}/payments/cybersource/rest",
        f"{prefix}_MERCHANT_ID": CLIENT,
        f"{prefix}_MERCHANT_SECRET_KEY_ID": CLIENT,
        f"{prefix}_MERCHANT_SECRET": b64encode(known["payments_merchant"].encode()).decode(),
    }


def _stripe(address: str, known: Secrets) -> dict[str, str]:
    return {
        "STRIPE_API_URL": f"{address}/payments/stripe",
        "STRIPE_SECRET_KEY": f"sk_test_{known['payments_stripe']}",
        "STRIPE_WEBHOOK_SECRET": f"whsec_{known['payments_webhook']}",
    }


SERVICES = (
    Service("mitxonline", ("openedx_api", "courseware_base"), _courseware),
    Service("mitxonline", ("cybersource_access_key", "cybersource_profile", "cybersource_security_key"), _cybersource),
    Service("mitxonline", ("stripe_key", "stripe_webhook_secret"), _stripe),
)


@dataclass(frozen=True)
class StandIns:
    """The port of the stand-ins' site and what tells our own processes of it; no port when none is needed."""

    port: int | None
    variables: dict[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}" if self.port else ""


def stand_ins(config: Config) -> StandIns:
    """What stands in for what. Production has its own services, or none."""
    wanted = [] if config.production else [service for service in SERVICES if _is_wanted(service, config)]
    port = next((port for port in _ports(config.home) if is_free(port, "127.0.0.1")), None) if wanted else None
    if port is None:
        return StandIns(None, {})
    known = local_secrets(config.home)
    variables: dict[str, str] = {}
    for service in wanted:
        variables |= service.variables(f"http://127.0.0.1:{port}", known)
    return StandIns(port, variables)


def _ports(home: Path) -> list[int]:
    """Beginning with the home folder's own: the same at every start, and seldom another folder's that starts at the same time."""
    own = crc32(str(home.absolute()).encode()) % PORTS_TO_TRY
    return [FIRST_PORT + (own + step) % PORTS_TO_TRY for step in range(PORTS_TO_TRY)]


def _is_wanted(service: Service, config: Config) -> bool:
    return service.system in config.systems and config.model_fields_set.isdisjoint(service.named_by)


def server_words(port: int) -> list[str]:
    """The program and its arguments. One process: its tables lie in a file."""
    options = {
        "--interface": "wsgi",
        "--host": "127.0.0.1",
        "--port": port,
        "--workers": 1,
        "--blocking-threads": 4,
        "--log-level": "warning",
    }
    return ["granian", *(str(word) for pair in options.items() for word in pair), "--no-ws", "corridor.standins.site.wsgi:application"]
