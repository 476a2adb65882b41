"""Traces to OpenTelemetry and errors to Sentry, when their usual variables are set. Without them neither is imported."""

import os

from corridor import __version__
from corridor.config import Config

SERVICE = "corridor"


def switch_on(config: Config) -> None:
    """Start what the settings ask for. Called once in each process, before the web server's handlers are made."""
    wanted = config.otel_endpoint or os.environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    if wanted and os.environ.get("OTEL_SDK_DISABLED", "").lower() != "true":
        _trace()
    if config.sentry_dsn:
        _report_errors(config.sentry_dsn.get_secret_value(), config.environment)


def _trace() -> None:
    # Read by the instrumentation when it is imported: probes are not traced, they would outnumber everything else.
    os.environ.setdefault("OTEL_PYTHON_DJANGO_EXCLUDED_URLS", "health/.*")
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.instrumentation.celery import CeleryInstrumentor
    from opentelemetry.instrumentation.django import DjangoInstrumentor
    from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    named = {"service.name": os.environ.get("OTEL_SERVICE_NAME", SERVICE), "service.version": __version__}
    provider = TracerProvider(resource=Resource.create(named))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    DjangoInstrumentor().instrument()
    PsycopgInstrumentor().instrument(skip_dep_check=True)
    CeleryInstrumentor().instrument()  # type: ignore[no-untyped-call]  # its annotations are missing


def _report_errors(dsn: str, environment: str) -> None:
    import sentry_sdk

    sentry_sdk.init(
        dsn=dsn,
        release=f"{SERVICE}@{__version__}",
        environment=os.environ.get("SENTRY_ENVIRONMENT", environment),
        traces_sample_rate=float(os.environ.get("SENTRY_TRACES_SAMPLE_RATE", "0")),
        send_default_pii=False,
        max_request_body_size="never",
    )
