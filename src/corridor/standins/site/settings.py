"""Settings of the stand-ins' site. It takes names and secrets from the same environment as the systems that it stands beside."""

from pathlib import Path

from corridor.config import config
from corridor.embedded.home import local_secrets

CONFIG = config()
FOLDER = CONFIG.under("standins")
FOLDER.mkdir(parents=True, exist_ok=True)
SECRET_KEY = local_secrets(CONFIG.home)["standins"]
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "corridor.standins.site.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"

STANDINS = [f"corridor.standins.{file.parent.name}" for file in sorted(Path(__file__).parents[1].glob("*/apps.py"))]
INSTALLED_APPS = [*STANDINS, "django.contrib.sessions"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": FOLDER / "standins.sqlite3",
        "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"},
    }
}
# Cookies know no ports: the site that is tried runs on the same host.
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "standin_session", "standin_csrf"
SESSION_COOKIE_SAMESITE = "Lax"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": CONFIG.log_level},
}
