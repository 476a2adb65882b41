"""Commands in the documentation exist, with the options that it gives them."""

import re
import shlex
from pathlib import Path

import click
import pytest

from corridor.cli import COMMANDS, corridor

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
COMMAND = re.compile(r"\./corridor [^`\n]*")


def commands(page: Path) -> list[str]:
    return [re.split(r" {2,}|[;|&]|\.$", found)[0].strip() for found in COMMAND.findall(page.read_text())]


def test_the_pages_name_commands() -> None:
    assert sum(len(commands(page)) for page in PAGES) > 10


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_of_a_page_is_understood(page: Path) -> None:
    for line in commands(page):
        words = shlex.split(line.replace("…", "").replace("...", ""))[1:]
        if not words or words[0].isupper():
            continue
        context = click.Context(corridor)
        command = corridor.get_command(context, words[0])
        assert command or words[0].startswith("-"), f"{page.name}: {line}"
        if command:
            understood(command, words[1:], line)


def understood(command: click.Command, words: list[str], line: str) -> None:
    """Options of a command (or of its subcommand) are known to it; words that stand for values are let pass."""
    if isinstance(command, click.Group) and words and not words[0].startswith("-"):
        inner = command.get_command(click.Context(command), words[0])
        assert inner or words[0].isupper(), f"no such command: {line}"
        return understood(inner, words[1:], line) if inner else None
    if command.context_settings.get("ignore_unknown_options"):
        return None
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)} | {"--help", "-h"}
    unknown = [word for word in words if word.startswith("-") and word.split("=")[0] not in known]
    assert not unknown, f"{line}: {unknown}"
    return None


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    command = corridor.get_command(click.Context(corridor), name)
    assert command
    assert command.help, f"{name} has no help"
