"""Django's settings, derived from corridor.config; nothing else reads the environment."""

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import available_timezones

from django.utils.functional import SimpleLazyObject

from corridor.accounts.signing_key import local_credential_key, local_key
from corridor.config import ConfigurationError, config
from corridor.kit import logs

CONFIG = config()
if not CONFIG.database_url or not CONFIG.redis_url or not CONFIG.secret_key:
    raise ConfigurationError(["DATABASE_URL, REDIS_URL and SECRET_KEY must be set; ./corridor up and ./corridor exec bring local servers."])

PACKAGE = Path(__file__).parent
SECRET_KEY = CONFIG.secret_key.get_secret_value()
SECRET_KEY_FALLBACKS = [key.get_secret_value() for key in CONFIG.secret_key_fallbacks]
DEBUG = False
ALLOWED_HOSTS = list(CONFIG.allowed_hosts)
ROOT_URLCONF = "corridor.urls"
WSGI_APPLICATION = "corridor.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True

INSTALLED_APPS = [
    "corridor.kit",
    "corridor.accounts",
    "corridor.web",
    *(f"corridor.{system}" for system in CONFIG.systems),
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.idp.oidc",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.images",
    "wagtail.documents",
    "wagtail.snippets",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "corridor.kit.request_log.RequestLog",
    "corridor.kit.health.Probes",
    "corridor.kit.security.BrowserRules",
    "corridor.kit.security.OtherOrigins",
    "corridor.kit.security.BodyLimit",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corridor.kit.compression.Compression",
    "corridor.kit.unchanged.Unchanged",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "corridor.accounts.gateway.SignedIdentity",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "corridor.kit.problems.ProblemsAsAnswers",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "corridor.accounts.context.sign_on",
            ]
        },
    }
]


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, "application_name": "corridor"} | dict(parse_qsl(parts.query)),
    }


DATABASES = {"default": _database(CONFIG.database_url)}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CONFIG.redis_url,
        "KEY_PREFIX": "corridor",
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 5},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"


def _signing_key() -> str:
    """The key of the embedded identity provider; empty where there is none."""
    if CONFIG.oidc_private_key:
        return CONFIG.oidc_private_key.get_secret_value()
    return "" if CONFIG.production else local_key(CONFIG.home)


def _credential_key() -> str:
    """The key that signs certificates' credentials; empty where there is none."""
    if CONFIG.credential_key:
        return CONFIG.credential_key.get_secret_value()
    return "" if CONFIG.production else local_credential_key(CONFIG.home)


# --- who people are: docs/accounts.md
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "corridor.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "corridor.accounts.passwords.NotYourName"},
    {"NAME": "corridor.accounts.passwords.NotCommon"},
]
PASSWORD_RESET_TIMEOUT = 3600
ALLAUTH_TRUSTED_PROXY_COUNT = CONFIG.trusted_proxies
ACCOUNT_ADAPTER = "corridor.accounts.adapter.Accounts"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {
    "signup": "corridor.accounts.forms.SignUp",
    "login": "corridor.accounts.forms.SignIn",
    "reauthenticate": "corridor.accounts.forms.SignInAgain",
    "add_email": "corridor.accounts.forms.NewAddress",
    "change_password": "corridor.accounts.forms.ChangePassword",
    "set_password": "corridor.accounts.forms.SetPassword",
    "reset_password": "corridor.accounts.forms.ForgottenPassword",
    "reset_password_from_key": "corridor.accounts.forms.NewPassword",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 1
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
MFA_ADAPTER = "corridor.accounts.second_step.SecondStep"
MFA_FORMS = {
    "authenticate": "corridor.accounts.second_step.SecondStepCode",
    "reauthenticate": "corridor.accounts.second_step.CodeAgain",
    "activate_totp": "corridor.accounts.second_step.NewApp",
    "add_webauthn": "corridor.accounts.second_step.NewKey",
    "edit_webauthn": "corridor.accounts.second_step.RenamedKey",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Corridor"
MFA_TOTP_TOLERANCE = 1
# Browsers let localhost have passkeys without encryption, and no other name.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not CONFIG.production and CONFIG.base_url.startswith("http://")
SOCIALACCOUNT_ADAPTER = "corridor.accounts.single_sign_on.People"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = CONFIG.oidc_trusts_addresses
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "sso",
                "name": CONFIG.oidc_name,
                "client_id": CONFIG.oidc_client,
                "secret": CONFIG.oidc_secret.get_secret_value(),
                "settings": {"server_url": CONFIG.oidc_issuer},
            }
        ]
        if CONFIG.oidc_issuer and CONFIG.oidc_client and CONFIG.oidc_secret
        else [],
    }
}
IDP_OIDC_ADAPTER = "corridor.accounts.provider.Realm"
IDP_OIDC_PRIVATE_KEY = _signing_key()
VERIFIABLE_CREDENTIAL_KEY = _credential_key()
EMAIL_BACKEND = "corridor.kit.mail.backend.OutboxBackend"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = CONFIG.sender

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"

