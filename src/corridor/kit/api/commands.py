"""The command that prints OpenAPI documents."""

import sys
from pathlib import Path

import click

from corridor.embedded.environment import django_ready

SNAPSHOTS = Path("docs") / "api"


@click.command()
@click.argument("system")
@click.option("--version", help="Which version of the API, where each has a document of its own. Default: the newest.")
@click.option("--write", is_flag=True, help=f"Write the documents of all versions to {SNAPSHOTS}, where changes show in the commit.")
@click.option("--check", is_flag=True, help=f"Fail when {SNAPSHOTS} does not hold what would be written.")
def schema(system: str, version: str | None, write: bool, check: bool) -> None:
    """Print the OpenAPI document of a system's API.

    \b
    ./corridor schema learn                 version 1, as YAML
    ./corridor schema learn --version v0    what may still change
    ./corridor schema learn --write         after operations were added or changed
    """
    with django_ready():
        from . import documents

        names = [name for name in documents.published() if name.startswith(f"{system}-")]
        if not names:
            raise documents.NoSuchDocument(f"There is no API of {system}.")
        if not (write or check):
            click.echo(documents.as_yaml(documents.document(f"{system}-{version}" if version else names[0])), nl=False)
            return
        told = {name: documents.as_yaml(documents.document(name)) for name in names}
        stale = [name for name, text in told.items() if _snapshot(name) != text]
        if write:
            SNAPSHOTS.mkdir(parents=True, exist_ok=True)
            for name in stale:
                (SNAPSHOTS / f"{name}.yaml").write_text(told[name])
                click.echo(f"Written: {SNAPSHOTS / name}.yaml")
        elif stale:
            sys.exit(f"{', '.join(stale)}: {SNAPSHOTS} is not what the operations say; run ./corridor schema {system} --write.")


def _snapshot(name: str) -> str:
    file = SNAPSHOTS / f"{name}.yaml"
    return file.read_text() if file.exists() else ""
