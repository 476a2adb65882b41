"""The one typed settings object: read once from the environment, refused when malformed."""

import difflib
import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from corridor.kit.errors import Problem


class ConfigurationError(Problem):
    """The environment cannot be used as it is; the message has one line per problem."""

    code = "settings_unusable"
    status = 500

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("The settings cannot be used:\n" + "\n".join(f"  {problem}" for problem in problems))
        self.problems = tuple(problems)


def _split(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _origin(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("must start with http:// or https://")
    return value.rstrip("/")


def _host(value: str) -> str:
    return _origin(value if "://" in value else f"https://{value}")


def _database(value: str) -> str:
    if not value.startswith(("postgres://", "postgresql://")):
        raise ValueError("must be a postgresql:// address")
    return value


def _redis(value: str) -> str:
    if not value.startswith(("redis://", "rediss://", "unix://", "valkey://", "valkeys://")):
        raise ValueError("must be a redis:// or rediss:// address")
    return value.replace("valkey", "redis", 1) if value.startswith("valkey") else value


def _mail_server(value: SecretStr) -> SecretStr:
    address = urlsplit(value.get_secret_value())
    if address.scheme not in ("smtp", "smtps") or not address.hostname:
        raise ValueError("must be an smtp:// or smtps:// address")
    return value


Words = Annotated[tuple[str, ...], BeforeValidator(_split)]
Secrets = Annotated[tuple[SecretStr, ...], BeforeValidator(_split)]
Origin = Annotated[str, AfterValidator(_origin)]
Host = Annotated[str, AfterValidator(_host)]
Origins = Annotated[tuple[Origin, ...], BeforeValidator(_split)]
DatabaseUrl = Annotated[str, AfterValidator(_database)]
RedisUrl = Annotated[str, AfterValidator(_redis)]
MailServer = Annotated[SecretStr, AfterValidator(_mail_server)]
System = Literal["learn", "mitxonline"]
SYSTEMS: tuple[System, ...] = ("learn", "mitxonline")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def setting(name: str, purpose: str, default: Any = ...) -> Any:
    return Field(default, description=purpose, json_schema_extra={"variable": name})


class Config(BaseModel):
    """Every setting of Corridor. The description of a field is its documentation in docs/settings.md."""

    model_config = ConfigDict(frozen=True)

    environment: Literal["local", "production"] = setting(
        "CORRIDOR_ENV", "`local` starts embedded servers and shows errors; `production` demands secrets and servers.", "local"
    )
    systems: Annotated[tuple[System, ...], BeforeValidator(_split)] = setting(
        "CORRIDOR_SYSTEMS", "Systems that this deployment runs, separated by commas.", SYSTEMS
    )
    home: Path = setting("CORRIDOR_HOME", "Folder of everything that Corridor keeps: environment, data, logs.", Path(".corridor"))
    base_url: Origin = setting("CORRIDOR_BASE_URL", "Address at which people reach the site.", "http://127.0.0.1:8000")
    host: str = setting("CORRIDOR_HOST", "Address that the web server binds to.", "127.0.0.1")
    port: Annotated[int, Field(ge=1, le=65535)] = setting(
        "CORRIDOR_PORT", "Port of the web server; when it is taken, the next free one.", 8000
    )
    web_workers: Annotated[int, Field(ge=1, le=64)] = setting("CORRIDOR_WEB_WORKERS", "Web server processes.", 2)
    web_threads: Annotated[int, Field(ge=1, le=64)] = setting(
        "CORRIDOR_WEB_THREADS", "Requests that a web server process works on at once.", 4
    )
    task_processes: Annotated[int, Field(ge=1, le=64)] | None = setting(
        "CORRIDOR_TASK_PROCESSES", "Processes of the task worker. Default: one per core, two at most.", None
    )
    static_files: Literal["plain", "hashed"] = setting(
        "CORRIDOR_STATIC",
        "`hashed`: names carry a digest and browsers keep files for good (`corridor static` makes them; `corridor up` does so itself). `plain`: "
        "read from the packages. Production is always hashed.",
        "plain",
    )
    largest_body: Annotated[int, Field(ge=1024)] = setting(
        "CORRIDOR_LARGEST_BODY", "Largest request body in bytes, uploads included; more is answered with 413.", 10 * 2**20
    )
    secret_key: SecretStr | None = setting("SECRET_KEY", "Signs sessions and links. Local: made once and kept in the home folder.", None)
    secret_key_fallbacks: Secrets = setting(
        "SECRET_KEY_FALLBACKS", "Earlier keys, separated by commas: what they signed or encrypted can still be read.", ()
    )
    allowed_hosts: Words = setting("ALLOWED_HOSTS", "Host names that requests may carry.", ("127.0.0.1", "localhost", "[::1]"))
    database_url: DatabaseUrl | None = setting("DATABASE_URL", "PostgreSQL 15 or newer. Local: the embedded server.", None)
    redis_url: RedisUrl | None = setting("REDIS_URL", "Valkey or Redis for cache, locks and sessions. Local: the embedded server.", None)
    broker_url: RedisUrl | None = setting(
        "CELERY_BROKER_URL", "Valkey or Redis for tasks; one that never evicts. Default: REDIS_URL.", None
    )
    cors_origins: Origins = setting("CORS_ALLOWED_ORIGINS", "Origins whose pages may call the API with credentials.", ())
    trusted_proxies: Annotated[int, Field(ge=0, le=10)] = setting(
        "TRUSTED_PROXY_COUNT",
        "Proxies of ours in front, each of which adds to X-Forwarded-For. Rate limits go by the address that the first saw.",
        0,
    )
    commands_per_minute: Annotated[int, Field(ge=1)] = setting(
        "COMMANDS_PER_MINUTE", "Commands that the API takes of one person in a minute.", 300
    )
    anonymous_commands_per_minute: Annotated[int, Field(ge=1)] = setting(
        "ANONYMOUS_COMMANDS_PER_MINUTE", "Commands that the API takes from one address in a minute, of people who have not signed in.", 60
    )
    email_url: MailServer | None = setting(
        "EMAIL_URL",
        "Mail server: `smtp://user:password@host:587` (encrypted by STARTTLS) or `smtps://…:465`. Local: mail goes into `mail` in the home folder.",
        None,
    )
    email_from: str | None = setting(
        "EMAIL_FROM", "Sender of our mail, as `Name <address>`. Default: `Corridor <noreply@…>` with the host of CORRIDOR_BASE_URL.", None
    )
    oidc_private_key: SecretStr | None = setting(
        "OIDC_PRIVATE_KEY",
        "RSA key (PEM) by which we tell other systems who people are; without it, production is no identity provider. Local: made once.",
        None,
    )
    credential_key: SecretStr | None = setting(
        "VERIFIABLE_CREDENTIAL_KEY",
        "Ed25519 key (PEM) that signs the credentials of certificates and their status lists; without it, production issues certificates "
        "that are signed once there is one. Local: made once.",
        None,
    )
    oidc_issuer: Origin | None = setting(
        "OIDC_ISSUER",
        "Identity provider (OpenID Connect) by which people sign in, for instance a realm of Keycloak. It describes itself there.",
        None,
    )
    oidc_client: str | None = setting("OIDC_CLIENT_ID", "Our name at the identity provider.", None)
    oidc_secret: SecretStr | None = setting("OIDC_CLIENT_SECRET", "Our secret at the identity provider.", None)
    oidc_name: str = setting("OIDC_NAME", "What people call the identity provider.", "single sign-on")
    oidc_trusts_addresses: bool = setting(
        "OIDC_TRUST_EMAIL",
        "Whether an address that the provider calls verified opens the account here that has it. Only for a provider of your own.",
        False,
    )
    gateway_header: str | None = setting(
        "GATEWAY_TOKEN_HEADER",
        "Header in which a gateway hands on the token that OIDC_ISSUER signed, for instance `X-Access-Token`. Default: none is read.",
        None,
    )
    gateway_audience: str | None = setting("GATEWAY_TOKEN_AUDIENCE", "Whom that token must be meant for.", None)
    sign_up: Literal["open", "closed"] = setting(
        "CORRIDOR_SIGN_UP", "`closed`: nobody makes an account here; people come by an identity provider, or staff make accounts.", "open"
    )
    media_bucket: str | None = setting("AWS_STORAGE_BUCKET_NAME", "S3 bucket for files and raw payloads. Default: the home folder.", None)
    s3_endpoint: Origin | None = setting("AWS_S3_ENDPOINT_URL", "Address of an S3-compatible service other than Amazon's.", None)
    embedding_model: Path | None = setting("EMBEDDING_MODEL_PATH", "Another ONNX sentence encoder in place of the packaged one.", None)
    embedding_url: Origin | None = setting("EMBEDDING_API_URL", "OpenAI-compatible embeddings service in place of the local encoder.", None)
    embedding_key: SecretStr | None = setting("EMBEDDING_API_KEY", "Key of the embeddings service.", None)
    embedding_name: str | None = setting("EMBEDDING_API_MODEL", "Model name at the embeddings service.", None)
    status_token: SecretStr | None = setting(
        "STATUS_TOKEN", "When given, `/health/full/` and `/health/metrics/` want it as a bearer token.", None
    )
    catalogues: Path | None = setting(
        "CORRIDOR_CATALOGUES", "Folder of mapping files, each of which makes a catalogue of files a source.", None
    )
    courseware_base: Origin | None = setting(
        "OPENEDX_COURSE_BASE_URL", "Address of Open edX below which learners open the runs of courses.", None
    )
    default_gateway: Literal["CyberSource", "Stripe"] = setting(
        "ECOMMERCE_DEFAULT_PAYMENT_GATEWAY", "Payment gateway that new orders are paid by: `CyberSource` or `Stripe`.", "CyberSource"
    )
    cybersource_access_key: str | None = setting(
        "MITOL_PAYMENT_GATEWAY_CYBERSOURCE_ACCESS_KEY", "Access key of our profile of Secure Acceptance. Local: a stand-in, by `up`.", None
    )
    cybersource_profile: str | None = setting(
        "MITOL_PAYMENT_GATEWAY_CYBERSOURCE_PROFILE_ID", "The profile of Secure Acceptance (hosted checkout).", None
    )
    cybersource_security_key: SecretStr | None = setting(
        "MITOL_PAYMENT_GATEWAY_CYBERSOURCE_SECURITY_KEY", "Secret of the profile, which signs forms and replies.", None
    )
    cybersource_address: Origin = setting(
        "MITOL_PAYMENT_GATEWAY_CYBERSOURCE_SECURE_ACCEPTANCE_URL",
        "Address of the hosted checkout.",
        "https://secureacceptance.cybersource.com/pay",
    )
    cybersource_merchant: str | None = setting(
        "MITOL_PAYMENT_GATEWAY_CYBERSOURCE_MERCHANT_ID", "Merchant whose payments are refunded and looked up.", None
    )
    cybersource_merchant_secret: SecretStr | None = setting(
        "MITOL_PAYMENT_GATEWAY_CYBERSOURCE_MERCHANT_SECRET", "Shared secret of the merchant's REST key, in base64.", None
    )
    cybersource_merchant_key: str | None = setting(
        "MITOL_PAYMENT_GATEWAY_CYBERSOURCE_MERCHANT_SECRET_KEY_ID", "Name of the merchant's REST key.", None
    )
    cybersource_rest: Host = setting(
        "MITOL_PAYMENT_GATEWAY_CYBERSOURCE_REST_API_ENVIRONMENT",
        "Host or address of CyberSource's REST interface, for instance `apitest.cybersource.com` to try it.",
        "https://api.cybersource.com",
    )
    stripe_key: SecretStr | None = setting(
        "STRIPE_SECRET_KEY", "Our secret at Stripe; without it Stripe is not offered. Local: a stand-in, by `up`.", None
    )
    stripe_webhook_secret: SecretStr | None = setting("STRIPE_WEBHOOK_SECRET", "Secret by which Stripe signs its events.", None)
    stripe_api: Origin = setting("STRIPE_API_URL", "Address of Stripe's REST interface.", "https://api.stripe.com")
    openedx_api: Origin | None = setting(
        "OPENEDX_API_BASE_URL", "Address of Open edX, where enrollments are sent and grades are fetched. Local: a stand-in, by `up`.", None
    )
    openedx_client: str | None = setting("OPENEDX_API_CLIENT_ID", "Our name at Open edX, for tokens of our own.", None)
    openedx_secret: SecretStr | None = setting("OPENEDX_API_CLIENT_SECRET", "Our secret at Open edX.", None)
    openedx_worker_token: SecretStr | None = setting(
        "OPENEDX_SERVICE_WORKER_API_TOKEN",
        "A lasting token of Open edX's service worker, in place of OPENEDX_API_CLIENT_ID and its secret.",
        None,
    )
    openedx_worker: str | None = setting(
        "OPENEDX_SERVICE_WORKER_USERNAME", "Name of that service worker at Open edX; the list of courses is read as it sees them.", None
    )
    openedx_registration: SecretStr | None = setting(
        "MITX_ONLINE_REGISTRATION_ACCESS_TOKEN", "Token by which Open edX lets us make accounts there.", None
    )
    openedx_provider: str = setting("OPENEDX_OAUTH_PROVIDER", "What Open edX calls us where it signs learners in.", "mitxpro-oauth2")
    openedx_sign_on_client: str | None = setting(
        "OPENEDX_SIGN_ON_CLIENT_ID",
        "Id of Open edX among the systems that sign people in by their accounts here; by it, accounts there are tied to those here.",
        None,
    )
    openedx_webhook_secret: SecretStr | None = setting(
        "OPENEDX_WEBHOOK_SECRET",
        "Secret by which Open edX signs what it tells us; without it, it comes with a token of our provider.",
        None,
    )
    mitxonline_api: Origin | None = setting(
        "MITXONLINE_API_URL", "MITx Online's catalogue. Default: our own where this deployment runs it, else the one of MIT.", None
    )
    mitxonline_archives: str = setting("MITXONLINE_ARCHIVES", "Folder or S3 prefix of course archives (OLX) of its runs.", "")
    edx_api: Origin = setting("EDX_API_URL", "edX's list of courses.", "https://api.edx.org/catalog/v1/catalogs/10/courses")
    edx_programs_api: Origin = setting("EDX_PROGRAMS_API_URL", "edX's list of programs.", "https://discovery.edx.org/api/v1/programs/")
    edx_token: Origin = setting("EDX_API_ACCESS_TOKEN_URL", "Where edX gives tokens.", "https://api.edx.org/oauth2/v1/access_token")
    edx_client: str | None = setting("EDX_API_CLIENT_ID", "Our name at edX; without it edX is not read.", None)
    edx_secret: SecretStr | None = setting("EDX_API_CLIENT_SECRET", "Our secret at edX.", None)
    edx_archives: str = setting("EDX_ARCHIVES", "Folder or S3 prefix of course archives (OLX) of runs at edX.", "")
    xpro_api: Origin = setting("XPRO_API_URL", "MIT xPRO's catalogue.", "https://xpro.mit.edu/api")
    xpro_archives: str = setting("XPRO_ARCHIVES", "Folder or S3 prefix of course archives (OLX) of xPRO's runs.", "")
    see_api: Origin | None = setting("SEE_API_URL", "Sloan Executive Education's catalogue; it publishes no address.", None)
    see_token: Origin | None = setting(
        "SEE_API_ACCESS_TOKEN_URL", "Where Sloan gives tokens. Default: /oauth/token on the same host.", None
    )
    see_client: str | None = setting("SEE_API_CLIENT_ID", "Our name at Sloan.", None)
    see_secret: SecretStr | None = setting("SEE_API_CLIENT_SECRET", "Our secret at Sloan.", None)
    ocw_address: str = setting("OCW_ADDRESS", "Where courseware is read from: site, folder or S3 prefix.", "https://ocw.mit.edu/")
    ocw_site: Origin = setting("OCW_SITE_URL", "Where people read courseware.", "https://ocw.mit.edu")
    podcasts: str = setting(
        "PODCAST_CONFIGS", "YAML files that name podcasts: folder, S3 prefix or GitHub's list of a repository's folder.",
        "https://api.github.com/repos/mitodl/open-podcast-data/contents/podcasts?ref=master",
    )  # fmt: skip
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = setting("LOG_LEVEL", "Least severe log entry that is written.", "INFO")
    log_format: Literal["console", "json"] | None = setting("LOG_FORMAT", "Default: `json` in production, `console` locally.", None)
    sentry_dsn: SecretStr | None = setting(
        "SENTRY_DSN", "Reports errors to Sentry when given, which reads its other `SENTRY_` variables.", None
    )
    otel_endpoint: Origin | None = setting(
        "OTEL_EXPORTER_OTLP_ENDPOINT", "Sends traces by OTLP over HTTP when given; OpenTelemetry reads its other `OTEL_` variables.", None
    )

    @property
    def sender(self) -> str:
        return self.email_from or f"Corridor <noreply@{urlsplit(self.base_url).hostname}>"

    @property
    def own_mitxonline_api(self) -> str | None:
        """Where our own courses are read, unless another catalogue is named."""
        return f"{self.base_url}/mitxonline/api/v2" if "mitxonline" in self.systems and not self.mitxonline_api else None

    @property
    def production(self) -> bool:
        return self.environment == "production"

    def under(self, *parts: str) -> Path:
        return self.home.joinpath(*parts)


VARIABLES: dict[str, str] = {
    str(field.json_schema_extra["variable"]): name  # type: ignore[index]  # every field of ours has one
    for name, field in Config.model_fields.items()
    if field.json_schema_extra
}
# Read before there are settings (the bootstrap script) or beside them (the tests).
OTHER_VARIABLES = frozenset({"CORRIDOR_INSTALLER", "CORRIDOR_SHARED"})
NEEDED_IN_PRODUCTION = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS", "CORRIDOR_BASE_URL", "EMAIL_URL")
SHORTEST_KEY = 40


def load(environ: Mapping[str, str]) -> Config:
    """Settings from the variables of an environment. Raises ConfigurationError with every problem at once.

    Any variable can be given as a file that holds it: SECRET_KEY_FILE=/run/secrets/key.
    """
    given, problems = _with_files(environ)
    problems += list(_unknown(given))
    config = None
    try:
        config = Config.model_validate({name: given[variable] for variable, name in VARIABLES.items() if given.get(variable)})
    except ValidationError as error:
        variable_of = {name: variable for variable, name in VARIABLES.items()}
        problems += [f"{variable_of[str(each['loc'][0])]}: {each['msg'].removeprefix('Value error, ')}" for each in error.errors()]
    problems += list(_incomplete(config) if config else ())
    if given.get("CORRIDOR_ENV") == "production":
        problems += [f"{name}: must be set in production" for name in NEEDED_IN_PRODUCTION if not given.get(name)]
        problems += list(_unsafe(config) if config else ())
    if problems or config is None:
        raise ConfigurationError(problems)
    return config


def _with_files(environ: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The environment with NAME_FILE replaced by NAME, and what was wrong with the files."""
    given, problems = dict(environ), []
    for variable in VARIABLES:
        path = given.pop(f"{variable}_FILE", None)
        if path:
            try:
                given[variable] = Path(path).read_text().strip()
            except (OSError, UnicodeDecodeError) as error:
                problems.append(f"{variable}_FILE: {getattr(error, 'strerror', None) or 'holds no text'}: {path}")
    return given, problems


def _unknown(given: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(given):
        if name.startswith("CORRIDOR_") and name not in VARIABLES and name not in OTHER_VARIABLES:
            close = difflib.get_close_matches(name, VARIABLES, 1)
            yield f"{name}: no such setting" + (f"; did you mean {close[0]}?" if close else "")


def _incomplete(config: Config) -> Iterator[str]:
    """What belongs together and is given in part."""
    if config.oidc_issuer and not (config.oidc_client and config.oidc_secret) and not config.gateway_header:
        yield "OIDC_ISSUER: needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, or GATEWAY_TOKEN_HEADER"
    yield from _incomplete_gateways(config)
    if config.gateway_header and not (config.oidc_issuer and config.gateway_audience):
        yield "GATEWAY_TOKEN_HEADER: needs OIDC_ISSUER and GATEWAY_TOKEN_AUDIENCE, by which tokens are checked"


def _incomplete_gateways(config: Config) -> Iterator[str]:
    keys = (config.cybersource_access_key, config.cybersource_profile, config.cybersource_security_key)
    merchant = (config.cybersource_merchant, config.cybersource_merchant_secret, config.cybersource_merchant_key)
    prefix = "MITOL_PAYMENT_GATEWAY_CYBERSOURCE"
    if any(keys) and not all(keys):
        yield f"{prefix}_ACCESS_KEY: needs {prefix}_PROFILE_ID and {prefix}_SECURITY_KEY, and they need it"
    if any(merchant) and not all(merchant):
        yield f"{prefix}_MERCHANT_ID: needs {prefix}_MERCHANT_SECRET and {prefix}_MERCHANT_SECRET_KEY_ID, and they need it"
    if bool(config.stripe_key) != bool(config.stripe_webhook_secret):
        yield "STRIPE_SECRET_KEY: needs STRIPE_WEBHOOK_SECRET, and that needs it"


def _unsafe(config: Config) -> Iterator[str]:
    """What production does not accept although it is well formed."""
    if config.secret_key and len(config.secret_key.get_secret_value()) < SHORTEST_KEY:
        yield f"SECRET_KEY: must have {SHORTEST_KEY} characters or more in production"
    if "*" in config.allowed_hosts:
        yield "ALLOWED_HOSTS: must name the hosts in production, not *"
    if config.oidc_issuer and not config.oidc_issuer.startswith("https://"):
        yield "OIDC_ISSUER: must start with https:// in production"
    address = urlsplit(config.base_url)
    if address.scheme != "https" and address.hostname not in LOOPBACK:
        yield "CORRIDOR_BASE_URL: must start with https:// in production"


@cache
def config() -> Config:
    """The settings of this process."""
    return load(os.environ)
