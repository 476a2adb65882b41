"""Whether the books close, whatever happens: runs of tests/races/market.py, each of a seed, on databases of their own.

    ./corridor bench invariants [--runs 10000] [--processes 2] [--json bench/results/invariants.json]

A file that is there is gone on with: its runs are not made again, and the figures are written every few runs. What is wrong is kept with its seed.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

django.setup()

from corridor.embedded import databases
from tests.fixtures.database import make_copy, migrated_database
from tests.races import market

A_REPORT = 20  # runs between two
Row = dict[str, Any]


def work(seeds: range) -> Iterator[Row]:
    """The runs of these seeds, told of in parts."""
    name = f"corridor_books_{os.getpid()}"
    make_copy(name, migrated_database())
    try:
        with databases.django_on(name), market.quiet_surroundings():
            found = market.open_market()
            for first in seeds[::A_REPORT]:
                yield _part(found, range(first, min(first + A_REPORT, seeds.stop)))
            found.crew.shutdown()
    finally:
        databases.drop(name)


def _part(found: market.Market, seeds: range) -> Row:
    row: Row = {"first": seeds.start, "runs": len(seeds), "steps": 0, "deaths": 0, "wrong": {}}
    for seed in seeds:
        wrong = market.run(seed, found)
        row["steps"] += found.steps
        row["deaths"] += found.deaths
        if wrong:
            row["wrong"][seed] = wrong
    return row


def lead(seeds: range, take: Any) -> None:
    """A process of its own for these seeds; what it tells is taken as it comes."""
    command = [sys.executable, __file__, "--seeds", f"{seeds.start}:{seeds.stop}"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    ) as process:
        assert process.stdout
        for line in process.stdout:
            take(json.loads(line))
    if process.returncode:
        raise SystemExit(f"The process of the seeds from {seeds.start} failed.")


def parts(total: int, done: set[int], processes: int) -> list[range]:
    """What is still to be run, in as many parts as there are processes."""
    left = [first for first in range(0, total, A_REPORT) if first not in done]
    size = -(-len(left) // processes) if left else 0
    chunks = [left[start : start + size] for start in range(0, len(left), size)] if size else []
    return [piece for chunk in chunks for piece in _contiguous(chunk, total)]


def _contiguous(firsts: list[int], total: int) -> Iterator[range]:
    start = before = firsts[0]
    for first in firsts[1:]:
        if first != before + A_REPORT:
            yield range(start, min(before + A_REPORT, total))
            start = first
        before = first
    yield range(start, min(before + A_REPORT, total))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", type=Path, default=Path("bench/results/invariants.json"))
    parser.add_argument("--seeds", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.seeds:
        first, last = map(int, options.seeds.split(":"))
        for row in work(range(first, last)):
            print(json.dumps(row), flush=True)
        return
    told: Row = json.loads(options.json.read_text()) if options.json.exists() else {"seconds": 0.0, "parts": []}
    begun, before = time.monotonic(), told["seconds"]
    migrated_database()

    def take(row: Row) -> None:
        told["parts"] = sorted([*told["parts"], row], key=lambda part: part["first"])
        told.update(summary(told["parts"], before + time.monotonic() - begun))
        options.json.write_text(json.dumps(told, indent=1) + "\n")

    todo = parts(options.runs, {part["first"] for part in told["parts"]}, options.processes)
    with ThreadPoolExecutor(options.processes) as leaders:
        list(leaders.map(lead, todo, [take] * len(todo)))
    for name in ("runs", "steps", "deaths", "wrong", "seconds"):
        print(f"{name}: {told.get(name, 0)}")
    if told.get("wrong"):
        raise SystemExit(1)


def summary(rows: list[Row], seconds: float) -> Row:
    machine = {"cores": os.cpu_count(), "load": os.getloadavg(), "python": platform.python_version(), "system": platform.platform()}
    wrong = {seed: found for row in rows for seed, found in row["wrong"].items()}
    return {
        **{name: sum(row[name] for row in rows) for name in ("runs", "steps", "deaths")},
        "wrong": wrong,
        "seconds": round(seconds, 1),
        "machine": machine,
    }


if __name__ == "__main__":
    main()
