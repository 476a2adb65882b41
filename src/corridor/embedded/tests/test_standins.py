"""Which outside services are played on this machine, and how our own processes hear of it."""

import socket
from pathlib import Path

import pytest

from corridor.config import Config, load
from corridor.embedded import standins
from corridor.embedded.home import open_home
from corridor.embedded.standins import stand_ins


def config(home: Path, **variables: str) -> Config:
    open_home(home)
    return load({"CORRIDOR_HOME": str(home), **variables})


def test_what_the_environment_does_not_name_is_played(tmp_path: Path) -> None:
    found = stand_ins(config(tmp_path))
    assert found.port
    assert found.variables["OPENEDX_API_BASE_URL"] == f"{found.url}/openedx"
    assert found.variables["OPENEDX_COURSE_BASE_URL"] == f"{found.url}/openedx/courses"
    assert load({"CORRIDOR_HOME": str(tmp_path), **found.variables}).openedx_secret


def test_secrets_stay_those_of_the_home_folder(tmp_path: Path) -> None:
    first, again = (stand_ins(config(tmp_path)).variables for _ in range(2))
    other = stand_ins(config(tmp_path / "other")).variables
    assert first["OPENEDX_WEBHOOK_SECRET"] == again["OPENEDX_WEBHOOK_SECRET"] != other["OPENEDX_WEBHOOK_SECRET"]


@pytest.mark.parametrize("named", ["OPENEDX_API_BASE_URL", "OPENEDX_COURSE_BASE_URL"])
def test_courseware_that_is_named_is_not_played(tmp_path: Path, named: str) -> None:
    found = stand_ins(config(tmp_path, **{named: "https://courses.example.org"}))
    assert not [name for name in found.variables if name.startswith("OPENEDX")]


def test_systems_that_need_nothing_get_nothing(tmp_path: Path) -> None:
    found = stand_ins(config(tmp_path, CORRIDOR_SYSTEMS="learn"))
    assert (found.port, found.url, found.variables) == (None, "", {})


def test_production_plays_nothing(tmp_path: Path) -> None:
    played = config(tmp_path).model_copy(update={"environment": "production"})
    assert stand_ins(played).port is None


def test_a_taken_port_gives_way_to_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        taken = listener.getsockname()[1]
        monkeypatch.setattr(standins, "FIRST_PORT", taken)
        found = stand_ins(config(tmp_path))
    assert found.port is not None
    assert found.port > taken
