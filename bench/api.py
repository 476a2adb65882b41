"""How fast the search of the published API answers, over HTTP of one web server process, on the real catalogues.

    ./corridor bench api [--catalog ../shared/data/catalog] [--requests 1000] [--embed 1000] [--rival 60] [--json bench/results/api.json]

A database, a folder and an index of their own, removed afterwards. Each request asks different words, with 8 facets, a filter,
highlighting and 20 full results. Latency is that of one client after another with questions that nobody asked before, whose words and
meaning are looked up anew. Then three clients ask the same questions once more, as many do: the rotating set. Requests per core are requests
divided by the seconds of processor time that the server took for them, so that a busy machine does not change them.
--embed says how many resources are embedded; the vectors of all others are copies of those with noise: a product with a matrix takes as long.
The rival answers the same questions the usual Django way: PostgreSQL full text with a GIN index, eight GROUP BY, model serializers with
prefetching, in this process, without any HTTP.
"""

import argparse
import atexit
import http.client
import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

HOME = Path(tempfile.mkdtemp(prefix="corridor-bench-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
os.environ["CORRIDOR_HOME"] = str(HOME)
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django
import numpy as np

django.setup()

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db import connection
from django.db.models import Count
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer

from corridor.embedded import databases, template
from corridor.learn.catalog.models import Department, LearningResource, Offeror, Platform, Run, Topic
from corridor.learn.catalog.reference.load import load_reference
from corridor.learn.discovery import entries, indexing, vectors
from corridor.learn.discovery.models import TextVector
from corridor.learn.ingest.actions import run_source
from corridor.learn.sources.generic.source import from_folder
from tests.fixtures.site import database_url, free_port, wait_until_ready

MAPPINGS = Path(__file__).parents[1] / "src/corridor/learn/sources/generic/tests/mappings"
FACETS = ("resource_type", "topic", "department", "level", "offered_by", "platform", "free", "delivery")
SEARCH = "/api/v1/learning_resources_search/"
Row = dict[str, Any]


@contextmanager
def filled(catalog: Path, embedded: int) -> Iterator[int]:
    with databases.scratch("corridor_bench") as name:
        if template.is_usable():
            with databases.connected(name) as database:
                template.load(database)
        with databases.django_on(name):
            load_reference("mit")
            for source in from_folder(MAPPINGS, str(catalog)):
                run_source(source)
            indexing.rebuild()
            if embedded:
                indexing.embed(indexing.without_vector()[:embedded], threads=2)
                fill_with_noise()
                indexing.rebuild()
            yield LearningResource.objects.filter(document__published=True).count()


def fill_with_noise() -> None:
    """A vector for every resource that has none: one of those known, a little turned."""
    chance = np.random.default_rng(7)
    known = [np.frombuffer(bytes(row), dtype="<f2").astype(np.float32) for row in TextVector.objects.values_list("vector", flat=True)]
    name = indexing.resource_store().encoder or ""
    for documents in entries.load_all():
        rows = [
            TextVector(encoder=name, digest=digest, vector=(known[at] + chance.normal(0, 0.03, known[at].shape)).astype("<f2").tobytes())
            for digest in {vectors.digest_of(each) for each in documents} - {""}
            for at in [int(chance.integers(len(known)))]
        ]
        TextVector.objects.bulk_create(rows, ignore_conflicts=True)


def questions(count: int) -> list[str]:
    """Two or three words of titles, the same every time, none twice."""
    chance = random.Random(7)
    titles = list(LearningResource.objects.order_by("id").values_list("title", flat=True))
    asked: dict[str, None] = {}
    while len(asked) < count:
        words = [word for word in chance.choice(titles).split() if word.isalpha() and len(word) > 2]
        if len(words) > 1:
            asked[" ".join(words[: chance.choice((2, 2, 3))])] = None
    return list(asked)


def address(question: str, mode: str) -> str:
    query = [("q", question), ("search_mode", mode), ("limit", "20"), ("highlight", "true"), ("free", "true"), ("show_ocw_files", "true")]
    return f"{SEARCH}?{urlencode([*query, *(('aggregations', facet) for facet in FACETS)])}"


class Server:
    """One process of the web server."""

    def __init__(self) -> None:
        self.port = free_port()
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--port", str(self.port), "--blocking-threads", "1"]
        environment = {**os.environ, "DATABASE_URL": database_url(), "CORRIDOR_BASE_URL": f"http://127.0.0.1:{self.port}"}
        self.process = subprocess.Popen(
            [*command, "corridor.wsgi:application"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        wait_until_ready(f"http://127.0.0.1:{self.port}", self.process)

    def busy(self) -> float:
        """Processor seconds of the server and its workers so far."""
        workers = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        ticks = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13] for pid in (str(self.process.pid), *workers)]
        return sum(int(each) for pair in ticks for each in pair) / os.sysconf("SC_CLK_TCK")

    def ask(self, client: http.client.HTTPConnection, path: str) -> int:
        client.request("GET", path)
        answer = client.getresponse()
        body = answer.read()
        assert answer.status == 200, body[:500]
        return len(body)

    def client(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port)


def measure(server: Server, asked: Sequence[str], mode: str) -> Row:
    """One client with new questions: latency. Then three at once with the same: throughput."""
    paths = [address(question, mode) for question in asked]
    client, sizes = server.client(), []
    for question in asked[:20]:
        server.ask(client, address(f"{question} warm", mode))
    times, before = [], server.busy()
    for path in paths:
        began = time.perf_counter()
        sizes.append(server.ask(client, path))
        times.append((time.perf_counter() - began) * 1000)
    alone = server.busy() - before
    before, began = server.busy(), time.perf_counter()
    threads = [threading.Thread(target=lambda part=part: [server.ask(own, path) for own in [server.client()] for path in part]) for part in (paths[0::3], paths[1::3], paths[2::3])]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    together = server.busy() - before
    return {
        **percentiles(times),
        "new/s per core": round(len(paths) / alone),
        "rotating/s": round(len(paths) / took),
        "rotating/s per core": round(len(paths) / together),
        "kB": round(statistics.mean(sizes) / 1000, 1),
    }


def percentiles(times: Sequence[float]) -> Row:
    cuts = statistics.quantiles(times, n=100)
    return {"p50 ms": round(cuts[49], 2), "p95 ms": round(cuts[94], 2), "p99 ms": round(cuts[98], 2)}


# --- the rival


class PlatformRow(serializers.ModelSerializer[Platform]):
    class Meta:
        model = Platform
        fields = ["code", "name"]


class OfferorRow(serializers.ModelSerializer[Offeror]):
    class Meta:
        model = Offeror
        fields = ["code", "name", "display_facet"]


class DepartmentRow(serializers.ModelSerializer[Department]):
    class Meta:
        model = Department
        fields = ["department_id", "name"]


class TopicRow(serializers.ModelSerializer[Topic]):
    class Meta:
        model = Topic
        fields = ["id", "name", "icon", "parent"]


class RunRow(serializers.ModelSerializer[Run]):
    class Meta:
        model = Run
        exclude = ["instructors"]


class ResourceRow(serializers.ModelSerializer[LearningResource]):
    platform, offered_by = PlatformRow(), OfferorRow()
    departments, topics, runs = DepartmentRow(many=True), TopicRow(many=True), RunRow(many=True)

    class Meta:
        model = LearningResource
        fields = "__all__"


VECTOR = SearchVector("title", weight="A", config="english") + SearchVector("description", weight="B", config="english")
TELLING = {
    "resource_type": "resource_type",
    "topic": "topics__name",
    "department": "departments",
    "level": "runs__level",
    "offered_by": "offered_by",
    "platform": "platform",
    "free": "document__free",
    "delivery": "delivery",
}


def with_vectors() -> None:
    """A column for the words, as the documentation of Django advises, and its index."""
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE learn_learningresource ADD COLUMN told tsvector GENERATED ALWAYS AS (setweight(to_tsvector('english', title), 'A')"
            " || setweight(to_tsvector('english', description), 'B')) STORED"
        )
        cursor.execute("CREATE INDEX bench_told ON learn_learningresource USING gin (told)")
        cursor.execute("ANALYZE")


def usual_answer(question: str) -> bytes:
    query = SearchQuery(question, config="english", search_type="websearch")
    found = LearningResource.objects.filter(document__published=True).extra(
        where=["learn_learningresource.told @@ websearch_to_tsquery('english', %s)"], params=[question]
    )
    chosen = found.filter(document__free=True)
    ranked = chosen.annotate(rank=SearchRank(VECTOR, query)).order_by("-rank")
    page = ranked.select_related("platform", "offered_by").prefetch_related("departments", "topics", "runs")[:20]
    facets = {
        name: list((found if name == "free" else chosen).order_by().values_list(column).annotate(Count("id", distinct=True)))
        for name, column in TELLING.items()
    }
    told = {"count": chosen.count(), "results": ResourceRow(page, many=True).data, "metadata": {"aggregations": facets}}
    return bytes(JSONRenderer().render(told))


def measure_usual(asked: Sequence[str]) -> Row:
    with_vectors()
    usual_answer(asked[0])
    times, sizes, busy = [], [], time.process_time()
    for question in asked:
        began = time.perf_counter()
        sizes.append(len(usual_answer(question)))
        times.append((time.perf_counter() - began) * 1000)
    busy = time.process_time() - busy
    return {**percentiles(times), "new/s per core": round(len(asked) / busy), "kB": round(statistics.mean(sizes) / 1000, 1)}  # fmt: skip


# --- the report


def show(rows: dict[str, Row]) -> None:
    names = list(dict.fromkeys(name for row in rows.values() for name in row))
    print(f"{'':<34}" + "".join(f"{name:>21}" for name in names))
    for title, row in rows.items():
        print(f"{title:<34}" + "".join(f"{row.get(name, '–'):>21}" for name in names))
    ours, usual = rows["words"], rows.get("PostgreSQL and serializers")
    if usual:
        print(
            f"\nThe usual way takes {usual['p50 ms'] / ours['p50 ms']:.1f} times as long (p50), {usual['p95 ms'] / ours['p95 ms']:.1f} times (p95)."
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--catalog", type=Path, default=Path(__file__).parents[2] / "shared/data/catalog")
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--rival", type=int, default=60, help="questions for the rival; 0 leaves it out")
    parser.add_argument("--embed", type=int, default=1000, help="resources to embed first; 0 leaves meaning out")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows: dict[str, Row] = {}
    with filled(options.catalog, options.embed) as resources:
        asked = questions(2 * options.requests)
        server = Server()
        try:
            rows["words"] = measure(server, asked[: options.requests], "best_fields")
            if options.embed:
                rows["hybrid"] = measure(server, asked[options.requests :][:300], "hybrid")
        finally:
            server.process.terminate()
            server.process.communicate()
        if options.rival:
            rows["PostgreSQL and serializers"] = measure_usual(asked[: options.rival])
    show(rows)
    if options.json:
        machine = {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count(), "load": os.getloadavg()}
        about = {"at": datetime.now(UTC).isoformat(), "resources": resources, "embedded": options.embed, **machine}
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps({**about, "rows": rows}, indent=2) + "\n")


if __name__ == "__main__":
    main()
