"""Web server, relay, worker and database are killed while people buy: the books close all the same."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


def test_who_has_paid_is_enrolled_whatever_was_killed(tmp_path: Path) -> None:
    told = tmp_path / "told.json"
    command = [sys.executable, "-m", "bench.kill_checkouts", "--checkouts", "30", "--kills", "3", "--seed", "7", "--json", str(told)]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    row = json.loads(told.read_text())
    assert (row["kills"], row["checkouts"], row["paid at the gateway"], row["fulfilled"]) == (3, 30, 30, 30)
    assert row["broken"] == []
