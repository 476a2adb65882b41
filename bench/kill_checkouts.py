"""Whether the books close when web server, relay, worker and database are killed while people buy.

    ./corridor bench kill_checkouts [--checkouts 1000] [--kills 30] [--clients 4] [--seed 1] [--json bench/results/kill_checkouts.json]

`corridor up` in a folder of its own, with the payment gateway that stands in. Each buyer fills a basket and checks out by the API, pays on
the gateway's page, and returns with the browser or does not; requests that fail are sent again with their idempotency keys, as people and
programs do; what the gateway's server says while nobody listens is lost. At moments and on processes of the seed's choice falls kill -9,
and nothing is started again but by `corridor up` itself. Then the gateway is asked about orders that nobody told of, as the sweep does
a quarter of an hour later, the relay delivers what it owes, and the invariants of commerce are checked.

Ends with 1 where anything is wrong with the books, or an order that was paid at the gateway is not fulfilled.
"""

import argparse
import http.client
import json
import os
import platform
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests

from bench.start import OURS, free_port, processes_of

START_SECONDS, PATIENCE_SECONDS, SETTLED_SECONDS = 300, 180, 180
PRODUCTS = 25
FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
# What is killed, and what its command tells; the web server's processes are as many as they are.
TARGETS = {"web": " corridor.wsgi:application", "relay": "corridor relay", "worker": "celery --app", "database": "bin/postgres -D"}
TOKEN = "t" * 32
Row = dict[str, Any]


