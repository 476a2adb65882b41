"""Where ELK runs: in Node where there is one, else in QuickJS. Both give the same positions, and both run beside this process, so that several
pictures are laid out at once."""

import json
import select
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from importlib.resources import as_file, files
from importlib.util import find_spec
from typing import IO, Any, Protocol

SLOWEST = 60  # seconds for one picture
MEMORY = 2**30
STACK = 2**26
ROOM = "--max-semi-space-size=64"  # megabytes for what is short-lived: a tenth less time
SCRIPTS = ("host.js", "elk-worker.min.js", "ask.js")

Json = dict[str, Any]


class LayoutFailed(Exception):
    """The engine could not lay this graph out; another may."""


class Engine(Protocol):
    def lay_out(self, graph: Json) -> Json:
        """An ELK graph with positions. Raises LayoutFailed."""


class QuickJs:
    def __init__(self) -> None:
        context = import_module("quickjs").Context()
        context.set_max_stack_size(STACK)
        context.set_memory_limit(MEMORY)
        for name in SCRIPTS:
            context.eval(files("c4gen.layout").joinpath("elkjs", name).read_text(encoding="utf-8"))
        context.set_time_limit(SLOWEST)
        self._call = context.get("layOut")

    def lay_out(self, graph: Json) -> Json:
        try:
            return _read(self._call(json.dumps(graph)))
        except Exception as error:  # the binding raises one class for everything that happens in JavaScript
            raise LayoutFailed(str(error)) from error


class Beside:
    """A process that answers one line for each line."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        self._questions: IO[str] = process.stdin
        self._answers: IO[str] = process.stdout

    def lay_out(self, graph: Json) -> Json:
        try:
            self._questions.write(json.dumps(graph) + "\n")
            self._questions.flush()
        except OSError as error:
            raise LayoutFailed("the engine ended early") from error
        if not select.select([self._answers], [], [], SLOWEST)[0]:
            self._process.kill()
            raise LayoutFailed(f"the engine took longer than {SLOWEST} s")
        return _read(self._answers.readline())


def _read(answer: str) -> Json:
    if not answer.strip():
        raise LayoutFailed("the engine gave no answer")
    graph: Json = json.loads(answer)
    if "failure" in graph:
        raise LayoutFailed(graph["failure"])
    return graph


@contextmanager
def node(program: str = "node") -> Iterator[Beside]:
    with as_file(files("c4gen.layout").joinpath("elkjs")) as folder, _beside(program, ROOM, str(folder / "run.js")) as engine:
        yield engine


@contextmanager
def _beside(*command: str) -> Iterator[Beside]:
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield Beside(process)
    finally:
        process.kill()
        process.communicate()


@contextmanager
def quickjs() -> Iterator[QuickJs]:
    """Inside this process."""
    yield QuickJs()


def quickjs_beside() -> AbstractContextManager[Beside]:
    return _beside(sys.executable, "-c", "from c4gen.layout.engines import answer; answer()")


def answer() -> None:
    """What `quickjs_beside` runs: a line of answer for each line of standard input."""
    engine = QuickJs()
    for line in sys.stdin:
        try:
            said = engine.lay_out(json.loads(line))
        except LayoutFailed as failed:
            said = {"failure": str(failed)}
        print(json.dumps(said), flush=True)


def best() -> Callable[[], AbstractContextManager[Engine]] | None:
    """What starts an engine; None where there is neither Node nor QuickJS."""
    if program := shutil.which("node"):
        return lambda: node(program)
    return quickjs_beside if find_spec("quickjs") else None
