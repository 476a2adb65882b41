"""How long it takes to buy, how many orders a second are paid, and how often a last code is used: here and in a shop of django-oscar.

    ./corridor bench checkout [--orders 160] [--repetitions 10] [--buyers 50] [--json bench/results/checkout.json]

Both sites are made for this, each with 200 products and its own people, on databases of the same server, behind the same web server with
the processes and threads that `corridor up` gives it; the one that is not measured idles. Ours runs its relay as well. What each step of a
purchase asks for is said in bench/checkout_buyers.py: at our site by the API and by the pages, at the shop by its pages, which is what it
has. Payment is what a gateway makes of it at no cost: ours is told by a signed notification, the shop's method of payment says yes. Times
are those of single requests, or of the few that a step takes, as clients see them that are as many and never pause. `processor ms/order`
is what the web server's processes took of the processors, which a busy machine changes less.

The last use of a code: so many buyers hold a basket that it lowers, and order at once. It is lowered beyond its limit where more orders are
paid at the lower price than the code may be used. A code with a limit is at the shop a voucher whose offer has the limit. The shop takes
the payment before it looks at the voucher again; orders that were paid and not placed are counted. Nothing fails with more than that: the
figures are told as they come.
Needs a package index for the shop's packages, which are pinned in bench/oscar/requirements.txt.
"""

import argparse
import atexit
import hashlib
import json
import os
import platform
import shutil
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