# --- the site


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The address of a site that `corridor up` keeps going in a folder; the environment of this process is then that of its processes."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    command = [sys.executable, "-m", "corridor", "up", "--empty", "--port", str(port)]
    surroundings = {**environment, "CORRIDOR_HOME": str(folder), "LOG_LEVEL": "WARNING", "COMMANDS_PER_MINUTE": "1000000"}
    with (folder / "up.log").open("wb") as log:
        up = subprocess.Popen(command, env=surroundings, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_until(lambda: is_ready(f"http://127.0.0.1:{port}") and pids(folder, "relay"), START_SECONDS, "The site does not start")
        os.environ.update(environment_of(pids(folder, "relay")[0]))
        yield f"http://127.0.0.1:{port}"
    finally:
        up.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            up.wait(60)
        for pid in processes_of(folder):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def is_ready(address: str) -> bool:
    with suppress(requests.RequestException):
        return requests.get(f"{address}/health/readiness/", timeout=10).ok
    return False


def pids(folder: Path, target: str) -> list[int]:
    return [pid for pid, command in processes_of(folder).items() if TARGETS[target] in command]


def environment_of(pid: int) -> dict[str, str]:
    pairs = Path(f"/proc/{pid}/environ").read_bytes().decode().split("\0")
    return dict(pair.split("=", 1) for pair in pairs if "=" in pair)


def wait_until(done: Callable[[], Any], seconds: float, otherwise: str) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError(otherwise)
        time.sleep(0.2)


# --- buying


@dataclass
class Progress:
    """What buyers tell of themselves."""

    begun: int = 0
    paid: list[str] = field(default_factory=list)  # references of orders that the gateway took money for
    repeated: int = 0
    is_over: bool = False  # nobody begins any more
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class Buyer:
    site: str
    session: str
    product: int
    notify: str
    returns: bool

    def buy(self, progress: Progress) -> None:
        with progress.lock:
            progress.begun += 1
        self.command(f"baskets/create_from_product/{self.product}/", progress)
        told = self.command("baskets/checkout/", progress)
        assert told["error"] is None, told
        self.pay(told, progress)

    def command(self, path: str, progress: Progress) -> Any:
        """Sent again, with the same key, until it is answered."""
        headers = {"Idempotency-Key": str(uuid4()), "X-CSRFToken": TOKEN}
        cookies = {"sessionid": self.session, "csrftoken": TOKEN}
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            with suppress(requests.RequestException, http.client.HTTPException):
                answer = requests.post(f"{self.site}/mitxonline/api/v0/{path}", json={}, headers=headers, cookies=cookies, timeout=30)
                if answer.ok:
                    return answer.json()
                assert answer.status_code >= 500 or answer.status_code == 409, f"{path}: {answer.status_code} {answer.text[:300]}"
            with progress.lock:
                progress.repeated += 1
            time.sleep(0.3)
        raise TimeoutError(f"{path} was not answered within {PATIENCE_SECONDS} s")

    def pay(self, told: Any, progress: Progress) -> None:
        """On the gateway's page, which notifies as it is asked to; then back with the browser, which does not insist."""
        browser = requests.Session()
        page = browser.post(told["url"], data=told["payload"], timeout=60)
        form = {"csrfmiddlewaretoken": dict(FIELD.findall(page.text))["csrfmiddlewaretoken"], "choice": "accepted", "notify": self.notify}
        back = browser.post(page.url, data=form, timeout=60)
        assert back.ok, back.text[:500]
        with progress.lock:
            progress.paid.append(told["reference_number"])
        if self.returns:
            fields = {name: unescape(value) for name, value in FIELD.findall(back.text)}
            with suppress(requests.RequestException):
                requests.post(f"{self.site}/mitxonline/checkout/result/", data=fields, timeout=10, allow_redirects=False)


def crowd(site: str, checkouts: int, chance: random.Random) -> list[Buyer]:
    """People who are signed in, each of whom wants one course."""
    from django.conf import settings
    from django.test import Client

    from corridor.accounts.models import User
    from corridor.mitxonline.catalog.tests.cast import a_course, a_product, a_run

    now = datetime.now(UTC)
    dates = {"start_date": now - timedelta(7), "enrollment_start": now - timedelta(30), "end_date": now + timedelta(90)}
    runs = [a_run(a_course(f"K{number}x"), upgrade_deadline=now + timedelta(30), **dates) for number in range(PRODUCTS)]
    products = [a_product(run).pk for run in runs]
    buyers = []
    for number in range(checkouts):
        email = f"buyer{number}@example.org"
        client = Client()
        client.force_login(User.objects.create(username=email, email=email, name="Ada Lovelace"))
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        notify = chance.choice(("once", "once", "twice", "never"))
        buyers.append(Buyer(site, session, chance.choice(products), notify, chance.random() < 0.5))
    return buyers


def kill(folder: Path, progress: Progress, checkouts: int, kills: int, chance: random.Random) -> Counter[str]:
    """Wait for as many checkouts as the seed says, then a moment, then kill; give what was killed, by name."""
    done: Counter[str] = Counter()
    for after in sorted(chance.randrange(checkouts) for _ in range(kills)):
        wait_until(lambda after=after: progress.begun > after or progress.is_over, PATIENCE_SECONDS * 2, "Nobody buys any more")
        time.sleep(chance.uniform(0, 0.5))
        target, found = chance.choice([(target, found) for target in TARGETS if (found := sorted(pids(folder, target)))])
        with suppress(ProcessLookupError):
            os.kill(found[0] if target == "database" else chance.choice(found), signal.SIGKILL)
        done[target] += 1
    return done


# --- afterwards


def settled(checkouts: int) -> Row:
    """Ask the gateway, have the relay deliver, and look at the books."""
    from django.db import connection
    from django.db.models.functions import Now

    from corridor.kit.outbox.models import OutboxEvent
    from corridor.mitxonline.commerce import invariants, sweeps
    from corridor.mitxonline.commerce.models import Order

    connection.close()
    before = Order.objects.filter(state="fulfilled").count()
    for _ in range(checkouts // sweeps.A_RUN + 1):
        sweeps.resolve_orders(datetime.now(UTC) + sweeps.UNTOLD_FOR + timedelta(minutes=1))
    OutboxEvent.objects.filter(dead_at=None).update(due_at=Now())  # what is to be tried later is tried now
    wait_until(lambda: not OutboxEvent.objects.filter(dead_at=None).exists(), SETTLED_SECONDS, "The relay does not deliver what it owes")
    fulfilled = set(Order.objects.filter(state="fulfilled").values_list("reference_number", flat=True))
    return {
        "fulfilled before the sweep": before,
        "recovered by the sweep": len(fulfilled) - before,
        "dead letters": OutboxEvent.objects.exclude(dead_at=None).count(),
        "fulfilled": sorted(fulfilled),
        "broken": [f"{each.rule}: {each.about} {each.said}" for each in invariants.broken()],
    }


def measure(checkouts: int, kills: int, clients: int, seed: int) -> Row:
    folder, chance = Path(tempfile.mkdtemp(prefix="corridor-kill-")), random.Random(seed)
    folder.chmod(0o755)  # when root runs this, the embedded servers run as somebody else, who must pass through
    try:
        with running(folder) as site:
            import django

            django.setup()
            buyers, progress = crowd(site, checkouts, chance), Progress()
            print("The site is up and people are signed in.", flush=True)
            began = time.monotonic()
            with ThreadPoolExecutor(clients + 1) as pool:
                killing = pool.submit(kill, folder, progress, checkouts, kills, random.Random(seed))
                try:
                    list(pool.map(lambda buyer: buyer.buy(progress), buyers))
                finally:
                    progress.is_over = True
                killed = killing.result()
            took = time.monotonic() - began
            wait_until(lambda: is_ready(site) and pids(folder, "relay"), START_SECONDS, "The site is not back")
            told = settled(checkouts)
        fulfilled = told.pop("fulfilled")
        lost = sorted(set(progress.paid) - set(fulfilled))
        row = {"seed": seed, "checkouts": progress.begun, "kills": sum(killed.values()), "killed": dict(killed), "seconds": round(took)}
        row |= {"requests sent again": progress.repeated, "paid at the gateway": len(progress.paid), "fulfilled": len(fulfilled)}
        return row | told | {"paid and not fulfilled": lost, "fulfilled and not paid": sorted(set(fulfilled) - set(progress.paid))}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkouts", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--clients", type=int, default=4, help="who buy at once")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write the figures with machine, versions and load to this file")
    options = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM):  # also where a shell started this in the background, without SIGINT
        signal.signal(number, lambda number, frame: sys.exit(128 + number))
    before = os.getloadavg()
    row = measure(options.checkouts, options.kills, options.clients, options.seed)
    print(json.dumps(row, indent=1))
    if options.json:
        machine = {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count()}
        about = {"at": datetime.now(UTC).isoformat(), **machine, "load before": before, "load after": os.getloadavg()}
        options.json.write_text(json.dumps(about | row, indent=1) + "\n")
    sys.exit(1 if row["broken"] or row["paid and not fulfilled"] or row["fulfilled and not paid"] else 0)


if __name__ == "__main__":
    main()
