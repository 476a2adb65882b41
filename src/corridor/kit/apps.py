from collections import deque

from django.apps import AppConfig
from django.conf import settings


class KitConfig(AppConfig):
    name = "corridor.kit"
    label = "kit"

    def ready(self) -> None:
        """Bring in what domains register: receivers of messages in events.py, health checks in checks.py. Switch telemetry on if wanted."""
        from . import checks, telemetry  # noqa: F401 - checks registers
        from .domains import modules_named
        from .mail import events  # noqa: F401 - likewise

        for name in ("events", "checks"):
            deque(modules_named(name), maxlen=0)
        telemetry.switch_on(settings.CONFIG)
