"""What a command says when it fails for a reason that a person can mend."""

import errno

import click
import pytest

from corridor import cli


class RefusedByDatabase(Exception):
    sqlstate = cli.DISK_FULL


def failing(error: BaseException) -> click.Command:
    @click.command()
    def command(**_: object) -> None:
        try:
            raise error
        except Exception as cause:
            raise RuntimeError("in the middle of it") from cause

    return command


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), RefusedByDatabase("could not extend file")])
def test_a_full_disk_is_one_sentence(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "corridor", failing(error).main)
    monkeypatch.setattr("sys.argv", ["corridor"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert str(ended.value).startswith("  ✗  The disk is full: ")
    assert "Make room and run the command again." in str(ended.value)


@pytest.mark.parametrize("error", [OSError(errno.EIO, "Input/output error"), ZeroDivisionError()])
def test_a_mistake_of_ours_is_shown_as_it_is(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "corridor", failing(error).main)
    monkeypatch.setattr("sys.argv", ["corridor"])
    with pytest.raises(RuntimeError, match="in the middle of it"):
        cli.main()
