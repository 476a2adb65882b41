"""The script that makes the environment, up to where packages are installed."""

import os
import subprocess
import sys
from collections import namedtuple
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

Usage = namedtuple("Usage", "total used free")
SCRIPT = Path(__file__).parents[3] / "corridor"


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setenv("CORRIDOR_HOME", str(tmp_path / "home"))
    loader = SourceFileLoader("bootstrap", str(SCRIPT))
    spec = spec_from_loader("bootstrap", loader)
    assert spec
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def installed(bootstrap: ModuleType, name: str, stamp: str | None = None) -> None:
    bootstrap.PYTHON.parent.mkdir(parents=True, exist_ok=True)
    bootstrap.PYTHON.touch()
    bootstrap.STAMP.write_text(f"{name} {stamp or bootstrap.stamp_of(name)}\n")


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ([], "base"),
        (["--help"], "base"),
        (["up", "--port", "9000"], "base"),
        (["test"], "test"),
        (["check"], "test"),
        (["bench"], "bench"),
        (["exec", "pytest", "-x"], "test"),
        (["exec", "python"], "base"),
    ],
)
def test_a_command_gets_the_packages_it_needs_and_no_more(bootstrap: ModuleType, arguments: list[str], wanted: str) -> None:
    assert bootstrap.wanted_set(arguments) == wanted


@pytest.mark.parametrize(
    ("has", "wants", "serves"), [("base", "base", True), ("test", "base", True), ("base", "test", False), ("bench", "test", True)]
)
def test_a_larger_set_serves_for_a_smaller_one(bootstrap: ModuleType, has: str, wants: str, serves: bool) -> None:
    installed(bootstrap, has)
    assert bootstrap.serves(wants) is serves


def test_nothing_installed_serves_nobody(bootstrap: ModuleType) -> None:
    assert not bootstrap.serves("base")


def test_an_environment_that_is_out_of_date_is_made_again_as_large_as_it_was(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(bootstrap, "test", "older")
    made: list[str] = []
    monkeypatch.setattr(bootstrap, "install", made.append)
    bootstrap.ensure_environment("base")
    assert made == ["test"]


def test_pip_is_used_when_asked_for(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORRIDOR_INSTALLER", "pip")
    assert bootstrap.find_uv() is None


def test_pip_is_used_when_uv_cannot_be_had(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr(bootstrap, "run", lambda *arguments: (_ for _ in ()).throw(RuntimeError("no index")))
    assert bootstrap.find_uv() is None


def test_a_python_without_venv_is_told_what_to_install(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("venv.create", lambda *a, **k: (_ for _ in ()).throw(subprocess.CalledProcessError(1, "ensurepip")))
    with pytest.raises(RuntimeError, match="apt install python3-venv"):
        bootstrap.make_with_pip(Path("requirements.txt"))


def test_a_failed_installation_shows_the_end_of_what_was_said(bootstrap: ModuleType) -> None:
    with pytest.raises(RuntimeError, match="Installing failed:\nno such package"):
        bootstrap.run([sys.executable, "-c", "print('no such package'); raise SystemExit(1)"], "Installing")


def test_an_installation_that_fills_the_disk_says_so_and_tries_nothing_else(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "find_uv", lambda: "uv")
    monkeypatch.setattr(bootstrap, "run", lambda *_, **__: (_ for _ in ()).throw(RuntimeError("Installing with uv failed")))
    monkeypatch.setattr(bootstrap, "make_with_pip", lambda *_: pytest.fail("there is no room for that either"))
    monkeypatch.setattr("shutil.disk_usage", lambda path: Usage(2**30, 2**30 - 2**21, 2**21))
    with pytest.raises(RuntimeError, match=r"Only 2 MB are free where .* Make room"):
        bootstrap.ensure_environment("base")


def test_a_home_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = subprocess.run(
        [sys.executable, SCRIPT, "--help"],
        env={**os.environ, "CORRIDOR_HOME": str(tmp_path / "file" / "home")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "set CORRIDOR_HOME to use another folder" in done.stderr


def test_an_older_python_looks_for_a_newer_one_before_it_gives_up() -> None:
    """The script must stay readable for old interpreters as far as the check of their version."""
    head = SCRIPT.read_text().split("import fcntl")[0]
    program = f"import sys; sys.version_info = (3, 8); import shutil; shutil.which = lambda name: None\n{head}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "Corridor needs Python 3.11 or newer; this is 3.8" in done.stderr


def test_the_command_line_starts_without_django() -> None:
    program = "import sys; from corridor.cli import corridor; corridor(['--help'], standalone_mode=False); print([m for m in ('django', 'pydantic', 'celery') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")
    assert "Start everything and say where to look." in done.stdout
