"""`corridor settings`: every setting as a table, from the one place where they are declared."""

import os
import re
from collections.abc import Iterator

import click
from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from corridor.config import NEEDED_IN_PRODUCTION, VARIABLES, Config, load

CREDENTIALS = re.compile(r"(?<=://)[^/@\s]*@")
INTRODUCTION = """\
# Settings

Settings are environment variables, read once when a process starts. A malformed or unknown one stops it with a sentence that names it.
Each can be given as a file that holds the value, under its name with `_FILE` added: `SECRET_KEY_FILE=/run/secrets/key`.
`./corridor settings` shows the values in force. This page is written by `./corridor settings --markdown`.
"""


@click.command()
@click.option("--markdown", is_flag=True, help="Print the page docs/settings.md.")
def settings(markdown: bool) -> None:
    """List every setting with the value in force, its default and its purpose. Secrets are not shown."""
    if markdown:
        click.echo(page(), nl=False)
        return
    config = load(os.environ)
    for variable, name in VARIABLES.items():
        origin = "environment" if name in config.model_fields_set else "default"
        click.echo(f"{variable:30} {shown(getattr(config, name)):40} {origin}")


def page() -> str:
    """The text of docs/settings.md."""
    return "\n".join([INTRODUCTION, *_rows(), ""])


def _rows() -> Iterator[str]:
    yield "| variable | default | purpose |"
    yield "|---|---|---|"
    for variable, name in VARIABLES.items():
        field = Config.model_fields[name]
        default = "" if field.default in (None, PydanticUndefined) else f"`{shown(field.default)}`"
        needed = " Needed in production." if variable in NEEDED_IN_PRODUCTION else ""
        yield f"| `{variable}` | {default if default != '``' else ''} | {field.description}{needed} |"


def shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, SecretStr):
        return "(set)"
    text = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return CREDENTIALS.sub("(hidden)@", text)
