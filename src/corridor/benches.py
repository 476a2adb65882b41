"""`corridor bench`: the measurements behind the figures of the documentation."""

import ast
import os
import sys
from pathlib import Path

import click

from corridor.config import load
from corridor.embedded.environment import environment_with, run_in_foreground
from corridor.embedded.servers import running_servers

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "bench"


@click.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("name", required=False)
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def bench(name: str | None, options: tuple[str, ...]) -> None:
    """Run the measurement NAME, with rivals in the same run; without NAME, list them.

    \b
    ./corridor bench                      what there is
    ./corridor bench search --help        what one measures, and its options
    ./corridor bench search --json FILE   keep the raw results with machine and versions
    """
    known = titles()
    if name is None:
        for each, title in known.items():
            click.echo(f"  {each:<12} {title}")
        return
    if name not in known:
        raise click.ClickException(f"There is no measurement {name}. There are: {', '.join(known)}.")
    with running_servers(load(os.environ)) as variables:
        environment = environment_with(variables) | {"PYTHONPATH": str(ROOT)}
        status = run_in_foreground([sys.executable, "-m", f"bench.{name}", *options], environment)
    sys.exit(status)


def titles() -> dict[str, str]:
    """The first sentence of every program in the folder `bench`, by name."""
    programs = {path.stem: path.read_text() for path in sorted(FOLDER.glob("*.py"))}
    return {
        name: (ast.get_docstring(ast.parse(text)) or "").split("\n")[0]
        for name, text in programs.items()
        if 'if __name__ == "__main__":' in text
    }
