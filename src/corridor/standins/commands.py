"""`corridor standin`: outside services to try Corridor with, on this machine."""

import os
import sys
import threading
from contextlib import suppress
from pathlib import Path

import click


@click.group()
def standin() -> None:
    """Run a stand-in of an outside service on this machine."""


@standin.command()
@click.option(
    "--folder", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Payloads in folders named after the sources."
)
@click.option("--port", type=click.IntRange(1, 65535), default=8100, show_default=True)
def catalogues(folder: Path | None, port: int) -> None:
    """Serve course catalogues as their providers do: MITx Online, edX, xPRO, Sloan, OCW, podcasts.

    \b
    Without a folder small invented catalogues are served. Read one with:
    ./corridor ingest run mitxonline --from http://127.0.0.1:8100/mitxonline/api/v2/
    """
    from .catalogues import serve
    from .catalogues.providers import CLIENT_ID, CLIENT_SECRET

    try:
        with serve(folder, port) as served:
            for code, address in served.addresses.items():
                click.echo(f"{code:12} {address}")
            for code, address in served.token_addresses.items():
                click.echo(f"{code:12} token at {address} for client {CLIENT_ID}, secret {CLIENT_SECRET}")
            click.echo("Ctrl-C stops.")
            with suppress(KeyboardInterrupt):
                threading.Event().wait()
    except OSError as error:
        raise click.ClickException(f"port {port} cannot be used: {error.strerror}; name another one with --port") from error


@standin.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8100, show_default=True)
def site(port: int) -> None:
    """Serve the stand-ins that have pages: courseware and what else lies beside it.

    `./corridor up` starts them itself for services that the environment does not name.
    """
    from corridor.config import load
    from corridor.embedded.home import open_home
    from corridor.embedded.standins import server_words

    open_home(load(os.environ).home)
    click.echo(f"Stand-ins at http://127.0.0.1:{port}/. Ctrl-C stops.")
    os.execv(sys.executable, [sys.executable, "-m", *server_words(port)])  # noqa: S606 - there is nothing for a shell to do
