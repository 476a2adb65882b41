"""`corridor mitxonline`: what is done from the command line."""

import json
import sys
from pathlib import Path

import click

from corridor.embedded.environment import django_ready


@click.group()
def mitxonline() -> None:
    """Courses and programs of MITx Online.

    \b
    ./corridor mitxonline load courses.json programs.json    payloads of the published API, versions 1 or 2
    ./corridor mitxonline demo                               the courses of Northmere, with dates of this week
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
    """Load the demo's courses and programs, or bring their dates up to this week."""
    with django_ready():
        from .demo.actions import load_demo

        loaded = load_demo()
        click.echo(f"{len(loaded.courses)} courses and {len(loaded.programs)} programs of the demo.")


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
