"""`corridor index`: how the indexes are, whether they are true, and making them anew."""

import json
import sys
import time
from dataclasses import asdict
from typing import Any

import click

from corridor.embedded.environment import django_ready
from corridor.embedded.progress import step

INDEXES = click.Choice(["resources", "contents"])
AS_JSON = click.option("--json", "as_json", is_flag=True, help="For programs.")
SHOWN = 10


@click.group()
def index() -> None:
    """What search reads: learning resources, and the pages and files of courses.

    \b
    ./corridor index status     what is indexed, what waits to be
    ./corridor index verify     compare with the database; `repair` mends what differs
    ./corridor index rebuild    make both anew beside the live ones, then put them in their place
    ./corridor index wait       until every change that is committed can be found
    ./corridor index embed      do at once what the relay does bit by bit: vectors for search by meaning

    The indexes are files in the home folder, made of the database alone: they are never backed up, and nothing is lost with them.
    The relay keeps them up to date. A rebuild is wanted after an upgrade that says so; `corridor up` then does it by itself.
    """


@index.command()
@AS_JSON
def status(as_json: bool) -> None:
    """Documents and vectors of each index, and the changes that wait to be written."""
    with django_ready():
        from .state import states

        found = states()
    if as_json:
        click.echo(json.dumps([asdict(state) for state in found]))
        return
    click.echo(f"{'index':12} {'documents':>10} {'vectors':>10} {'waiting':>9} {'dead':>6} {'lag':>9} {'size':>10}  generation")
    for state in found:
        figures = f"{state.documents:10} {state.vectors:10} {state.waiting:9} {state.dead:6} {state.lag_seconds:7.1f} s"
        click.echo(f"{state.index:12} {figures} {state.bytes / 1e6:7.1f} MB  {state.generation or state.problem}")


@index.command()
@AS_JSON
def verify(as_json: bool) -> None:
    """Compare ids and versions with the database, both ways. Ends with status 1 when something differs.

    Changes that the relay has still to deliver do not count. `./corridor index repair` mends the rest.
    """
    with django_ready():
        from .verification import KEPT, drift

        found = {name: drift(kept) for name, kept in KEPT.items()}
    if as_json:
        click.echo(json.dumps({name: asdict(each) for name, each in found.items()}))
    else:
        for name, each in found.items():
            click.echo(f"{name}: {_told(each)}")
    sys.exit(1 if any(found.values()) else 0)


def _told(drift: Any) -> str:
    parts = {"missing": drift.missing, "stale": drift.stale, "too much": drift.extra}
    told = [
        f"{len(ids)} {what} ({', '.join(map(str, ids[:SHOWN]))}{', …' if len(ids) > SHOWN else ''})" for what, ids in parts.items() if ids
    ]
    return ", ".join(told) or "as the database has it"


@index.command()
def repair() -> None:
    """Write what `verify` finds missing or stale, delete what is too much."""
    with django_ready():
        from .verification import KEPT, drift
        from .verification import repair as mend

        for name, kept in KEPT.items():
            with step(f"Comparing {name}") as current:
                mended = mend(kept, found) if (found := drift(kept)) else 0
                current.title = f"{name}: {mended} entries mended" if mended else f"{name}: as the database has it"


@index.command()
@click.argument("which", nargs=-1, type=INDEXES)
@click.option(
    "--allow-shrink", is_flag=True, help="Accept an index that lost more than a tenth of its documents for no reason that is known."
)
def rebuild(which: tuple[str, ...], allow_shrink: bool) -> None:
    """Make the indexes anew from the database; without names, both.

    The live ones answer meanwhile. Vectors are taken from the database; texts that were never embedded are embedded later by the
    relay, or at once by `./corridor index embed`. A new index that lost documents for no reason is refused, and the live one stays.
    """
    with django_ready():
        from .maintenance import STORES
        from .maintenance import rebuild as make

        for name in which or tuple(STORES):
            with step(f"Rebuilding {name}") as current:
                rebuilt = make(name, allow_shrink=allow_shrink, told=current.note)
                current.title = f"{name}: {rebuilt.documents} documents, {rebuilt.before} before"


@index.command()
def embed() -> None:
    """Embed every text that has no vector yet, with all processors. Stop it when you like: what was done is kept."""
    with django_ready():
        from .maintenance import embed_everything

        with step("Embedding") as current:
            done = embed_everything(current.note)
            current.title = f"{done} resources embedded" if done else "All are embedded"


@index.command()
@click.option("--timeout", default=600.0, show_default=True, help="Give up after so many seconds, with status 1.")
@click.option("--words", is_flag=True, help="Do not wait for vectors: what is committed can be found by its words.")
def wait(timeout: float, words: bool) -> None:
    """Wait until every change that is committed can be found. A relay must run (`./corridor up` runs one)."""
    with django_ready():
        from .maintenance import owed

        began = time.monotonic()
        with step("Waiting for the index") as current:
            while left := owed(words_only=words):
                if time.monotonic() - began > timeout:
                    current.fail(f"{left} messages are still to be delivered: does the relay run? ./corridor health tells")
                    break
                current.note(f"{left} messages")
                time.sleep(0.1)
            else:
                current.title = "Everything can be found"
    sys.exit(1 if left else 0)