FOLDER = Path(tempfile.mkdtemp(prefix="corridor-bench-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
os.environ["LOG_LEVEL"] = "ERROR"

import django

django.setup()

from django.conf import settings
from django.test import Client

from bench.checkout_buyers import (
    ACCESS_KEY,
    API,
    LOWERED,
    PAGES,
    PRICE,
    PROFILE,
    SECURITY_KEY,
    AtOscar,
    Browser,
    Buyer,
    ByApi,
    ByPages,
    Refused,
)
from bench.oscar import shop
from corridor.accounts.models import LegalAddress, Profile, User
from corridor.config import load
from corridor.embedded import databases
from corridor.embedded.server import free_port
from corridor.embedded.supervisor import Supervisor
from corridor.embedded.up import Address, background_processes, wait_until_ready, web_process
from corridor.mitxonline.catalog import documents
from corridor.mitxonline.catalog.tests.cast import a_course, a_product, a_run
from corridor.mitxonline.commerce import invariants
from corridor.mitxonline.commerce.models import Order
from corridor.mitxonline.discounts.models import Discount
from tests.fixtures.database import migrated_database

PRODUCTS, REGULARS = 200, 48
CLIENTS = (1, 4, 16)
LIMITS = {"enroll": 60, "add": 60, "start": 80}  # ms, p95
KINDS = ("ONCE", "LAST")  # used once by anybody; any number of times, of which there is one
PREFIX = "MITOL_PAYMENT_GATEWAY_CYBERSOURCE"
Row = dict[str, Any]


@dataclass
class Site:
    """Somewhere to buy: products, people who are signed in, and the codes of both kinds."""

    name: str
    address: str
    products: Sequence[Any]
    sessions: list[str]
    visit: Callable[[Browser], Any]
    lists: Mapping[str, str]
    server: int  # the web server's process
    runs: Sequence[int] = ()
    bought: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def buyer(self, session: str) -> Any:
        return self.visit(Browser(self.address, {settings.SESSION_COOKIE_NAME if self.runs else "sessionid": session}))

    def next_product(self, session: str) -> Any:
        """One that this person has not bought."""
        self.bought[session] += 1
        return self.products[self.bought[session] % len(self.products)]


# --- ours


@contextmanager
def our_site(people: int, codes: int) -> Iterator[tuple[Site, Site]]:
    """By the API, and by the pages."""
    with databases.scratch("corridor_bench", migrated_database()) as name, databases.django_on(name):
        products, runs = sell(codes)
        sessions = [signed_in(number) for number in range(people)]
        address = Address("127.0.0.1", free_port())
        environment = {
            **os.environ,
            "DATABASE_URL": urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl(),
            "CORRIDOR_BASE_URL": address.url,
            "COMMANDS_PER_MINUTE": "1000000",
            "ANONYMOUS_COMMANDS_PER_MINUTE": "1000000",
            f"{PREFIX}_ACCESS_KEY": ACCESS_KEY,
            f"{PREFIX}_PROFILE_ID": PROFILE,
            f"{PREFIX}_SECURITY_KEY": SECURITY_KEY,
        }
        config = load(environment)
        supervisor = Supervisor(environment, FOLDER / "processes.json", report=print)
        try:
            web = web_process(config, address)
            supervisor.add(web)
            wait_until_ready(supervisor, web, address)
            supervisor.add(next(each for each in background_processes(config) if each.name == "relay"))
            lists = {"list, API": f"{API}v2/courses/", "list, page": PAGES}
            half, server = REGULARS // 2, web.child.pid if web.child else 0
            regular, others = sessions[:REGULARS], sessions[REGULARS:]
            yield (
                Site("ours, API", address.url, products, [*regular[:half], *others], ByApi, lists, server, runs),
                Site("ours, pages", address.url, products, regular[half:], ByPages, {}, server, runs),
            )
        finally:
            supervisor.stop()


def sell(codes: int) -> tuple[list[int], list[int]]:
    """Products, and runs that take people in for free."""
    now = datetime.now(UTC)
    dates = {"start_date": now - timedelta(7), "enrollment_start": now - timedelta(30), "end_date": now + timedelta(90)}
    runs = [a_run(a_course(f"B{number}x"), upgrade_deadline=now + timedelta(30), **dates) for number in range(PRODUCTS)]
    products = [a_product(run, PRICE).pk for run in runs]
    ten = {"amount": 10, "discount_type": "percent-off"}
    Discount.objects.create(discount_code="TEN", redemption_type="unlimited", **ten)
    for number in range(codes):
        Discount.objects.create(discount_code=f"ONCE{number}", redemption_type="one-time", **ten)
        Discount.objects.create(discount_code=f"LAST{number}", redemption_type="unlimited", max_redemptions=1, **ten)
    documents.publish_everything()
    return products, [run.pk for run in runs]


def signed_in(number: int) -> str:
    email = f"buyer{number}@example.org"
    user = User.objects.create(username=email, email=email, name="Ada Lovelace")
    where = {"street_address_1": "1 Main Street", "city": "Cambridge", "state": "US-MA", "postal_code": "02139", "country": "US"}
    LegalAddress.objects.create(user=user, first_name="Ada", last_name="Lovelace", **where)
    Profile.objects.update_or_create(user=user, defaults={"year_of_birth": 1980})
    client = Client()
    client.force_login(user)
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


# --- the shop


def oscar_template(home: Path) -> str:
    """The name of a database with the shop's tables, made unless an earlier run did."""
    name = f"corridor_oscar_{hashlib.sha256(shop.REQUIREMENTS.read_bytes()).hexdigest()[:12]}"
    if not databases.exists(name):
        databases.create(f"{name}_new")
        shop.make(home, FOLDER / "migrating", address_of(f"{name}_new"))
        databases.rename(f"{name}_new", name)
    return name


def address_of(database: str) -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()


@contextmanager
def oscar_site(people: int, codes: int, gateway_seconds: float) -> Iterator[tuple[Site, shop.Shop]]:
    home = settings.CONFIG.home
    with databases.scratch("corridor_bench", oscar_template(home)) as name:
        made = shop.make(home, FOLDER / "shop", address_of(name), gateway_seconds)
        stock = made.stock(products=PRODUCTS, people=people, codes=codes)
        config = settings.CONFIG
        options = ["--interface", "wsgi", "--workers", str(config.web_workers), "--blocking-threads", str(config.web_threads)]
        options += ["--backlog", "2048", "--backpressure", "1024", "--log-level", "warning", "--no-ws"]
        with made.served(free_port(), options) as (address, server):
            wait_for(f"{address}/catalogue/")
            ids = [product["id"] for product in stock["products"]]
            yield Site("django-oscar", address, ids, stock["sessions"], AtOscar, {"list, page": "/catalogue/"}, server), made


def wait_for(address: str) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            requests.get(address, timeout=30).raise_for_status()
        except requests.RequestException:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(address)


# --- the load


class Times:
    def __init__(self) -> None:
        self.of: defaultdict[str, list[float]] = defaultdict(list)

    def take(self, name: str, step: Callable[[], Any]) -> None:
        began = time.perf_counter()
        step()
        self.of[name].append((time.perf_counter() - began) * 1000)


def measure(site: Site, clients: int, orders: int) -> Row:
    """So many whole purchases by clients at once; then enrolling and lists, where there are any."""
    people = [site.buyer(session) for session in site.sessions[: max(clients, 16)]]
    sessions = site.sessions[: len(people)]
    times, each = Times(), orders // clients

    def purchases(client: int) -> None:
        for number in range(each):
            at = client + clients * (number % (len(people) // clients))
            purchase(people[at], site.next_product(sessions[at]), times)

    before = busy(site.server)
    took = at_once(purchases, clients)
    busy_ms = (busy(site.server) - before) * 1000 / (each * clients)
    row: Row = {"site": site.name, "clients": clients, "orders": each * clients, "orders/s": round(each * clients / took, 2)}
    row["processor ms/order"] = round(busy_ms)
    row["failures"] = sum(person.browser.failures for person in people)
    if site.runs and site.lists:
        taken = site.bought

        def enrolling(client: int) -> None:
            for number in range(each):
                at = client + clients * (number % (len(people) // clients))
                taken[f"run of {at}"] += 1
                times.take("enroll", lambda at=at: people[at].enroll(site.runs[-taken[f"run of {at}"]]))

        at_once(enrolling, clients)
    for name, path in site.lists.items():
        browsers = [Browser(site.address, {}) for _ in range(clients)]
        at_once(lambda client, name=name, path=path, all=browsers: [times.take(name, lambda: all[client].get(path)) for _ in range(each)], clients)  # fmt: skip
    row |= {f"{name} {said}": value for name, took in times.of.items() for said, value in percentiles(took).items()}
    print(f"  {site.name} with {clients} clients: {row['orders/s']} orders/s", flush=True)
    return row


def busy(server: int) -> float:
    """Processor seconds of a web server and its workers so far."""
    workers = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    ticks = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13] for pid in (str(server), *workers)]
    return sum(int(each) for pair in ticks for each in pair) / os.sysconf("SC_CLK_TCK")


def purchase(buyer: Buyer, product: Any, times: Times) -> None:
    began = time.perf_counter()
    times.take("add", lambda: buyer.add(product))
    times.take("code", lambda: buyer.apply("TEN"))
    times.take("start", buyer.start)
    times.take("pay", buyer.pay)
    times.of["whole"].append((time.perf_counter() - began) * 1000)


def at_once(work: Callable[[int], Any], clients: int) -> float:
    """Seconds that all of them took."""
    with ThreadPoolExecutor(clients) as pool:
        began = time.perf_counter()
        list(pool.map(work, range(clients)))
        return time.perf_counter() - began


def percentiles(times: Sequence[float]) -> Row:
    cuts = statistics.quantiles(times, n=100)
    return {"p50": round(cuts[49], 1), "p95": round(cuts[94], 1)}


# --- the last use of a code


def last_use(site: Site, repetitions: int, buyers: int) -> Row:
    """Everybody holds a basket that the code lowers; then all order at once, and pay."""
    told = {"repetitions": repetitions, "buyers": buyers, "refused before paying": 0, "refused after ordering": 0}
    sessions = iter(site.sessions[REGULARS if site.runs == () else REGULARS // 2 :])
    for kind in KINDS:
        for number in range(repetitions):
            people = [site.buyer(next(sessions)) for _ in range(buyers)]
            with ThreadPoolExecutor(8) as pool:
                list(pool.map(lambda buyer, code=f"{kind}{number}": holds(buyer, site.products[0], code), people))
            gate = threading.Barrier(buyers)
            with ThreadPoolExecutor(buyers) as pool:
                outcomes = list(pool.map(lambda buyer, gate=gate: ordered(buyer, gate), people))
            for outcome in filter(None, outcomes):
                told[outcome] += 1
    return told


def holds(buyer: Buyer, product: Any, code: str) -> None:
    buyer.add(product)
    buyer.apply(code)
    if isinstance(buyer, AtOscar):
        assert buyer.start(), "the voucher does not lower the preview"


def ordered(buyer: Buyer, gate: threading.Barrier) -> str:
    """Order, and pay for what could be ordered. What came in the way."""
    gate.wait()
    if not isinstance(buyer, AtOscar) and not buyer.start():
        return "refused before paying"
    try:
        buyer.pay()
    except Refused:
        return "refused after ordering"
    return ""


def beyond(lowered: Mapping[str, int]) -> Row:
    """By kind of code: in how many repetitions it lowered more than one order, how many it lowered in the worst, and in how many none."""
    rows = {}
    for kind in KINDS:
        counts = [count for code, count in lowered.items() if code.startswith(kind)]
        over = [count - 1 for count in counts if count > 1]
        rows[kind] = {"codes": len(counts), "used too often": len(over), "uses beyond the limit": sum(over), "never used": counts.count(0)}
    return rows


def lowered_here(codes: int) -> dict[str, int]:
    """Orders that were paid at the lower price, by code."""
    names = [f"{kind}{number}" for kind in KINDS for number in range(codes)]
    paid = Order.objects.filter(state="fulfilled", total_price_paid=LOWERED, redemptions__discount__discount_code__in=names)
    found = list(paid.values_list("redemptions__discount__discount_code", flat=True))
    return {name: found.count(name) for name in names}


# --- the report


def ratios(rows: Sequence[Row]) -> Row:
    """How many times as long the shop takes as we do, and how many times as many orders we take in a second."""
    told: Row = {}
    at = {(row["site"], row["clients"]): row for row in rows}
    for clients in CLIENTS:
        theirs = at["django-oscar", clients]
        for ours in ("ours, API", "ours, pages"):
            mine = at[ours, clients]
            slower = {f"{name}": round(theirs[name] / mine[name], 1) for name in theirs if " p" in name and name in mine}
            slower["processor ms/order"] = round(theirs["processor ms/order"] / mine["processor ms/order"], 1)
            told[f"{ours}, {clients} clients"] = {**slower, "orders/s": round(mine["orders/s"] / theirs["orders/s"], 1)}
    return told


def missed(rows: Sequence[Row]) -> list[str]:
    return [
        f"{row['site']} with {row['clients']} clients: {name} p95 {row[f'{name} p95']} ms, wanted under {limit}"
        for row in rows
        for name, limit in LIMITS.items()
        if row["site"] != "django-oscar" and row.get(f"{name} p95", 0) > limit
    ]


def show(rows: Sequence[Row]) -> None:
    names = [name for name in dict.fromkeys(name for row in rows for name in row) if name != "site"]
    for name in names:
        print(f"{name:<18}" + "".join(f"{row.get(name, '–'):>9}" for row in rows))
    print(f"{'':<18}" + "".join(f"{row['site'][-8:]:>9}" for row in rows))


def compare(options: argparse.Namespace) -> Row:
    crowd = options.buyers * options.repetitions * len(KINDS)
    with ExitStack() as stack:
        by_api, by_pages = stack.enter_context(our_site(REGULARS + crowd, options.repetitions))
        theirs, books = stack.enter_context(oscar_site(REGULARS + crowd, options.repetitions, 0))
        sites = (by_api, by_pages, theirs)
        print("Both sites are made.", flush=True)
        for site in sites:  # every process has answered
            measure(site, 4, 16)
        rows = [measure(site, clients, options.orders) for clients in CLIENTS for site in sites]
        show(rows)
        here, there = (last_use(site, options.repetitions, options.buyers) for site in (by_api, theirs))
        counted = books.count()
        codes = {
            "ours": here | beyond(lowered_here(options.repetitions)) | {"books": [str(each) for each in invariants.broken()]},
            "django-oscar": there
            | beyond({f"{kind}{n}": counted["lowered"].get(f"{kind}{n}", 0) for kind in KINDS for n in range(options.repetitions)})
            | {"paid without an order": len(counted["paid without an order"])},
        }
    return {"rows": rows, "times as long there": ratios(rows), "last use of a code": codes, "missed": missed(rows)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=160, help="purchases at each site with each number of clients")
    parser.add_argument("--repetitions", type=int, default=10, help="of the last use of a code, of each kind")
    parser.add_argument("--buyers", type=int, default=50, help="who order at once")
    parser.add_argument("--json", type=Path, help="write the figures with machine, versions and load to this file")
    options = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM):  # both sites end with us
        signal.signal(number, lambda number, frame: sys.exit(128 + number))
    before = os.getloadavg()
    told = compare(options)
    print(json.dumps({name: told[name] for name in told if name != "rows"}, indent=1))
    if options.json:
        versions = {line.partition("==")[0]: line.partition("==")[2] for line in shop.REQUIREMENTS.read_text().splitlines() if "==" in line}
        machine = {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count()}
        about = {"at": datetime.now(UTC).isoformat(), **machine, "load before": before, "load after": os.getloadavg()}
        about |= {"django": django.__version__, "granian": version("granian"), "shop": versions}
        options.json.write_text(json.dumps(about | told, indent=1) + "\n")


if __name__ == "__main__":
    main()