STATIC_URL = "/static/"
STATIC_ROOT = CONFIG.under("static")
MEDIA_URL = "/media/"
MEDIA_ROOT = CONFIG.under("media")
_hashed = CONFIG.production or CONFIG.static_files == "hashed"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _hashed
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not _hashed
WHITENOISE_AUTOREFRESH = not _hashed

# Django reads no more than this of a form into memory; files of an upload go to the disk, within CONFIG.largest_body.
DATA_UPLOAD_MAX_MEMORY_SIZE = min(CONFIG.largest_body, 2 * 2**20)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
WAGTAILIMAGES_MAX_UPLOAD_SIZE = CONFIG.largest_body

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
CSRF_FAILURE_VIEW = "corridor.kit.problems.csrf_failure"
CSRF_TRUSTED_ORIGINS = [CONFIG.base_url, *CONFIG.cors_origins]
if CONFIG.base_url.startswith("https://"):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600

LOGGING = logs.configuration(CONFIG.log_level, CONFIG.log_format or ("json" if CONFIG.production else "console"))

WAGTAIL_SITE_NAME = "Corridor"
WAGTAILADMIN_BASE_URL = CONFIG.base_url
WAGTAIL_ENABLE_UPDATE_CHECK = False
# Addresses and passwords are changed in one place, below /accounts/.
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILADMIN_USER_LOGIN_FORM = "corridor.accounts.forms.ConsoleSignIn"
# Browsers do not know the two that are no places.
WAGTAIL_USER_TIME_ZONES = SimpleLazyObject(lambda: sorted(available_timezones() - {"Factory", "localtime"}))
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["corridor.accounts.tokens.AccessToken", "corridor.kit.api.callers.OwnSession"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "corridor.kit.problems.api_exception_handler",
}
SPECTACULAR_SETTINGS = {
    "COMPONENT_SPLIT_REQUEST": True,
    "SORT_OPERATION_PARAMETERS": False,
    "SCHEMA_PATH_PREFIX": r"/api/v[0-9]+",
}

CELERY_BROKER_URL = CONFIG.broker_url or CONFIG.redis_url
CELERY_RESULT_BACKEND = CONFIG.redis_url
CELERY_RESULT_EXPIRES = 3600
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = CELERY_RESULT_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_TRACK_STARTED = True
# A task whose process dies is done again at once; one whose whole worker died, when its message counts as lost. Tasks with longer
# limits of their own may be delivered a second time while they run, and see to it that only one works.
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT, CELERY_TASK_TIME_LIMIT = 25 * 60, 30 * 60
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 35 * 60}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 500_000  # kB
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BEAT_SCHEDULER = "redbeat.RedBeatScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
# RedBeat's own settings, which know no namespace. A killed beat holds the others up for as long as its lock lasts.
REDBEAT = {
    "redbeat_redis_url": CELERY_BROKER_URL,
    "redbeat_redis_options": {"socket_connect_timeout": 5, "socket_timeout": 10},
    "redbeat_key_prefix": "corridor:beat:",
    "redbeat_lock_key": "corridor:beat:lock",
    "redbeat_lock_timeout": 30,
}
