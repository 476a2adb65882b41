"""The home folder: usable or refused with a sentence, shared safely, its secrets kept."""

import json
import shutil
import stat
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from corridor.embedded import home as homes
from corridor.embedded import ownership
from corridor.embedded.errors import DiskFullError, EmbeddedError, HomeUnusableError, NewerDataError
from corridor.embedded.home import SharedUse, held, local_secrets, open_home, told, write_private, write_whole
from corridor.embedded.ownership import Owner, server_folder

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_a_new_home_is_made_and_taken_again(home: Path) -> None:
    open_home(home)
    open_home(home)
    assert (home / "layout").read_text() == str(homes.LAYOUT)


@pytest.mark.parametrize("written", [str(homes.LAYOUT + 1), "next"])
def test_the_home_of_a_newer_corridor_is_left_alone(home: Path, written: str) -> None:
    home.mkdir()
    (home / "layout").write_text(written)
    with pytest.raises(NewerDataError, match="newer Corridor"):
        open_home(home)
    assert (home / "layout").read_text() == written


def test_a_full_disk_is_told_before_anything_is_written(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(2**30, 2**30 - 2**20, 2**20))
    with pytest.raises(DiskFullError, match=r"Only 1 MB are free where .* Make room"):
        open_home(home)


def test_a_home_that_cannot_be_written_is_told_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(HomeUnusableError, match="set CORRIDOR_HOME to a folder that you may write to"):
        open_home(tmp_path / "file" / "home")


def test_secrets_are_made_once_and_nobody_else_can_read_them(home: Path) -> None:
    open_home(home)
    made = local_secrets(home)
    assert local_secrets(home) == made
    assert len(set(made.values())) == len(made) == len(homes.SECRETS)
    assert stat.S_IMODE((home / "secrets.json").stat().st_mode) == 0o600


def test_a_secret_that_a_newer_version_needs_is_added_and_the_others_stay(home: Path) -> None:
    open_home(home)
    write_private(home / "secrets.json", json.dumps({"postgresql": "old"}))
    made = local_secrets(home)
    assert made["postgresql"] == "old"
    assert made.keys() == homes.SECRETS.keys()


@pytest.mark.parametrize("left", ["", "{", "[]"])
def test_passwords_that_cannot_be_read_are_not_made_anew_over_data_that_need_them(home: Path, left: str) -> None:
    open_home(home)
    (home / "secrets.json").write_text(left)
    with pytest.raises(HomeUnusableError, match="back-up"):
        local_secrets(home)
    assert (home / "secrets.json").read_text() == left


def test_a_file_is_written_as_a_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "up.json"
    write_whole(path, '{"process": 1}')
    monkeypatch.setattr(Path, "replace", lambda *_: pytest.fail("the machine stops"))
    with pytest.raises(pytest.fail.Exception):
        write_whole(path, '{"process": 2}')
    assert told(path) == {"process": 1}


def test_a_private_file_replaces_one_that_others_could_read(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("public")
    path.chmod(0o644)
    write_private(path, "private")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_last_user_of_the_servers_is_told_so(home: Path) -> None:
    open_home(home)
    first, second = SharedUse(home / "run"), SharedUse(home / "run")
    first.join()
    second.join()
    with first.turn():
        assert not first.is_last()
    with second.turn():
        assert second.is_last()


def test_a_user_that_is_killed_no_longer_counts(home: Path) -> None:
    open_home(home)
    program = "import sys, time; from pathlib import Path; from corridor.embedded.home import SharedUse\nuse = SharedUse(Path(sys.argv[1])); use.join(); print('in', flush=True); time.sleep(60)"
    use = SharedUse(home / "run")
    use.join()
    with subprocess.Popen([sys.executable, "-c", program, str(home / "run")], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        other.stdout.readline()
        assert not use.is_last()
        other.kill()
    use.join()
    assert use.is_last()


def test_one_holder_of_a_lock_keeps_the_others_out(tmp_path: Path) -> None:
    with held(tmp_path / "lock") as first, held(tmp_path / "lock") as second:
        assert (first, second) == (True, False)
    with held(tmp_path / "lock") as again:
        assert again


class TestWhereTheServersDataLie:
    """Root's servers run as nobody, who must be able to enter the folder; other people's run as themselves."""

    someone = Owner(65534, 65534)

    @pytest.fixture(autouse=True)
    def root_folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        folder = tmp_path / "var"
        monkeypatch.setattr(ownership, "ROOT_FOLDER", folder)
        monkeypatch.setattr(ownership, "open_to_others", lambda path: "closed" not in str(path))
        return folder

    def test_in_the_home_of_an_ordinary_user_closed_or_not(self, tmp_path: Path) -> None:
        home = tmp_path / "closed"
        home.mkdir()
        assert server_folder(home, Owner()) == home / "data"

    def test_in_the_home_when_others_can_pass_through_it(self, home: Path) -> None:
        home.mkdir()
        folder = server_folder(home, self.someone)
        assert folder == home / "data"
        assert stat.S_IMODE(folder.stat().st_mode) == 0o711

    def test_apart_when_root_keeps_the_home_to_itself(self, tmp_path: Path, root_folder: Path) -> None:
        home = tmp_path / "closed"
        home.mkdir()
        folder = server_folder(home, self.someone)
        assert folder.parent == root_folder
        assert server_folder(home, self.someone) == folder, "and found again"
        assert (home / "data").readlink() == folder, "a person can see where they are"

    def test_a_home_that_was_deleted_does_not_get_the_old_data_back(self, tmp_path: Path) -> None:
        home = tmp_path / "closed"
        home.mkdir()
        old = server_folder(home, self.someone)
        shutil.rmtree(home)
        home.mkdir()
        assert server_folder(home, self.someone) != old
        assert old.exists()

    def test_data_in_a_home_that_was_closed_since_are_not_lost_sight_of(self, tmp_path: Path) -> None:
        home = tmp_path / "closed"
        (home / "data").mkdir(parents=True)
        with pytest.raises(EmbeddedError, match="chmod o\\+x"):
            server_folder(home, self.someone)
