"""How long c4gen takes to read a large repository and to draw six systems.

    ./corridor bench architecture [--lines 200000] [--runs 3] [--json bench/results/architecture.json]

Writes a Django repository of that many lines into a temporary folder, removed afterwards: applications with models, serializers, views,
addresses, tasks, clients of outside hosts and a settings module. `cold` reads it with an empty cache, `nothing changed` and `one file changed`
with the cache of the run before. `six systems` are six such repositories of 10,000 lines that call one another, each with a model: reading
them with an empty cache, drawing every picture and writing every page. Each figure is that of the whole command, start of the interpreter
included: the median of the runs, its processor seconds (of all processes), and the largest memory of one process.

Ends with 1 where a median is above what is asked: 20 s cold, 2 s with one file changed, 10 s for six systems.
"""

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LIMITS = {"cold": 20.0, "one file changed": 2.0, "six systems": 10.0}
SYSTEMS = ("catalogue", "payments", "learners", "exams", "archive", "reports")
SYSTEM_LINES = 10_000
Row = dict[str, Any]

MODEL = """
class {Name}{n}(models.Model):
    \"\"\"A {name} of kind {n}.\"\"\"

    title = models.CharField(max_length=255, db_index=True)
    state = models.CharField(max_length=20, choices=STATES, default="draft")
    position = models.PositiveIntegerField(default={n})
    owner = models.ForeignKey("users.User", null=True, on_delete=models.SET_NULL, related_name="{name}_{n}")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position", "title"]

    def publish(self, by):
        if self.state == "draft" and by.has_perm("{name}.publish"):
            self.state = "live"
            self.save(update_fields=["state"])
            return True
        return False

    def __str__(self):
        return f"{{self.title}} ({{self.get_state_display()}})"
"""
RULE = """
def decide_{n}(values, limit={n}, strict=False):
    \"\"\"Which of the values stay, and what they come to.\"\"\"
    kept = []
    total = 0
    for position, value in enumerate(values):
        if value is None or (strict and value < limit):
            continue
        if position % 2 and total > limit * 10:
            total -= value // 2
        else:
            total += value
        kept.append({{"position": position, "value": value, "share": round(value / (total or 1), 3)}})
    names = {{"one": "first", "two": "second", "three": "third"}}
    label = names.get("one" if total > limit else "two", "third")
    return {{"label": label, "kept": sorted(kept, key=lambda row: row["share"]), "total": total}}
"""
VIEW = """
class {Name}{n}ViewSet(viewsets.ModelViewSet):
    queryset = {Name}{n}.objects.select_related("owner")
    serializer_class = {Name}{n}Serializer

    def perform_create(self, serializer):
        found = serializer.save(owner=self.request.user)
        client.announce_{n}(found.pk)
        tasks.refresh_{n}.delay(found.pk)

    @action(detail=True, methods=["post"])
    def publish(self, request, pk=None):
        found = self.get_object()
        if not found.publish(request.user):
            return Response({{"detail": "Not allowed."}}, status=403)
        return Response(self.get_serializer(found).data)
"""
SERIALIZER = """
class {Name}{n}Serializer(serializers.ModelSerializer):
    total = serializers.SerializerMethodField()

    class Meta:
        model = {Name}{n}
        fields = ["id", "title", "state", "position", "total"]

    def get_total(self, found):
        return rules.decide_{n}([found.position, 3, 4])["total"]
"""
TASK = """
@shared_task(queue="{queue}", acks_late=True)
def refresh_{n}(pk):
    found = client.read_{n}(pk)
    return rules.decide_{n}(found.get("values", []))
"""
CLIENT = """
def announce_{n}(pk):
    return call("post", f"/api/v1/{name}{n}/{{pk}}/", json={{"pk": pk}})


def read_{n}(pk):
    response = session.get(f"{{settings.{PEER}_URL}}/api/v1/{peer}0/{{pk}}/", timeout=10)
    response.raise_for_status()
    return response.json()
"""
CLIENT_HEAD = """import requests
from django.conf import settings

session = requests.Session()
BASE = "https://{name}.example-hosts.org"


def call(method, path, **options):
    return requests.request(method, BASE + path, timeout=5, **options)
"""


