"""How much a first view of a page weighs, how soon its main content is there, and whether anything moves.

    ./corridor bench pages [--loads 5] [--processor 4] [--json bench/results/pages.json]

The demo catalogue in a database and a folder of their own, removed afterwards, behind the web server as `corridor up` runs it. Chromium
opens each page with an empty cache and does not scroll; figures are medians of the loads. Bytes are those on the wire, headers included.
CLS is the sum of all shifts; the largest of the loads is told. Queries and `server ms` are those of the page's own request, as the log of
the web server tells. Each load of the search asks another question, which nobody asked before.

    desktop     1440×900, 10 Mbit/s, 40 ms before each answer, the processor as it is
    mobile      412×915, 1.6 Mbit/s down, 750 kbit/s up, 150 ms before each answer, the processor slowed down (--processor)
    lighthouse  the same phone, with the 562 ms and nine tenths of the rate by which Lighthouse makes up for round trips of connections

Chromium delays answers, not packets: opening a connection costs nothing in the first two, which the third overstates.
Ends with 1 where a first view exceeds 100 kB, anything moves, another host is asked, or on desktop the largest part of the first view
(LCP) is painted later than after a second. Times of phones are told without a limit: the share of the processor is that of this machine.
"""

import argparse
import atexit
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, urlsplit

import requests
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

