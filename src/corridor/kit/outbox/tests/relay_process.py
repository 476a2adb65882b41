"""A relay in a process of its own, to be killed: writes down the time, itself and each message that it delivers."""

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import django

django.setup()

from corridor.kit.outbox import Delivery, receiver  # noqa: E402 - after setup
from corridor.kit.outbox.relay import run  # noqa: E402 - likewise

ledger, pause = Path(sys.argv[1]), float(sys.argv[2])


@receiver("catalogue", batch=10)
def note(part: Sequence[Delivery]) -> None:
    with ledger.open("a") as file:
        for delivery in part:
            file.write(f"{time.time()} {os.getpid()} {delivery.aggregate} {delivery.id}\n")
            file.flush()
            time.sleep(pause)


run(lambda: False)
