"""`corridor stop`: ends what runs from a home folder, whoever started it."""

import os
import signal
import time
from contextlib import suppress

from corridor.config import Config

from .errors import EmbeddedError
from .home import SharedUse, held, told
from .servers import stop_embedded
from .supervisor import sweep_left_behind

STOP_SECONDS = 60.0


def stop(config: Config) -> list[str]:
    """Stop `corridor up` if it runs, then what a killed one left behind. Servers that another command uses go on. Gives what was stopped."""
    stopped = ["corridor up"] if _stop_up(config) else []
    if sweep_left_behind(config.under("run", "processes.json"), config.home):
        stopped.append("what it left behind")
    use = SharedUse(config.under("run"))
    with use.turn():
        return stopped + (stop_embedded(config) if use.is_last() else [])


def _stop_up(config: Config) -> bool:
    with held(config.under("run", "up.lock")) as free:
        if free:
            return False
    register = told(config.under("run", "up.json"))
    if not register:
        raise EmbeddedError("Corridor is just about to start. Wait until it is up, then stop it.")
    with suppress(ProcessLookupError):
        os.kill(register["process"], signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline:
        with held(config.under("run", "up.lock")) as free:
            if free:
                return True
        time.sleep(0.1)
    raise EmbeddedError(
        f"Corridor did not stop within {STOP_SECONDS:.0f} s. Its processes are listed in {config.under('run', 'processes.json')}."
    )
