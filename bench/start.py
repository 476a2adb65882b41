"""How long `./corridor up` takes, first in a fresh clone and then again, whether it ends cleanly, and how fast the probes answer.

    ./corridor bench start [--cold] [--probes 300] [--json bench/results/start.json]

Clones this checkout as it is committed into a temporary folder, removed afterwards together with everything that was started. The clock
runs from the command until `/health/readiness/`, then the home page, then a search with results have answered; `processor s` is what all
of it took of the processors until then, which a busy machine changes less than the seconds. In between and at the end the processes get
what Ctrl-C sends, and nothing may be left of them. The first start makes the environment, with the caches of packages that this user
has; --cold gives it empty ones and a home of its own. Probes are asked once everything is well and the relay owes nothing, each over a
new connection.

Ends with 1 where a first start takes more than 60 s, a second more than 8 s, something is left running, or a probe other than
`/health/full/` takes more than 5 ms (p95).
"""

import argparse
import http.client
import json
import os
import platform
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]
PATIENCE_SECONDS = 600
STOP_SECONDS = 60
SETTLED_SECONDS = 300
LIMITS = {"first": 60.0, "second": 8.0}
LIMIT_MS = 5.0
PROBES = ("startup", "liveness", "readiness", "full")
SEARCH, RESULT = "/search?q=how+do+engines+turn+heat+into+work", b'<article class="row'
OURS = ("CORRIDOR_", "DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "SECRET_KEY", "DJANGO_", "PYTHON", "LOG_")
Row = dict[str, Any]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment_of_a_person(folder: Path, cold: bool) -> dict[str, str]:
    """The environment without what `./corridor` itself adds to it."""
    ours = os.environ.get("CORRIDOR_HOME") or str(ROOT / ".corridor")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    path = [each for each in os.environ["PATH"].split(os.pathsep) if not each.startswith(ours)]
    caches = {"UV_CACHE_DIR": "uv", "XDG_CACHE_HOME": "cache", "PIP_CACHE_DIR": "pip", "HOME": "user"} if cold else {}
    return {
        **kept,
        "PATH": os.pathsep.join(path),
        "CORRIDOR_HOME": str(folder / "home"),
        **{name: str(folder / "caches" / part) for name, part in caches.items()},
    }


class Site:
    """`./corridor up` in a clone."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment
        self.port = free_port()
        self.log = folder / "up.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                ["./corridor", "up", "--port", str(self.port)], cwd=folder / "clone", env=environment, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self.began = time.perf_counter()

    def get(self, path: str) -> bytes:
        """The body of an answer, empty while there is none that is well."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
                return bytes(answer.read())
        except (HTTPError, URLError, OSError, http.client.HTTPException):
            return b""

    def processor_seconds(self) -> float:
        """What the processes, and those of theirs that have ended, took of the processors so far."""
        ticks = 0
        for pid in processes_of(self.folder):
            with suppress(OSError):
                ticks += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]))
        return round(ticks / os.sysconf("SC_CLK_TCK"), 1)

    def seconds_until(self, path: str, part: bytes) -> float:
        """Seconds from the start until an address answers with a part."""
        while part not in self.get(path):
            if self.process.poll() is not None or time.perf_counter() - self.began > PATIENCE_SECONDS:
                raise RuntimeError(f"{path} did not answer. What was said:\n{self.log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.02)
        return round(time.perf_counter() - self.began, 2)

    def steps(self) -> list[str]:
        """What it said that it did, with the seconds and without passwords."""
        lines = re.sub(r"password \S+", "password …", self.log.read_text(errors="replace")).splitlines()
        return [line.replace("✓", "").strip() for line in lines if "✓" in line and str(self.folder) not in line]

    def stop(self) -> float:
        """Send what Ctrl-C sends. Gives the seconds until the command has ended."""
        began = time.perf_counter()
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(STOP_SECONDS)
        return round(time.perf_counter() - began, 2)


def processes_of(folder: Path) -> dict[int, str]:
    """What runs with a folder in its command or its environment, by number."""
    found = {}
    for each in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = (each / "cmdline").read_bytes()
            if int(each.name) != os.getpid() and (os.fsencode(folder) in command or os.fsencode(folder) in (each / "environ").read_bytes()):
                found[int(each.name)] = command.replace(b"\0", b" ").decode(errors="replace").strip().replace(str(folder), "…")
    return found


@contextmanager
def fresh_clone(cold: bool) -> Iterator[tuple[Path, dict[str, str]]]:
    """A temporary folder with a clone in it, and the environment to start it with. Nothing of it is left, neither files nor processes."""
    folder = Path(tempfile.mkdtemp(prefix="corridor-start-"))
    folder.chmod(0o755)  # when root runs this, the embedded servers run as somebody else, who must pass through
    try:
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder / "clone")], check=True)
        environment = environment_of_a_person(folder, cold)
        Path(environment["HOME"]).mkdir(parents=True, exist_ok=True)
        yield folder, environment
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        end_all(folder)
        shutil.rmtree(folder, ignore_errors=True)


