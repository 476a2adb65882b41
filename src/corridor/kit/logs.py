"""Structured logs: one line an event, with the request it belongs to, and without secrets."""

import logging
import re
from collections.abc import MutableMapping
from typing import Any, Literal

import orjson
import structlog
from structlog.typing import Processor

HIDDEN = "[hidden]"
SECRET_NAME = re.compile(r"passw|secret|token|authorization|cookie|api_?key|dsn|credential|signature", re.IGNORECASE)
CREDENTIALS_IN_ADDRESS = re.compile(r"(?<=://)[^/@\s]*:[^/@\s]*@")

Event = MutableMapping[str, Any]


def hide_secrets(logger: object, method: str, event: Event) -> Event:
    """Hide what is named like a secret, at any depth, and user names with passwords in addresses."""
    for name, value in event.items():
        event[name] = _without_secrets(name, value)
    return event


def _without_secrets(name: object, value: Any) -> Any:
    if isinstance(name, str) and SECRET_NAME.search(name):
        return HIDDEN
    if isinstance(value, str):
        return CREDENTIALS_IN_ADDRESS.sub(f"{HIDDEN}@", value) if "://" in value else value
    if isinstance(value, dict):
        return {inner: _without_secrets(inner, each) for inner, each in value.items()}
    if isinstance(value, list | tuple):
        return [_without_secrets(None, each) for each in value]
    return value


class OnlyTraces(logging.Filter):
    """Lets entries pass that hold a trace. Our own entry for each request tells the rest."""

    def filter(self, record: logging.LogRecord) -> bool:
        return bool(record.exc_info)


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]


def configuration(level: str, style: Literal["json", "console"]) -> dict[str, Any]:
    """What logging.config.dictConfig takes. Entries of the standard library's loggers come out like our own."""
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, structlog.stdlib.PositionalArgumentsFormatter(), *SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )  # fmt: skip
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [structlog.stdlib.ExtraAdder(), *SHARED],
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, hide_secrets, _renderer(style)],
            }
        },
        "filters": {"only_traces": {"()": OnlyTraces}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Our own entry for each request tells what these would repeat.
            "django.request": {"level": "ERROR", "filters": ["only_traces"]},
            "django.server": {"level": "ERROR"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            # These tell of routine work at levels of their own.
            "celery.beat": {"level": max(logging.WARNING, getattr(logging, level))},
        },
    }


def as_line(logger: object, method: str, event: Event) -> str:
    """An entry for people: when, how severe, what, its details, its trace. structlog's own takes twice the time of the whole entry."""
    when, level, what, trace = (str(event.pop(name, "")) for name in ("timestamp", "level", "event", "exception"))
    details = " ".join(f"{name}={value}" for name, value in event.items() if value not in (None, ""))
    return f"{when[:19]} {level:7} {what}  {details}" + (f"\n{trace}" if trace else "")


def _renderer(style: Literal["json", "console"]) -> Any:
    if style == "console":
        return as_line
    return structlog.processors.JSONRenderer(serializer=lambda event, **options: orjson.dumps(event, default=str).decode())
