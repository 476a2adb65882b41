"""Settings are read once, understood or refused by name."""

from pathlib import Path

import pytest

from corridor.config import VARIABLES, Config, ConfigurationError, load
from corridor.embedded.settings_table import page, shown

PRODUCTION = {
    "CORRIDOR_ENV": "production",
    "SECRET_KEY": "k" * 50,
    "DATABASE_URL": "postgresql://corridor@db/corridor",
    "REDIS_URL": "redis://cache:6379/0",
    "ALLOWED_HOSTS": "learn.example.org",
    "CORRIDOR_BASE_URL": "https://learn.example.org/",
    "EMAIL_URL": "smtp://learn:secret@mail.example.org:587",
}


def problems(environ: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as refused:
        load(environ)
    return refused.value.problems


def test_nothing_set_is_a_local_installation() -> None:
    config = load({"PATH": "/bin"})
    assert not config.production
    assert config.port == 8000
    assert config.model_fields_set == set()


def test_everything_set_for_production_is_accepted() -> None:
    config = load(PRODUCTION)
    assert config.production
    assert config.base_url == "https://learn.example.org"
    assert config.allowed_hosts == ("learn.example.org",)


@pytest.mark.parametrize("missing", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS", "CORRIDOR_BASE_URL", "EMAIL_URL"])
def test_production_does_not_start_without(missing: str) -> None:
    assert problems({name: value for name, value in PRODUCTION.items() if name != missing}) == (f"{missing}: must be set in production",)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECRET_KEY", "changeme", "SECRET_KEY: must have 40 characters or more in production"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS: must name the hosts in production, not *"),
        ("CORRIDOR_BASE_URL", "http://learn.example.org", "CORRIDOR_BASE_URL: must start with https:// in production"),
    ],
)
def test_production_does_not_start_with_unsafe_values(name: str, value: str, said: str) -> None:
    assert problems(PRODUCTION | {name: value}) == (said,)


def test_an_identity_provider_is_named_whole_and_reached_safely() -> None:
    whole = {"OIDC_ISSUER": "https://id.example.org/realms/school", "OIDC_CLIENT_ID": "corridor", "OIDC_CLIENT_SECRET": "s"}
    gateway = {"GATEWAY_TOKEN_HEADER": "X-Access-Token", "GATEWAY_TOKEN_AUDIENCE": "corridor"}
    assert load(PRODUCTION | whole | gateway).oidc_issuer
    assert problems({"OIDC_ISSUER": whole["OIDC_ISSUER"]})[0].startswith("OIDC_ISSUER: needs OIDC_CLIENT_ID")
    assert problems(whole | {"GATEWAY_TOKEN_HEADER": "X"})[0].startswith("GATEWAY_TOKEN_HEADER: needs")
    assert problems(gateway)[0].startswith("GATEWAY_TOKEN_HEADER: needs OIDC_ISSUER")
    assert problems(PRODUCTION | whole | {"OIDC_ISSUER": "http://id.example.org"}) == (
        "OIDC_ISSUER: must start with https:// in production",
    )


@pytest.mark.parametrize("server", ["mail.example.org", "http://mail.example.org", "smtp://"])
def test_a_mail_server_is_named_by_its_address(server: str) -> None:
    assert problems({"EMAIL_URL": server}) == ("EMAIL_URL: must be an smtp:// or smtps:// address",)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CORRIDOR_PORT", "eighty"),
        ("CORRIDOR_PORT", "70000"),
        ("CORRIDOR_WEB_WORKERS", "0"),
        ("CORRIDOR_SYSTEMS", "learn,unlearn"),
        ("CORRIDOR_ENV", "staging"),
        ("DATABASE_URL", "mysql://x/y"),
        ("REDIS_URL", "http://x"),
        ("CORRIDOR_BASE_URL", "learn.example.org"),
        ("CORS_ALLOWED_ORIGINS", "https://a.example.org,b.example.org"),
        ("LOG_LEVEL", "LOUD"),
        ("CORRIDOR_STATIC", "1"),
    ],
)
def test_a_malformed_value_is_refused_by_name(name: str, value: str) -> None:
    (said,) = problems({name: value})
    assert said.startswith(f"{name}: ")
    assert "Value error" not in said


def test_all_problems_are_told_at_once() -> None:
    assert len(problems({"CORRIDOR_PORT": "x", "LOG_LEVEL": "y", "CORRIDOR_PROT": "80"})) == 3


def test_a_misspelt_setting_is_told_with_its_likely_name() -> None:
    assert problems({"CORRIDOR_PROT": "80"}) == ("CORRIDOR_PROT: no such setting; did you mean CORRIDOR_PORT?",)


def test_a_setting_can_be_a_file_that_holds_it(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from a file\n")
    config = load({"SECRET_KEY_FILE": str(tmp_path / "key")})
    assert config.secret_key
    assert config.secret_key.get_secret_value() == "from a file"
    assert problems({"SECRET_KEY_FILE": str(tmp_path / "none")})[0].startswith("SECRET_KEY_FILE: No such file")


def test_valkey_addresses_are_redis_addresses() -> None:
    assert load({"REDIS_URL": "valkeys://x:1/0"}).redis_url == "rediss://x:1/0"


def test_every_setting_has_a_variable_and_a_purpose() -> None:
    assert set(VARIABLES.values()) == set(Config.model_fields)
    assert all(field.description for field in Config.model_fields.values())


def test_the_page_of_settings_is_up_to_date() -> None:
    written = Path(__file__).parents[3] / "docs" / "settings.md"
    assert written.read_text() == page(), "run ./corridor settings --markdown > docs/settings.md"


def test_secrets_are_not_shown() -> None:
    config = load(PRODUCTION | {"DATABASE_URL": "postgresql://corridor:hunter2@db/corridor"})
    assert shown(config.secret_key) == "(set)"
    assert shown(config.database_url) == "postgresql://(hidden)@db/corridor"
