"""Where `corridor up` listens, what it tells its children, and how it shows its progress."""

import io
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from corridor.config import Config, load
from corridor.embedded import up
from corridor.embedded.errors import PortTakenError
from corridor.embedded.progress import step


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_the_usual_port_gives_way_to_the_next_free_one(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    config = Config.model_construct(_fields_set=set(), **{**load({}).model_dump(), "port": taken})
    address = up.choose_address(config, None, None)
    assert taken < address.port < taken + up.PORTS_TO_TRY


@pytest.mark.parametrize("asked", ["option", "setting"])
def test_a_port_that_was_asked_for_is_taken_or_refused(taken: int, asked: str) -> None:
    config = load({"CORRIDOR_PORT": str(taken)} if asked == "setting" else {})
    with pytest.raises(PortTakenError, match=f"port {taken} is in use"):
        up.choose_address(config, None, taken if asked == "option" else None)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::", "http://[::1]:80"),
        ("localhost", "http://localhost:80"),
    ],
)
def test_the_address_shown_can_be_opened_on_this_machine(host: str, url: str) -> None:
    assert up.Address(host, 80).url == url


def test_children_are_told_where_they_listen_unless_the_environment_says_so(tmp_path: Path) -> None:
    address = up.Address("127.0.0.1", 8123)
    told = up.own_variables(load({"CORRIDOR_HOME": str(tmp_path)}), address)
    assert told["CORRIDOR_BASE_URL"] == "http://127.0.0.1:8123"
    assert told["CORRIDOR_STATIC"] == "hashed"
    given = {"CORRIDOR_BASE_URL": "https://learn.example.org", "ALLOWED_HOSTS": "learn.example.org"}
    told = up.own_variables(load(given), address)
    assert not told.keys() & given.keys()


def test_listening_beyond_loopback_lets_requests_carry_this_machines_names() -> None:
    told = up.own_variables(load({}), up.Address("0.0.0.0", 8000))
    assert socket.gethostname() in told["ALLOWED_HOSTS"].split(",")


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def test_a_step_is_one_line_and_says_what_came_of_it() -> None:
    out = io.StringIO()
    with step("Loading", out) as current:
        current.note("half")
        current.title = "Loaded 5"
    assert out.getvalue().startswith("  ✓  Loaded 5 (")
    assert out.getvalue().count("\n") == 1


def test_a_step_that_fails_says_so() -> None:
    out = io.StringIO()
    with pytest.raises(ZeroDivisionError), step("Loading", out):
        raise ZeroDivisionError
    assert out.getvalue().startswith("  ✗  Loading (")


def test_on_a_terminal_the_line_changes_as_it_goes_on() -> None:
    out = Terminal()
    with step("Loading", out) as current:
        current.note("half")
    assert "Loading … half" in out.getvalue()
    assert out.getvalue().count("\n") == 1


def test_a_terminal_that_knows_no_marks_gets_others() -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii", write_through=True)
    with step("Loading", out):
        pass
    assert raw.getvalue().startswith(b"  ?  Loading (")
