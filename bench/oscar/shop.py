"""Makes the shop: an environment with pinned packages, a database, products, people; and serves it as our own site is served."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PROJECT = HERE / "project"
REQUIREMENTS = HERE / "requirements.txt"


@dataclass(frozen=True)
class Shop:
    folder: Path
    python: Path
    environment: Mapping[str, str]

    def run(self, *words: str) -> str:
        command = [str(self.python), *words]
        done = subprocess.run(command, cwd=PROJECT, env=dict(self.environment), capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)} failed:\n{done.stderr[-3000:]}")
        return done.stdout

    def stock(self, *, products: int, people: int, codes: int) -> dict[str, Any]:
        return dict(json.loads(self.run("fill.py", "stock", str(products), str(people), str(codes))))

    def count(self) -> dict[str, Any]:
        """Orders, and how many of them each code lowered; what the gateway took, which has no order where placing it failed."""
        told = json.loads(self.run("fill.py", "count"))
        books = self.folder / "paid.txt"
        paid = [line.split()[0] for line in books.read_text().splitlines()] if books.exists() else []
        return {**told, "paid": paid, "paid without an order": sorted(set(paid) - set(told["orders"]))}

    @contextmanager
    def served(self, port: int, options: Sequence[str]) -> Iterator[tuple[str, int]]:
        """Its address and process, by the same web server with the same options as ours."""
        command = [str(self.python), "-m", "granian", "--port", str(port), *options, "shop.wsgi:application"]
        log = (self.folder / "web.log").open("w")
        with (
            log,
            subprocess.Popen(command, cwd=PROJECT, env=dict(self.environment), stdout=log, stderr=log, start_new_session=True) as process,
        ):
            try:
                yield f"http://127.0.0.1:{port}", process.pid
            finally:
                os.killpg(process.pid, signal.SIGKILL)


def make(home: Path, folder: Path, database: str, gateway_seconds: float = 0) -> Shop:
    """A shop on a database that may be empty. Its environment stays in the home folder for the next time."""
    python = environment(home / "oscar")
    surroundings = {
        "PATH": os.environ["PATH"],
        "PYTHONPYCACHEPREFIX": str(home / "bytecode"),
        "DJANGO_SETTINGS_MODULE": "shop.settings",
        "SHOP_FOLDER": str(folder),
        "SHOP_DATABASE": database,
        "SHOP_GATEWAY_SECONDS": str(gateway_seconds),
    }
    (folder / "media").mkdir(parents=True, exist_ok=True)
    shop = Shop(folder, python, surroundings)
    shop.run("-m", "django", "migrate", "--verbosity", "0")
    shop.run("-m", "django", "collectstatic", "--noinput", "--verbosity", "0")
    return shop


def environment(folder: Path) -> Path:
    """Python of the environment, made unless it holds what is asked for."""
    python, stamp = folder / "bin" / "python", folder / "requirements.txt"
    wanted = REQUIREMENTS.read_text()
    if not stamp.exists() or stamp.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(REQUIREMENTS)], check=True)
        stamp.write_text(wanted)
    return python
