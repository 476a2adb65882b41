"""Whether exactly one of many succeeds who buy at once with the last use of a code.

    ./corridor bench last_use [--repetitions 100] [--buyers 50] [--json bench/results/last_use.json]

Each buyer is a thread with a connection of its own, from checkout to the paid order, on a database of its own.
"""

import argparse
import json
import os
import platform
import time
from collections import Counter
from pathlib import Path

os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

django.setup()

from corridor.embedded import databases
from corridor.mitxonline.commerce import invariants
from corridor.mitxonline.commerce.tests.gateway import PretendGateway
from corridor.mitxonline.enrollments.tests.cast import a_sold_run
from tests.fixtures.database import make_copy, migrated_database
from tests.races.last_use import the_last_use


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repetitions", type=int, default=100)
    parser.add_argument("--buyers", type=int, default=50)
    parser.add_argument("--json", type=Path, help="write the figures with the machine to this file")
    options = parser.parse_args()
    name, begun = f"corridor_last_use_{os.getpid()}", time.monotonic()
    make_copy(name, migrated_database())
    try:
        with databases.django_on(name):
            run, gateway = a_sold_run(), PretendGateway()
            succeeded = Counter(the_last_use(run, gateway, buyers=options.buyers).bought_with_code for _ in range(options.repetitions))
            wrong = [f"{each.rule}: {each.about} {each.said}" for each in invariants.broken()]
    finally:
        databases.drop(name)
    machine = {"cores": os.cpu_count(), "load": os.getloadavg(), "python": platform.python_version(), "system": platform.platform()}
    told = {
        "buyers": options.buyers,
        "repetitions": options.repetitions,
        "repetitions by how many succeeded": dict(succeeded),
        "wrong": wrong,
        "seconds": round(time.monotonic() - begun, 1),
        "machine": machine,
    }
    print(json.dumps(told, indent=1))
    if options.json:
        options.json.write_text(json.dumps(told, indent=1) + "\n")
    if set(succeeded) != {1} or wrong:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