def write_app(folder: Path, name: str, peer: str, kinds: int) -> None:
    """One application; a kind is about 86 lines, and one of five is reached from outside and calls others."""
    open_kinds = range(0, kinds, 5)

    def each(template: str, numbers: Sequence[int] = range(kinds)) -> str:
        values = {"name": name, "Name": name.title().replace("_", ""), "peer": peer, "PEER": peer.upper(), "queue": f"{name[:4]}_queue"}
        return "\n".join(template.format(n=number, **values) for number in numbers)

    names = ", ".join(f"{name.title().replace('_', '')}{number}" for number in open_kinds)
    routes = "\n".join(f'router.register("{name}{number}", views.{name.title().replace("_", "")}{number}ViewSet)' for number in open_kinds)
    files = {
        "__init__.py": "",
        "models.py": 'from django.db import models\n\nSTATES = [("draft", "Draft"), ("live", "Live")]\n' + each(MODEL),
        "rules.py": each(RULE) + each(RULE.replace("decide_", "weigh_")) + each(RULE.replace("decide_", "order_")),
        "serializers.py": f"from rest_framework import serializers\n\nfrom {name} import rules\nfrom {name}.models import {names}\n" + each(SERIALIZER, open_kinds),
        "views.py": "from rest_framework import viewsets\nfrom rest_framework.decorators import action\nfrom rest_framework.response import Response\n\n"
        f"from {name} import client, tasks\nfrom {name}.models import *\nfrom {name}.serializers import *\n" + each(VIEW, open_kinds),
        "tasks.py": f"from celery import shared_task\n\nfrom {name} import client, rules\n" + each(TASK, open_kinds),
        "client.py": CLIENT_HEAD.format(name=name.replace("_", "-")) + each(CLIENT, open_kinds),
        "urls.py": f"from rest_framework.routers import DefaultRouter\n\nfrom {name} import views\n\nrouter = DefaultRouter()\n{routes}\n\nurlpatterns = router.urls\n",
    }  # fmt: skip
    (folder / name).mkdir(parents=True)
    for path, text in files.items():
        (folder / name / path).write_text(text)


def write_repository(folder: Path, lines: int, peers: Sequence[str], first: str = "part") -> int:
    """A repository of about so many lines. Gives how many there are."""
    kinds = 20
    apps = max(1, round(lines / (kinds * 86)))
    names = [first if apps == 1 else f"{first}_{number}" for number in range(apps)]
    for number, name in enumerate(names):
        write_app(folder, name, peers[number % len(peers)], kinds)
    urls = "".join(f'    path("api/v1/", include("{name}.urls")),\n' for name in names)
    beat = "".join(f'    "{name}": {{"task": "{name}.tasks.refresh_0", "schedule": crontab(minute={number % 60}, hour=5)}},\n' for number, name in enumerate(names))  # fmt: skip
    addresses = "".join(f'{peer.upper()}_URL = os.environ.get("{peer.upper()}_URL", "http://{peer}:8000")\n' for peer in sorted(set(peers)))
    files = {
        "manage.py": 'import os\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")\n',
        "project/__init__.py": "",
        "project/urls.py": f"from django.urls import include, path\n\nurlpatterns = [\n{urls}]\n",
        "project/settings.py": f"import os\n\nfrom celery.schedules import crontab\n\nROOT_URLCONF = 'project.urls'\n{addresses}"
        f'DATABASES = {{"default": {{"ENGINE": "django.db.backends.postgresql"}}}}\nCELERY_BEAT_SCHEDULE = {{\n{beat}}}\n',
    }
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return sum(file.read_bytes().count(b"\n") for file in folder.rglob("*.py"))


