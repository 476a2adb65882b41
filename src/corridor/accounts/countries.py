"""Countries and states, as addresses name them. Read once; pure afterwards."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("countries.yaml")


@dataclass(frozen=True)
class State:
    code: str
    name: str


@dataclass(frozen=True)
class Country:
    """`states` is empty where addresses need none."""

    code: str
    name: str
    states: tuple[State, ...] = ()


@cache
def countries() -> dict[str, Country]:
    """All countries by code, in order of their names."""
    read = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    states = {code: tuple(State(*each) for each in names.items()) for code, names in read["states"].items()}
    return {code: Country(code, name, states.get(code, ())) for code, name in read["countries"].items()}


def state_fits(country: str, state: str) -> bool:
    """Whether a state lies in its country: needed where there are states, refused elsewhere."""
    known = countries()[country].states if country in countries() else ()
    return state in {each.code for each in known} if known else not state
