"""The commands that start, stop and prepare what runs on this machine."""

import os
import sys

import click

from corridor.config import load

from .environment import django_ready, environment_with, run_in_foreground
from .home import local_secrets, open_home
from .progress import step
from .servers import running_servers


@click.command()
@click.option("--host", help="Address to listen on; 0.0.0.0 lets other machines in.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on. Default: 8000, or the next free one.")
@click.option("--empty", is_flag=True, help="Load no demo catalogue into an empty database.")
@click.option("--no-worker", is_flag=True, help="Run the web server alone: no worker, beat or relay.")
def up(host: str | None, port: int | None, empty: bool, no_worker: bool) -> None:
    """Start everything and say where to look. Ctrl-C stops it.

    \b
    Starts PostgreSQL and Valkey unless DATABASE_URL and REDIS_URL name servers, brings the database
    up to date, loads the demo catalogue when there is none, and runs
      web      the pages and the API            worker   tasks
      relay    what a commit owes to others     beat     the schedule
      standins payment and courseware, played on this machine where the environment names none
    Everything it keeps lies in one folder, .corridor beside this checkout (or CORRIDOR_HOME).

    \b
    ./corridor up                       a first look
    ./corridor up --port 9000 --empty   your own catalogue: then ./corridor ingest
    """
    from .up import up as run

    run(host=host, port=port, demo=not empty, background=not no_worker)


@click.command()
def stop() -> None:
    """Stop what runs from this home folder, also what a killed `up` left behind."""
    from .stop import stop as run

    config = load(os.environ)
    open_home(config.home)
    with step("Stopping") as current:
        stopped = run(config)
        current.title = f"Stopped {', '.join(stopped)}" if stopped else "Nothing was running"


@click.command("exec", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def execute(command: tuple[str, ...]) -> None:
    """Run COMMAND inside the environment, with PostgreSQL and Valkey started when none are named by the variables.

    \b
    ./corridor exec python                      a Python with Corridor on its path
    ./corridor exec django-admin shell          Django's shell
    ./corridor exec pytest src/corridor/search  some of the tests
    """
    with running_servers(load(os.environ)) as variables:
        try:
            status = run_in_foreground(command, environment_with(variables))
        except OSError as error:
            raise click.ClickException(f"{command[0]}: {error.strerror}") from error
    sys.exit(status)


@click.command()
def migrate() -> None:
    """Bring the database up to date. `up` does so itself; deployments run this before they start a new version."""
    with django_ready():
        from . import migrate as migration

        with step("Looking after the database") as current:
            current.title = migration.migrate(from_template=not load(os.environ).database_url)


@click.command()
def static() -> None:
    """Collect the static files under names with a digest, compressed, for production."""
    with django_ready():
        from .static_files import collect_if_changed

        with step("Collecting static files") as current:
            collected = collect_if_changed()
            current.title = f"Collected {collected} static files" if collected else "Static files are up to date"


@click.command(hidden=True)
@click.option("--from-template", is_flag=True)
@click.option("--demo", is_flag=True)
@click.option("--standins", default="")
def prepare(from_template: bool, demo: bool, standins: str) -> None:
    """What `up` does before it starts the site."""
    config = load(os.environ)
    with django_ready():
        from .prepare import introduce_standins
        from .prepare import prepare as run

        known = {} if config.production else local_secrets(config.home)
        run(
            from_template=from_template, staff_password=known.get("staff_password"), people_password=known.get("people_password"), demo=demo
        )
        if standins:
            introduce_standins(standins, known["courseware_sign_on"])


@click.command()
@click.option("--check", is_flag=True, help="Only say whether it is up to date; exit status 1 when it is not.")
def template(check: bool) -> None:
    """Write the database template anew after migrations were added.

    The template is an empty migrated database as SQL, committed beside the code: `up` and the tests start from it
    instead of running some two hundred migrations.
    """
    with django_ready():
        from . import template as script

        if check:
            sys.exit(0 if script.is_current() else "The database template is out of date: run ./corridor template and commit it.")
        with step("Migrating an empty database") as current:
            script.write(script.find_pg_dump())
            current.title = f"Wrote {script.SCRIPT.name} ({script.SCRIPT.stat().st_size // 1024} kB)"
