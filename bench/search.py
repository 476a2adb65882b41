"""How fast the search core answers, on the real catalogues and on larger ones, beside rivals. No database, no HTTP.

    ./corridor bench search [--json FILE] [--growth 5000 20000 100000 400000] [--no-rivals]

Every question asks for 20 results with highlights, eight facets and, every other one, a filter. "new" are questions that were never
asked before; "rotating" the same 1,000 again, which are remembered. In hybrid the question is embedded each time and nothing of it is remembered;
the vectors of documents are those of 2,000 real titles with noise, which changes what is found and not how long it takes.
One thread asks. Rivals need the packages of requirements/bench.txt.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.search_catalogue import DEFINITION, FACETS, catalogue, grown, questions
from corridor.search import Document, Mode, Search
from corridor.search.encoders import choose_encoder
from corridor.search.ports import Encoder
from corridor.search.searcher import Searcher
from corridor.search.store import IndexStore

import numpy as np  # isort: skip  # after corridor.search, which says how many threads it may use

Figures = dict[str, Any]


def main() -> None:
    options = arguments()
    if options.child:
        print(json.dumps(measured_growth(options.child)))
        return
    if options.asking:
        print(json.dumps(asking(options.asking)))
        return
    documents = catalogue()
    asked = questions(documents)
    result: Figures = {"machine": machine(), "documents": len(documents)}
    with folder() as place:
        result["words"], result["index"] = words(documents, asked, place)
    with folder() as place:
        result["hybrid"] = hybrid(documents, asked[:300], place)
    if options.rivals:
        result["rivals"] = rivals(documents, asked)
    result["growth"] = [json.loads(child("--child", str(count))) for count in options.growth]
    show(result)
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, help="keep the figures in this file")
    parser.add_argument("--growth", type=int, nargs="*", default=[5_000, 20_000, 100_000, 400_000], help="sizes of synthetic catalogues")
    parser.add_argument("--no-rivals", dest="rivals", action="store_false")
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--asking", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def question(text: str, number: int, mode: Mode) -> Search:
    return Search(text, filters={"free": ["yes"]} if number % 2 else {}, facets=FACETS, mode=mode, highlight=True, limit=20)


def words(documents: Sequence[Document], asked: Sequence[str], place: Path) -> tuple[Figures, Figures]:
    store = IndexStore(place, DEFINITION)
    started = time.perf_counter()
    store.rebuild(documents)
    index = {"build_seconds": round(time.perf_counter() - started, 2), "megabytes": megabytes(place)}
    searcher = Searcher(store)
    searcher.search(Search("lineer algebre", mode=Mode.LEXICAL))  # the first slip of the fingers gathers the words
    numbers = {text: number for number, text in enumerate(asked)}

    def ask(text: str) -> object:
        return searcher.search(question(text, numbers[text], Mode.LEXICAL))

    return {"new": timed(ask, asked), "rotating": timed(ask, [*asked, *asked])}, index


def hybrid(documents: Sequence[Document], asked: Sequence[str], place: Path) -> Figures:
    encoder = choose_encoder()
    if encoder is None:
        return {}
    store = IndexStore(place, DEFINITION, encoder=encoder.name)
    store.rebuild(with_vectors(documents, encoder))
    searcher = Searcher(store, encoder)
    searcher.search(Search("lineer algebre"))
    numbers = {text: number for number, text in enumerate(asked)}
    return {
        "new": timed(lambda text: searcher.search(question(text, numbers[text], Mode.HYBRID)), asked),
        "encoder_alone": timed(lambda text: encoder.encode([text]), asked),
    }


def with_vectors(documents: Sequence[Document], encoder: Encoder) -> Iterator[Document]:
    random = np.random.default_rng(3)
    titles = [" ".join(each.texts["title"]) or "untitled" for each in documents[:: max(1, len(documents) // 2_000)]]
    known = encoder.encode(titles)
    for each in documents:
        row = known[random.integers(len(known))] + 0.03 * random.standard_normal(known.shape[1])
        yield replace(each, vector=(row / np.linalg.norm(row)).astype("<f2").tobytes())


def rivals(documents: Sequence[Document], asked: Sequence[str]) -> Figures:
    from bench.search_rivals import RIVALS, built

    found: Figures = {}
    for name, make in RIVALS.items():
        with folder() as place:
            try:
                ask, figures = built(make, documents, place)
            except ImportError as error:
                print(f"{name} is not measured: {error}", file=sys.stderr)
                continue
            found[name] = {**figures, "megabytes": megabytes(place), **timed(ask, asked)}
    return found


def measured_growth(count: int) -> Figures:
    real = catalogue()
    with folder() as place:
        started = time.perf_counter()
        IndexStore(place / "index", DEFINITION).rebuild(grown(real, count))
        seconds = round(time.perf_counter() - started, 2)
        (place / "questions.json").write_text(json.dumps(questions(real, 500)))
        return {"documents": count, "build_seconds": seconds, "megabytes": megabytes(place), **json.loads(child("--asking", str(place)))}


def asking(place: Path) -> Figures:
    """What a process holds that does nothing but search."""
    asked: list[str] = json.loads((place / "questions.json").read_text())
    searcher = Searcher(IndexStore(place / "index", DEFINITION))
    before = resident("Anonymous")
    searcher.search(Search("lineer algebre", mode=Mode.LEXICAL))
    numbers = {text: number for number, text in enumerate(asked)}
    found = timed(lambda text: searcher.search(question(text, numbers[text], Mode.LEXICAL)), asked)
    grew = resident("Anonymous") - before
    return {"grew_megabytes": round(grew, 1), "resident_megabytes": round(resident("Rss"), 1), **found}


def resident(kind: str) -> float:
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) / 1_000 for line in lines if line.startswith(f"{kind}:"))


def child(*options: str) -> str:
    """Output of this bench in a process of its own, whose memory is its own."""
    return subprocess.run([sys.executable, "-m", "bench.search", *options], check=True, stdout=subprocess.PIPE, text=True).stdout


def timed(ask: Callable[[str], object], asked: Sequence[str]) -> Figures:
    taken = []
    for text in asked:
        started = time.perf_counter()
        ask(text)
        taken.append(1_000 * (time.perf_counter() - started))
    p50, p95, p99 = np.percentile(taken, [50, 95, 99]).tolist()
    return {"p50_ms": round(p50, 2), "p95_ms": round(p95, 2), "p99_ms": round(p99, 2), "per_second": round(1_000 * len(taken) / sum(taken))}


def megabytes(place: Path) -> float:
    return round(sum(path.stat().st_size for path in place.rglob("*") if path.is_file()) / 1e6, 1)


@contextmanager
def folder() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="bench-search-"))
    try:
        yield place
    finally:
        shutil.rmtree(place)


def machine() -> Figures:
    packages = ("tantivy", "numpy", "onnxruntime")
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "packages": {name: version(name) for name in packages},
    }


def show(result: Figures) -> None:
    print(f"{result['documents']} documents, {result['machine']['cores']} cores, load {result['machine']['load']} at the start")
    print(f"index: {result['index']['build_seconds']} s, {result['index']['megabytes']} MB\n")
    print(f"{'':34}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'1/s':>8}{'x p50':>8}")
    base = result["words"]["new"]["p50_ms"]
    rows = {"words, new questions": result["words"]["new"], "words, 1,000 rotating": result["words"]["rotating"]}
    rows |= {f"hybrid, {name}": each for name, each in result["hybrid"].items()} | result.get("rivals", {})
    for name, each in rows.items():
        print(f"{name:34}{each['p50_ms']:9}{each['p95_ms']:9}{each['p99_ms']:9}{each['per_second']:8}{each['p50_ms'] / base:8.1f}")
    print(f"\n{'growth':>10}{'build s':>9}{'MB':>9}{'grew MB':>9}{'RSS MB':>9}{'p50 ms':>9}{'p95 ms':>9}{'1/s':>8}")
    for each in result["growth"]:
        names = ("build_seconds", "megabytes", "grew_megabytes", "resident_megabytes", "p50_ms", "p95_ms")
        shown = tuple(each[name] for name in names)
        print(f"{each['documents']:>10}" + "".join(f"{value:9}" for value in shown) + f"{each['per_second']:8}")


if __name__ == "__main__":
    main()
