"""Which gateways a deployment has: those whose keys it was given."""

from typing import Any

import pytest
from django.conf import settings

from corridor.config import ConfigurationError, load
from corridor.mitxonline.gateways import registry
from corridor.mitxonline.gateways.errors import GatewayUnknown

PREFIX = "MITOL_PAYMENT_GATEWAY_CYBERSOURCE"
PROFILE = {f"{PREFIX}_ACCESS_KEY": "a", f"{PREFIX}_PROFILE_ID": "p", f"{PREFIX}_SECURITY_KEY": "s"}
STRIPE = {"STRIPE_SECRET_KEY": "sk", "STRIPE_WEBHOOK_SECRET": "whsec"}


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Any:
    return lambda **variables: monkeypatch.setattr(settings, "CONFIG", load(variables))


def test_a_gateway_is_there_when_its_keys_are(given: Any) -> None:
    given(**PROFILE, **STRIPE)
    assert (registry.gateway("CyberSource").name, registry.gateway("Stripe").name) == ("CyberSource", "Stripe")
    given(**STRIPE)
    assert list(registry.configured()) == ["Stripe"]


def test_the_default_is_the_one_that_settings_name(given: Any) -> None:
    given(**PROFILE, **STRIPE)
    assert registry.default().name == "CyberSource"
    given(**PROFILE, **STRIPE, ECOMMERCE_DEFAULT_PAYMENT_GATEWAY="Stripe")
    assert registry.default().name == "Stripe"


@pytest.mark.parametrize("name", ["CyberSource", "PayPal", ""])
def test_a_gateway_that_is_not_set_up_is_a_sentence(given: Any, name: str) -> None:
    given(**STRIPE)
    with pytest.raises(GatewayUnknown, match="is not set up here"):
        registry.gateway(name)


@pytest.mark.parametrize("missing", [*PROFILE, *STRIPE])
def test_half_of_the_keys_is_no_setting(missing: str) -> None:
    everything = PROFILE | STRIPE
    with pytest.raises(ConfigurationError, match="needs"):
        load({name: value for name, value in everything.items() if name != missing})


@pytest.mark.parametrize("given_as", ["apitest.cybersource.com", "https://apitest.cybersource.com"])
def test_the_rest_interface_is_named_by_its_host_or_address(given_as: str) -> None:
    assert load({f"{PREFIX}_REST_API_ENVIRONMENT": given_as}).cybersource_rest == "https://apitest.cybersource.com"
