"""Where ELK runs: in Node where there is one, else in QuickJS inside this process. Both give the same positions."""

import json
import select
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from importlib.resources import as_file, files
from typing import IO, Any, Protocol

SLOWEST = 60  # seconds for one picture
MEMORY = 2**30
STACK = 2**26
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


class Node:
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
            raise LayoutFailed("Node ended early") from error
        if not select.select([self._answers], [], [], SLOWEST)[0]:
            self._process.kill()
            raise LayoutFailed(f"Node took longer than {SLOWEST} s")
        return _read(self._answers.readline())


def _read(answer: str) -> Json:
    if not answer.strip():
        raise LayoutFailed("the engine gave no answer")
    graph: Json = json.loads(answer)
    if "failure" in graph:
        raise LayoutFailed(graph["failure"])
    return graph


@contextmanager
def node(program: str = "node") -> Iterator[Node]:
    with as_file(files("c4gen.layout").joinpath("elkjs")) as folder:
        process = subprocess.Popen(
            [program, str(folder / "run.js")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        try:
            yield Node(process)
        finally:
            process.kill()
            process.communicate()


@contextmanager
def quickjs() -> Iterator[QuickJs]:
    yield QuickJs()


def best() -> AbstractContextManager[Engine] | None:
    """None where there is neither Node nor QuickJS."""
    if program := shutil.which("node"):
        return node(program)
    try:
        import_module("quickjs")
    except ImportError:
        return None
    return quickjs()