HOME = Path(tempfile.mkdtemp(prefix="corridor-bench-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
os.environ["CORRIDOR_HOME"] = str(HOME)
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in this thread

import django

django.setup()

from corridor.config import load
from corridor.embedded import databases
from corridor.embedded.chromium import ensure_chromium
from corridor.embedded.server import free_port
from corridor.embedded.supervisor import Supervisor
from corridor.embedded.up import Address, wait_until_ready, web_process
from tests.fixtures.browser import FLAGS
from tests.journeys.pages_of_demo import content_page, first_found

MOST_BYTES = 100_000
LATEST_LCP_MS = 1000
PAINTED_MS = 20_000
WARMING = 8  # requests before the loads, so that every process has answered
SUBJECTS = ("engines", "vaccines", "bridges", "galaxies", "markets", "poems", "cells", "robots", "rivers", "batteries", "laws", "proteins")
VERBS = ("work", "change", "begin", "fail", "grow", "matter", "move", "last")
WHERE = ("", " here", " at home", " in nature")
KINDS = {"Document": "html", "Stylesheet": "css", "Script": "js", "Font": "fonts", "Image": "images"}
OBSERVE = """
const told = window.told = {lcp: 0, fcp: 0, shift: 0};
new PerformanceObserver(list => { for (const each of list.getEntries()) told.lcp = each.startTime; })
  .observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(list => { for (const each of list.getEntries()) if (each.name === "first-contentful-paint") told.fcp = each.startTime; })
  .observe({type: "paint", buffered: true});
new PerformanceObserver(list => { for (const each of list.getEntries()) told.shift += each.value; })
  .observe({type: "layout-shift", buffered: true});
"""
Row = dict[str, Any]


@dataclass(frozen=True)
class Setting:
    """A screen, a network in kbit/s and ms, and how many times slower the processor is."""

    width: int
    height: int
    down: float
    up: float
    latency: float
    processor: float
    phone: bool


DESKTOP = Setting(1440, 900, down=10_240, up=10_240, latency=40, processor=1, phone=False)
MOBILE = Setting(412, 915, down=1_638.4, up=750, latency=150, processor=4, phone=True)
LIGHTHOUSE = replace(MOBILE, down=MOBILE.down * 0.9, up=MOBILE.up * 0.9, latency=MOBILE.latency * 3.75)
LIMITED = "desktop"  # where the first view's largest part has to be painted in time


# --- the site


@contextmanager
def demo_site() -> Iterator[str]:
    """The address of the demo, served as `corridor up` does; each request is told in the log of the web server."""
    with databases.scratch("corridor_bench") as name:
        address = Address("127.0.0.1", free_port())
        environment = {
            **os.environ,
            "DATABASE_URL": urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl(),
            "CORRIDOR_BASE_URL": address.url,
            "CORRIDOR_STATIC": "hashed",
            "LOG_FORMAT": "json",
        }
        prepare = [sys.executable, "-m", "corridor", "prepare", "--from-template", "--demo"]
        subprocess.run(prepare, env={**environment, "LOG_LEVEL": "ERROR"}, check=True)
        config = load(environment)
        supervisor = Supervisor(environment, HOME / "processes.json", report=print)
        try:
            web = web_process(config, address)
            supervisor.add(web)
            wait_until_ready(supervisor, web, address)
            yield address.url
        finally:
            supervisor.stop()


def pages_of(site: str) -> dict[str, Callable[[], str]]:
    """What gives the address of each page."""
    questions = iter(f"how do {subject} {verb}{where}" for where in WHERE for verb in VERBS for subject in SUBJECTS)
    course, content = first_found(site, "course"), content_page(site)
    return {
        "home": lambda: "/",
        "search": lambda: f"/search?q={quote_plus(next(questions))}",
        "course": lambda: course,
        "topic": lambda: "/c/topic/physics/",
        "departments": lambda: "/departments",
        "content": lambda: content,
    }


def requests_told() -> list[Row]:
    """What the log of the web server tells of requests, oldest first."""
    lines = (HOME / "logs" / "web.log").read_text().splitlines()
    entries = [json.loads(line) for line in lines if line.startswith("{")]
    return [entry for entry in entries if entry.get("event") == "request"]


def of_the_server(path: str, count: int) -> Row:
    """Queries and milliseconds that the last requests for a page took."""
    told = [entry for entry in requests_told() if entry["path"] == urlsplit(path).path][-count:]
    return {"queries": max(entry["queries"] for entry in told), "server ms": round(statistics.median(entry["ms"] for entry in told), 1)}


# --- one load


class Traffic:
    """What a page asks for and what comes, as Chromium's network tells."""

    def __init__(self, session: CDPSession, site: str) -> None:
        self.host = urlsplit(site).netloc
        self.asked: list[str] = []
        self.kinds: dict[str, str] = {}
        self.bytes: defaultdict[str, int] = defaultdict(int)
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.loadingFinished", self._finished)

    def _asked(self, event: Mapping[str, Any]) -> None:
        if urlsplit(event["request"]["url"]).scheme in ("http", "https", "ws", "wss"):
            self.asked.append(event["request"]["url"])
            self.kinds[event["requestId"]] = KINDS.get(event.get("type", ""), "rest")

    def _finished(self, event: Mapping[str, Any]) -> None:
        if event["requestId"] in self.kinds:
            self.bytes[self.kinds[event["requestId"]]] += int(event["encodedDataLength"])

    @property
    def elsewhere(self) -> list[str]:
        return [address for address in self.asked if urlsplit(address).netloc != self.host]


def view(browser: Browser, site: str, path: str, setting: Setting) -> Row:
    """One load with an empty cache."""
    screen = {"width": setting.width, "height": setting.height}
    with browser.new_context(viewport=screen, is_mobile=setting.phone, has_touch=setting.phone) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.add_init_script(OBSERVE)
        session = context.new_cdp_session(page)
        traffic = Traffic(session, site)
        slow_down(session, setting)
        page.goto(f"{site}{path}")
        page.wait_for_load_state("networkidle")
        told = what_was_painted(page)
    return {**told, "requests": len(traffic.asked), "elsewhere": traffic.elsewhere, "bytes": dict(traffic.bytes)}


def what_was_painted(page: Page) -> Row:
    """Moments and shifts; a busy machine paints later than its network is idle."""
    for _ in range(PAINTED_MS // 50):
        told: Row = page.evaluate("window.told")
        if told["lcp"]:
            return told
        page.wait_for_timeout(50)
    raise TimeoutError(f"nothing was painted at {page.url}")


def slow_down(session: CDPSession, setting: Setting) -> None:
    """Slow down the network and the processor of a page."""
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": setting.latency,
            "downloadThroughput": setting.down * 1000 / 8,
            "uploadThroughput": setting.up * 1000 / 8,
        },
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": setting.processor})


# --- the report


def summary(loads: Sequence[Row], page: str, setting: str) -> Row:
    def median(name: str) -> float:
        return float(statistics.median(load[name] for load in loads))

    kinds = {kind: statistics.median(load["bytes"].get(kind, 0) for load in loads) for kind in (*KINDS.values(), "rest")}
    weight = statistics.median(sum(load["bytes"].values()) for load in loads)
    return {
        "page": page,
        "setting": setting,
        "kB": round(weight / 1000, 1),
        **{f"{kind} kB": round(size / 1000, 1) for kind, size in kinds.items()},
        "requests": round(median("requests")),
        "other hosts": sorted({address for load in loads for address in load["elsewhere"]}),
        "FCP ms": round(median("fcp")),
        "LCP ms": round(median("lcp")),
        "worst LCP ms": round(max(load["lcp"] for load in loads)),
        "CLS": round(max(load["shift"] for load in loads), 4),
    }


def exceeded(row: Row) -> list[str]:
    where = f"{row['page']} ({row['setting']})"
    return [
        *([f"{where} weighs {row['kB']} kB, more than {MOST_BYTES // 1000}"] if row["kB"] * 1000 > MOST_BYTES else []),
        *([f"{where} moves: CLS {row['CLS']}"] if row["CLS"] else []),
        *(f"{where} asks {address}" for address in row["other hosts"]),
        *([f"{where} is painted after {row['LCP ms']} ms"] if row["setting"] == LIMITED and row["LCP ms"] > LATEST_LCP_MS else []),
    ]


def show(rows: Sequence[Row]) -> None:
    names = list(rows[0])
    print("".join(f"{name:>13}" for name in names))
    for row in rows:
        print("".join(f"{len(row[name]) if isinstance(row[name], list) else row[name]:>13}" for name in names))


def measure(site: str, settings: Mapping[str, Setting], count: int) -> tuple[list[Row], str]:
    rows = []
    pages = pages_of(site)
    for path in pages.values():
        for _ in range(WARMING):
            requests.get(f"{site}{path()}", timeout=30).raise_for_status()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(ensure_chromium(print)), args=FLAGS)
        for name, setting in settings.items():
            for page, path in pages.items():
                loads = [view(browser, site, path(), setting) for _ in range(count)]
                rows.append(summary(loads, page, name) | of_the_server(path(), count))
        version = browser.version
        browser.close()
    return rows, version


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--loads", type=int, default=5, help="of each page in each setting")
    parser.add_argument("--processor", type=float, default=MOBILE.processor, help="how many times slower that of a phone is")
    parser.add_argument("--json", type=Path, help="write the figures with machine, versions and load to this file")
    options = parser.parse_args()
    phone = {"mobile": MOBILE, "lighthouse": LIGHTHOUSE}
    settings = {"desktop": DESKTOP} | {name: replace(each, processor=options.processor) for name, each in phone.items()}
    before = os.getloadavg()
    with demo_site() as site:
        rows, chromium = measure(site, settings, options.loads)
    show(rows)
    if options.json:
        machine = {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count(), "chromium": chromium}
        about = {"at": datetime.now(UTC).isoformat(), **machine, "load before": before, "load after": os.getloadavg()}
        told = {**about, "loads": options.loads, "settings": {name: vars(each) for name, each in settings.items()}, "rows": rows}
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(told, indent=1) + "\n")
    failures = [line for row in rows for line in exceeded(row)]
    sys.exit("\n".join(failures) or 0)


if __name__ == "__main__":
    main()
