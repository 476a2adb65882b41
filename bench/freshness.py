"""How soon a change can be found, and how long the whole index takes.

    ./corridor bench freshness [--resources 5000] [--index 20000] [--changes 30] [--json bench/results/freshness.json]

A database and a folder of their own, removed afterwards. Resources are those of bench/publish.py. Words: every entry made anew from the
database (`rebuild`), and the same by messages as the relay hands them over (`by messages`); the rival does it as applications usually
do, a commit of the index for each saved resource (on a part, told for the whole). Then a relay runs in a process of its own, and titles
are changed one at a time: the time from the end of a commit to the first search of another process that finds it, while the relay embeds
the catalogue (`busy`) and when it has nothing else to do (`idle`).
"""

import argparse
import atexit
import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from string import ascii_lowercase
from typing import Any
from urllib.parse import urlsplit

HOME = Path(tempfile.mkdtemp(prefix="corridor-bench-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
os.environ["CORRIDOR_HOME"] = str(HOME)
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

django.setup()

from django.db import connection, transaction

from bench.publish import make_catalogue
from corridor.embedded import databases, template
from corridor.kit.outbox.models import OutboxEvent
from corridor.learn.catalog.documents import publish
from corridor.learn.catalog.models import LearningResource
from corridor.learn.discovery import indexing, queries
from corridor.learn.discovery.events import WORDS_AT_ONCE
from corridor.search import Mode, Search

RIVAL_PART = 200
SETTLED_SECONDS = 900
Row = dict[str, Any]


def fill(count: int) -> list[int]:
    """A catalogue, published; the messages that it owes are dropped."""
    with transaction.atomic():
        ids = make_catalogue(count)
        publish(ids)
    OutboxEvent.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return ids


def timed(act: Callable[[], object]) -> tuple[float, float]:
    """Seconds, and seconds of processors."""
    began, cpu = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - began, time.process_time() - cpu


def indexed(count: int) -> list[Row]:
    ids = fill(count)
    part = ids[:RIVAL_PART]
    whole = timed(indexing.rebuild)
    batches = timed(lambda: [indexing.apply(ids[start : start + WORDS_AT_ONCE]) for start in range(0, count, WORDS_AT_ONCE)])
    each = timed(lambda: [indexing.apply([id]) for id in part])
    OutboxEvent.objects.all().delete()
    rows = {
        "rebuild": whole,
        "by messages": batches,
        f"a commit for each (told from {len(part)})": (each[0] * count / len(part), each[1] * count / len(part)),
    }
    return [
        {
            "step": step, "resources": count, "seconds": round(took, 2), "processor s": round(cpu, 2), "a second": round(count / took),
            "ratio": round(took / batches[0], 1),
        }
        for step, (took, cpu) in rows.items()
    ]  # fmt: skip


def change(id: int, word: str) -> float:
    """Seconds from the commit of a new title to the first search that finds it."""
    with transaction.atomic():
        LearningResource.objects.filter(pk=id).update(title=f"Bench {word}")
        publish([id])
    committed = time.perf_counter()
    while not queries.search(Search(text=word, mode=Mode.LEXICAL)).total:
        time.sleep(0.002)
    return time.perf_counter() - committed


def changes(ids: Sequence[int], how: str) -> Row:
    times = []
    for id in ids:
        times.append(change(id, "".join(random.choices(ascii_lowercase, k=16))))  # too far from every other word to be taken for its slip
        time.sleep(0.1)
    times.sort()
    return {
        "step": f"one change, relay {how}",
        "changes": len(times),
        "p50 s": round(statistics.median(times), 3),
        "p95 s": round(times[max(0, -(-len(times) * 95 // 100) - 1)], 3),
        "worst s": round(times[-1], 3),
    }


def database_url(name: str) -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def settle(patience: float) -> None:
    deadline = time.monotonic() + patience
    while OutboxEvent.objects.filter(dead_at=None).exists() and time.monotonic() < deadline:
        time.sleep(0.5)


def fresh(count: int, number: int, database: str) -> list[Row]:
    ids = fill(count)
    indexing.rebuild()
    environment = {**os.environ, "DATABASE_URL": database_url(database)}
    with subprocess.Popen([sys.executable, "-m", "corridor", "relay"], env=environment) as relay:
        try:
            change(ids[0], "zqfirst")
            busy = changes(ids[1 : 1 + number], "busy")
            OutboxEvent.objects.filter(topic=indexing.VECTORS_TOPIC).delete()
            settle(SETTLED_SECONDS)
            return [busy, changes(ids[1 + number : 1 + 2 * number], "idle")]
        finally:
            relay.terminate()
            relay.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--resources", type=int, default=5_000, help="loaded while single changes are timed")
    parser.add_argument("--index", type=int, default=20_000, help="indexed as a whole")
    parser.add_argument("--changes", type=int, default=30)
    parser.add_argument("--json", help="write the figures with the machine and versions to this file")
    options = parser.parse_args()
    results: list[Row] = []
    for measure in ("index", "fresh"):
        with databases.scratch("corridor_bench") as name, databases.django_on(name):
            with databases.connected(name) as database:
                template.load(database)
            results += indexed(options.index) if measure == "index" else fresh(options.resources, options.changes, name)
        shutil.rmtree(HOME / "index")
    for row in results:
        print("  ".join(f"{name}: {value}" for name, value in row.items()))
    if options.json:
        machine = {"cores": os.cpu_count(), "load": os.getloadavg(), "python": platform.python_version(), "system": platform.platform()}
        Path(options.json).parent.mkdir(parents=True, exist_ok=True)
        Path(options.json).write_text(json.dumps({"machine": machine, "results": results}, indent=1) + "\n")


if __name__ == "__main__":
    main()