def write_systems(folder: Path) -> int:
    """Six repositories, each with a model."""
    lines = 0
    (folder / "models").mkdir(parents=True)
    for number, name in enumerate(SYSTEMS):
        peers = [SYSTEMS[(number + step) % len(SYSTEMS)] for step in (1, 2)]
        lines += write_repository(folder / name, SYSTEM_LINES, peers, name)
        others = "".join(f"  - {{id: {one}, name: {one.title()}, kind: internal}}\n" for one in SYSTEMS if one != name)
        containers = "".join(
            f"      - {{id: {name}-{role}, name: {role.title()}, technology: Django, runs: [{role}], source: {{repo: {name}, path: ''}}}}\n"
            for role in ("web", "worker")
        )
        (folder / "models" / f"{name}.yaml").write_text(
            f"meta:\n  name: {name}\n  primary_system: {name}\n  repositories: [{{name: {name}, path: ../{name}}}]\n"
            f"systems:\n  - id: {name}\n    name: {name.title()}\n    kind: internal\n    repo: {name}\n    containers:\n{containers}{others}"
        )
    return lines


def timed(arguments: Sequence[str]) -> Row:
    """One run of the command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    subprocess.run(
        [sys.executable, "-m", "c4gen", *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    )
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": round(seconds, 2), "processor_s": round(processor, 2), "memory_mb": round(after.ru_maxrss / 1024)}


def measure(folder: Path, lines: int, runs: int) -> list[Row]:
    written = write_repository(folder / "large", lines, SYSTEMS)
    changed = folder / "large" / "project" / "settings.py"
    rows = []
    for number in range(runs):
        cache = folder / f"cache-{number}"
        read = ["extract", "--cache", str(cache), "--output", str(folder / "facts.json"), str(folder / "large")]
        rows.append({"what": "cold", "lines": written, **timed(read)})
        rows.append({"what": "nothing changed", "lines": written, **timed(read)})
        changed.write_text(changed.read_text() + f"\nRUN_{number} = {number}\n")
        rows.append({"what": "one file changed", "lines": written, **timed(read)})
    written = write_systems(folder / "six")
    for number in range(runs):
        models, pages, cache = (str(folder / "six" / part) for part in ("models", f"pages-{number}", f"cache-{number}"))
        rows.append({"what": "six systems", "lines": written, **timed(["build", "--models", models, "--output", pages, "--cache", cache])})
    return rows


def medians(rows: Sequence[Row]) -> list[Row]:
    found = []
    for what in dict.fromkeys(row["what"] for row in rows):
        own = [row for row in rows if row["what"] == what]
        found.append(
            {"what": what, "lines": own[0]["lines"], "seconds": statistics.median(row["seconds"] for row in own),
             "processor_s": statistics.median(row["processor_s"] for row in own), "memory_mb": max(row["memory_mb"] for row in own),
             "limit_s": LIMITS.get(what)}
        )  # fmt: skip
    return found


def table(found: Sequence[Row]) -> str:
    lines = [f"{'':18} {'lines':>8} {'seconds':>8} {'limit':>6} {'processor s':>12} {'memory MB':>10}"]
    lines += [
        f"{row['what']:18} {row['lines']:8,} {row['seconds']:8.2f} {row['limit_s'] or '':>6} {row['processor_s']:12.2f} {row['memory_mb']:10}"
        for row in found
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=200_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="c4gen-bench-"))
    try:
        rows = measure(folder, options.lines, options.runs)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    found = medians(rows)
    print(table(found))
    if options.json:
        machine = {"machine": platform.machine(), "processors": os.cpu_count(), "python": platform.python_version()}
        raw = {"taken": datetime.now(UTC).isoformat(timespec="seconds"), "on": machine, "medians": found, "runs": rows}
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(raw, indent=1) + "\n")
    sys.exit(int(any(row["limit_s"] and row["seconds"] > row["limit_s"] for row in found)))


if __name__ == "__main__":
    main()
