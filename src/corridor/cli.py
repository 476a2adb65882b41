"""The map of commands. Each lives with what it commands and is loaded when it is called."""

import errno
import importlib
import signal
import sys

import click

from corridor import __version__
from corridor.kit.errors import Problem

DISK_FULL = "53100"  # PostgreSQL's SQLSTATE
# name -> (module:attribute, the line that `corridor --help` shows)
COMMANDS: dict[str, tuple[str, str]] = {
    "up": ("corridor.embedded.commands:up", "Start everything and say where to look."),
    "stop": ("corridor.embedded.commands:stop", "Stop what runs from this home folder."),
    "test": ("corridor.quality:test", "Run every check and every test, as the build does."),
    "check": ("corridor.quality:check", "Run the quick checks: style, types, boundaries, migrations."),
    "bench": ("corridor.benches:bench", "Run a measurement, with rivals in the same run."),
    "relevance": ("corridor.search.relevance.commands:relevance", "Measure how well search answers judged queries."),
    "exec": ("corridor.embedded.commands:execute", "Run a command inside the environment, with the servers."),
    "doctor": ("corridor.embedded.doctor:doctor", "Say what runs, what is wrong and what to do about it."),
    "health": ("corridor.kit.commands:health", "Ask the parts whether they are well."),
    "outbox": ("corridor.kit.commands:outbox", "Show what waits to be delivered, and replay dead letters."),
    "relay": ("corridor.kit.commands:relay", "Deliver the outbox until stopped."),
    "ingest": ("corridor.learn.ingest.commands:ingest", "Read catalogues from their providers, or from files."),
    "index": ("corridor.learn.discovery.commands:index", "Look after what search reads: status, verify, repair, rebuild."),
    "schema": ("corridor.kit.api.commands:schema", "Print the OpenAPI document of an API."),
    "clients": ("corridor.accounts.commands:clients", "Let other systems sign people in by their accounts here."),
    "reference": ("corridor.learn.catalog.commands:reference", "Load platforms, units, schools, departments and topics."),
    "publish": ("corridor.learn.catalog.commands:publish", "Make documents anew where they differ, after an upgrade or a new address."),
    "mitxonline": ("corridor.mitxonline.commands:mitxonline", "Load courses and programs of MITx Online from files."),
    "demo": ("corridor.learn.demo.commands:demo", "Load the demo catalogue, or bring its dates up to this week."),
    "migrate": ("corridor.embedded.commands:migrate", "Bring the database up to date."),
    "static": ("corridor.embedded.commands:static", "Collect the static files for production."),
    "settings": ("corridor.embedded.settings_table:settings", "List every setting, its default and its purpose."),
    "template": ("corridor.embedded.commands:template", "Write the database template after migrations were added."),
    "maps": ("c4gen.cli:c4gen", "Draw the architecture from the code, check it, compare revisions."),
    "standin": ("corridor.standins.commands:standin", "Run a stand-in of an outside service on this machine."),
    "prepare": ("corridor.embedded.commands:prepare", ""),
}


class Map(click.Group):
    """Shows every command without importing it."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name][0].split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items() if line])


@click.group(cls=Map, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(__version__, prog_name="corridor")
def corridor() -> None:
    """Corridor, an open platform for online learning.

    \b
    First steps:   ./corridor up        then open the address that it prints
                   ./corridor test      runs every check of the project
    Any command:   ./corridor COMMAND --help
    """


def main() -> None:
    """Run a command. A signal to end unwinds it, so that it stops what it started."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, frame: sys.exit(128 + number))
    try:
        corridor(prog_name="corridor")
    except Problem as problem:
        sys.exit(f"  ✗  {problem}")
    except Exception as error:
        if not of_full_disk(error):
            raise
        told = " ".join(str(error).split("HINT:")[0].split())
        sys.exit(f"  ✗  The disk is full: {told}. What was finished until then is kept. Make room and run the command again.")


def of_full_disk(error: BaseException | None) -> bool:
    """Whether our disk, or the database's, having no room left led to an error."""
    while error:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if getattr(error, "sqlstate", None) == DISK_FULL:
            return True
        error = error.__cause__ or error.__context__
    return False
