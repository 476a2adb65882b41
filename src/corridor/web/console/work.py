"""Work that staff start from the console and do not wait for."""

from typing import Any

from kombu.exceptions import OperationalError

from .errors import NotNow


def ask_worker(task: Any, *arguments: Any) -> None:
    """Have a worker do it. Raises NotNow when none can be asked."""
    try:
        task.delay(*arguments)
    except OperationalError as error:
        raise NotNow(
            "The queue of background work cannot be reached. Try again in a minute; `corridor doctor` says what is wrong."
        ) from error
