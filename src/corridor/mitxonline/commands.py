"""`corridor mitxonline`: what is done from the command line."""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corridor.embedded.environment import django_ready

if TYPE_CHECKING:
    from .sheets.rows import Told


@click.group()
def mitxonline() -> None:
    """Courses and programs of MITx Online.

    \b
    ./corridor mitxonline load courses.json programs.json    payloads of the published API, versions 1 or 2
    ./corridor mitxonline demo                               the courses and people of Northmere, with dates of this week
    ./corridor mitxonline codes requests.csv                 codes that a sheet asks for; deferrals likewise
    ./corridor mitxonline publish                            documents made anew, after an upgrade
    ./corridor mitxonline reconcile                          what must agree, compared now
    ./corridor mitxonline verify credential.json             whether a certificate's credential is genuine
    """


@mitxonline.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load(files: tuple[Path, ...]) -> None:
    """Load courses and programs from FILES. What is there is brought up to date; loading again changes nothing."""
    with django_ready():
        from .catalog.errors import PayloadRefused
        from .catalog.importing import load

        parsed = []
        for file in files:
            try:
                parsed.append(json.loads(file.read_bytes()))
            except ValueError as error:
                raise PayloadRefused(f"{file} is no JSON: {error}") from error
        loaded = load(parsed)
        click.echo(f"{len(loaded.courses)} courses and {len(loaded.programs)} programs loaded.")
        for name, reason in loaded.set_aside.items():
            click.echo(f"  set aside: {name}: {reason}")


@mitxonline.command()
def demo() -> None:
    """Load the demo's courses, programs and people, or bring the dates of its runs up to this week."""
    with django_ready():
        from django.conf import settings

        from corridor.embedded.home import local_secrets, open_home
        from corridor.embedded.progress import no_warnings

        from .demo.actions import load_demo
        from .demo.cast import EXAMPLE, load_cast

        loaded = load_demo()
        click.echo(f"{len(loaded.courses)} courses and {len(loaded.programs)} programs of the demo.")
        if not settings.CONFIG.production:
            open_home(settings.CONFIG.home)
            password = local_secrets(settings.CONFIG.home)["people_password"]
            with no_warnings():
                load_cast(password)
            click.echo(f"Its people sign in with the password {password}, as {EXAMPLE} does; docs/tour.md tells who they are.")


@mitxonline.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", required=True, help="The address or user name of the registrar who answers for it.")
@click.option("--apply", is_flag=True, help="Do it. Without, it is only told what would be done.")
def codes(file: Path, by: str, apply: bool) -> None:
    """Make the codes that the rows of FILE ask for; a row that was done before is passed over. Ends with 1 when a row cannot be done."""
    with django_ready():
        from .sheets.codes import make_codes

        _tell(make_codes(file, by=by, apply=apply), applied=apply)


@mitxonline.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", required=True, help="The address or user name of the registrar who answers for it.")
@click.option("--apply", is_flag=True, help="Do it. Without, it is only told what would be done.")
def deferrals(file: Path, by: str, apply: bool) -> None:
    """Move the learners of FILE to the runs it names; a row that was done before is passed over. Ends with 1 when a row cannot be done."""
    with django_ready():
        from .sheets.deferrals import make_deferrals

        _tell(make_deferrals(file, by=by, apply=apply), applied=apply)


def _tell(told: "Sequence[Told]", *, applied: bool) -> None:
    for each in told:
        click.echo(f"line {each.line:4} {each.outcome.value:8} {each.said}")
        for code in each.made if applied else ():
            click.echo(f"                   {code}")
    counts = Counter(each.outcome.value for each in told)
    numbers = f"{counts['done']} rows done, {counts['before']} passed over, {counts['refused']} refused."
    click.echo(numbers if applied else f"{numbers} Nothing was changed; --apply does it.")
    sys.exit(1 if counts["refused"] else 0)


@mitxonline.command()
def publish() -> None:
    """Make all documents anew where they differ, as after an upgrade that renders differently."""
    with django_ready():
        from .catalog.documents import publish_everything

        click.echo(f"{publish_everything()} documents changed.")


@mitxonline.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--status", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A copy of the status list it names.")
@click.option("--issuer", help="The did:key that it must be signed with.")
def verify(file: Path, status: Path | None, issuer: str | None) -> None:
    """Check the credential in FILE, asking nobody. Ends with 1 unless it is genuine, and not revoked as far as the list tells."""
    from corridor.kit import clock

    from .certificates.verification import check, read, told

    checked = check(read(file), now=clock.now(), status=read(status) if status else None)
    click.echo("\n".join(told(checked, issuer)))
    sys.exit(0 if checked.is_genuine and not checked.revoked and issuer in (None, checked.issuer) else 1)


@mitxonline.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.argument("kinds", nargs=-1)
def reconcile(kinds: tuple[str, ...], as_json: bool) -> None:
    """Compare what must agree: all of it, or these KINDS. What does not is listed in the console. Fails when something could not be compared."""
    with django_ready():
        from .reconciliation import actions
        from .reconciliation.vocabulary import FindingKind

        if unknown := sorted(set(kinds) - set(FindingKind.values)):
            raise click.UsageError(f"Nothing is compared under the name {unknown[0]}. There are: {', '.join(FindingKind.values)}.")
        outcomes = actions.reconcile([FindingKind(kind) for kind in kinds])
        if as_json:
            click.echo(json.dumps([vars(outcome) for outcome in outcomes]))
        else:
            for outcome in outcomes:
                click.echo(f"{outcome.kind.value:20} {outcome.failed or f'{outcome.open} open, {outcome.resolved} gone'}")
        if any(outcome.failed for outcome in outcomes):
            raise SystemExit(1)
