"""The commands that look after messages and health."""

import json
import signal
import sys
from typing import Literal

import click

from corridor.embedded.environment import django_ready

PROBES = ("startup", "liveness", "readiness", "full")


@click.command()
def relay() -> None:
    """Deliver what commits owe to others: index updates, mails, calls. One relay works at a time; a second one waits to take over."""
    with django_ready():
        from .outbox.relay import run

        stopping = False

        def stop(*_: object) -> None:
            nonlocal stopping
            stopping = True

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        run(lambda: stopping)


@click.command()
@click.option("--replay", metavar="TOPIC", help="Bring the dead letters of a topic back to life; `all` for every topic.")
@click.option("--dead", metavar="TOPIC", help="Show the dead letters of a topic, with what went wrong.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def outbox(replay: str | None, dead: str | None, as_json: bool) -> None:
    """Show what waits to be delivered, and what was given up.

    \b
    ./corridor outbox                          waiting, dead and lag of each topic
    ./corridor outbox --dead learn.resources   why messages were given up
    ./corridor outbox --replay all             try them again, once the cause is mended
    """
    with django_ready():
        from .outbox import queries
        from .outbox import relay as delivery

        if replay:
            click.echo(f"{delivery.replay(None if replay == 'all' else replay)} messages will be delivered again.")
        elif dead:
            for letter in queries.dead_letters(dead):
                click.echo(f"{letter.id}  {letter.dead_at:%Y-%m-%d %H:%M}  {letter.aggregate}  {letter.error}")
        elif as_json:
            click.echo(json.dumps([vars(topic) for topic in queries.backlog()]))
        else:
            click.echo(f"{'topic':40} {'waiting':>9} {'dead':>6} {'lag':>9}")
            for topic in queries.backlog():
                click.echo(f"{topic.topic:40} {topic.pending:9} {topic.dead:6} {topic.lag_seconds:7.1f} s")


@click.command()
@click.argument("probe", type=click.Choice(PROBES), default="full")
def health(probe: Literal["startup", "liveness", "readiness", "full"]) -> None:
    """Run the checks of a probe here, without the web server. Ends with status 1 when one fails.

    \b
    ./corridor health             everything: servers, worker, relay, index
    ./corridor health readiness   what a request needs
    """
    with django_ready():
        from .health import report

        well, answer = report(probe)
        click.echo(json.dumps(answer, indent=2))
    sys.exit(0 if well else 1)
