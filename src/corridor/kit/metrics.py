"""Numbers to watch, as text that Prometheus and collectors of OpenTelemetry read at /health/metrics/.

Each is measured when it is asked for: every process tells the same, and none keeps count.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# A value with the labels that tell it from the others of its gauge.
Sample = tuple[Mapping[str, str], float]


@dataclass(frozen=True)
class Gauge:
    name: str
    help: str
    measure: Callable[[], Iterable[Sample]]


GAUGES: dict[str, Gauge] = {}


def gauge(name: str, help: str) -> Callable[[Callable[[], Iterable[Sample]]], Callable[[], Iterable[Sample]]]:
    """Register a function that measures."""

    def register(measure: Callable[[], Iterable[Sample]]) -> Callable[[], Iterable[Sample]]:
        GAUGES[name] = Gauge(name, help, measure)
        return measure

    return register


def exposition() -> str:
    return "".join(f"{line}\n" for gauge in GAUGES.values() for line in _lines(gauge))


def _lines(gauge: Gauge) -> Iterator[str]:
    yield f"# HELP {gauge.name} {gauge.help}"
    yield f"# TYPE {gauge.name} gauge"
    for labels, value in gauge.measure():
        told = ",".join(f'{name}="{_escaped(label)}"' for name, label in labels.items())
        yield f"{gauge.name}{{{told}}} {value:g}" if told else f"{gauge.name} {value:g}"


def _escaped(label: str) -> str:
    return label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