def end_all(folder: Path) -> None:
    """End what still runs of a folder: first as a person would, then by force."""
    for number in (signal.SIGINT, signal.SIGKILL):
        for pid in processes_of(folder):
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        deadline = time.monotonic() + STOP_SECONDS / 2
        while processes_of(folder) and time.monotonic() < deadline:
            time.sleep(0.1)


def started(folder: Path, environment: dict[str, str]) -> tuple[Site, Row]:
    """A site that answers, and what it took."""
    site = Site(folder, environment)
    row = {
        "ready s": site.seconds_until("/health/readiness/", b"ok"),
        "home s": site.seconds_until("/", b"<main"),
        "search s": site.seconds_until(SEARCH, RESULT),
        "processor s": site.processor_seconds(),
        "well s": site.seconds_until("/health/full/", b"ok"),
    }
    return site, row


def stopped(site: Site) -> Row:
    took = site.stop()
    time.sleep(0.5)
    left = processes_of(site.folder)
    return {"stop s": took, "status": site.process.returncode, "left running": sorted(left.values())}


def settle(site: Site) -> float:
    """Wait until the relay owes nothing. Gives the seconds."""
    began = time.monotonic()
    while time.monotonic() - began < SETTLED_SECONDS:
        told = json.loads(site.get("/health/full/") or b"{}")
        if told and not told["checks"]["outbox"]["pending"]:
            break
        time.sleep(1)
    return round(time.monotonic() - began, 1)


def probe(site: Site, name: str, count: int) -> Row:
    times = []
    for _ in range(count):
        began = time.perf_counter()
        client = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
        client.request("GET", f"/health/{name}/")
        answer = client.getresponse()
        answer.read()
        client.close()
        times.append((time.perf_counter() - began) * 1000)
        assert answer.status == 200, f"/health/{name}/ answered with {answer.status}"
    cuts = statistics.quantiles(times, n=100)
    return {"probe": name, "requests": count, "p50 ms": round(cuts[49], 2), "p95 ms": round(cuts[94], 2), "worst ms": round(max(times), 2)}


def measure(cold: bool, probes: int) -> tuple[list[Row], list[Row], float]:
    """Starts, probes, and the seconds that were waited for the relay before the probes were asked."""
    starts = []
    with fresh_clone(cold) as (folder, environment):
        site, row = started(folder, environment)
        starts.append({"start": "first", **row, **stopped(site), "steps": site.steps()})
        site, row = started(folder, environment)
        waited = settle(site)
        asked = [probe(site, name, probes) for name in PROBES]
        starts.append({"start": "second", **row, **stopped(site), "steps": site.steps()})
    return starts, asked, waited


def exceeded(starts: Sequence[Row], probes: Sequence[Row]) -> list[str]:
    slow = [row for row in starts if row["search s"] > LIMITS[row["start"]]]
    late = [row for row in probes if row["probe"] != "full" and row["p95 ms"] > LIMIT_MS]
    return [
        *(f"The {row['start']} start took {row['search s']} s, more than {LIMITS[row['start']]:.0f}" for row in slow),
        *(f"Left running after the {row['start']} start: {command}" for row in starts for command in row["left running"]),
        *(f"The {row['start']} start ended with {row['status']}" for row in starts if row["status"]),
        *(f"/health/{row['probe']}/ takes {row['p95 ms']} ms (p95), more than {LIMIT_MS:.0f}" for row in late),
    ]


def show(rows: Sequence[Row]) -> None:
    names = [name for name in rows[0] if name != "steps"]
    print("".join(f"{name:>14}" for name in names))
    for row in rows:
        print("".join(f"{len(row[name]) if isinstance(row[name], list) else row[name]:>14}" for name in names))
    for row in rows:
        for step in row.get("steps", ()):
            print(f"  {row['start']}: {step}")
    print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cold", action="store_true", help="with empty caches of packages")
    parser.add_argument("--probes", type=int, default=300, help="requests to each probe")
    parser.add_argument("--json", type=Path, help="write the figures with machine, versions and load to this file")
    options = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM):  # also where a shell started this in the background, without SIGINT
        signal.signal(number, lambda number, frame: sys.exit(128 + number))
    before = os.getloadavg()
    starts, probes, waited = measure(options.cold, options.probes)
    show(starts)
    show(probes)
    if options.json:
        machine = {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count()}
        about = {"at": datetime.now(UTC).isoformat(), **machine, "load before": before, "load after": os.getloadavg()}
        told = {
            **about,
            "caches": "empty" if options.cold else "warm",
            "starts": starts,
            "waited for the relay s": waited,
            "probes": probes,
        }
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    sys.exit("\n".join(exceeded(starts, probes)) or 0)


if __name__ == "__main__":
    main()
