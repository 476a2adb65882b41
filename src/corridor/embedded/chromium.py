"""The browser of the browser tests: the one that is there, Debian's, or Playwright's."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from .errors import EmbeddedError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
INSTALL_SECONDS = 900


class ChromiumMissingError(EmbeddedError):
    """No Chromium is here, and none could be installed."""


def find_chromium() -> Path | None:
    """CHROME_PATH, a Chromium on the path, or the one that Playwright downloaded."""
    named = os.environ.get("CHROME_PATH")
    if named:
        return Path(named) if Path(named).exists() else None
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return Path(found) if found else _playwrights()


def _playwrights() -> Path | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        program = Path(playwright.chromium.executable_path)
    return program if program.exists() else None


def ensure_chromium(report: Callable[[str], None]) -> Path:
    """Find Chromium or install it."""
    program = find_chromium()
    if program is None and not os.environ.get("CHROME_PATH"):
        for what, command in _installers():
            report(f"Installing Chromium with {what}")
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=INSTALL_SECONDS)
            if program := find_chromium():
                break
    if program is None:
        raise ChromiumMissingError(
            "The browser tests need Chromium, and none could be installed. Install it with your system's packages, or name its program in CHROME_PATH."
        )
    return program


def _installers() -> list[tuple[str, list[str]]]:
    playwright = ("Playwright", [sys.executable, "-m", "playwright", "install", "chromium"])
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return [playwright]
    apt = "apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium"
    return [("apt", ["sh", "-c", apt]), playwright]
