"""`corridor reference`: the sets of platforms, units, schools, departments and topics. `corridor publish`: documents made anew."""

import click

from corridor.embedded.environment import django_ready


@click.group()
def reference() -> None:
    """Platforms, units, schools, departments and topics, from declarative files.

    \b
    ./corridor reference list                 the sets that ship with Corridor
    ./corridor reference load mit             load one of them; loading it again changes nothing
    ./corridor reference load ./our-college   load a folder of your own

    A folder holds any of platforms.yaml, offerors.yaml, schools.yaml, departments.yaml and topics.yaml. Those of a shipped
    set are examples to copy. Topics keep their resources when you rename or move them, as long as they keep their id.
    """


@reference.command("list")
def list_sets() -> None:
    """Show the sets that ship with Corridor."""
    from .reference.files import Contents, folder_of, read, sets

    for name in sets():
        contents = read(folder_of(name))
        counts = ", ".join(f"{len(getattr(contents, field))} {field}" for field in Contents.model_fields if field != "topics")
        click.echo(f"{name}: {counts}, {contents.topic_count} topics")


@reference.command()
@click.argument("source", metavar="SET|FOLDER")
def load(source: str) -> None:
    """Load a shipped set or a folder of the same files. What is there and not named stays as it is."""
    with django_ready():
        from .reference.load import load_reference

        loaded = load_reference(source)
    click.echo(f"{loaded.created} rows created, {loaded.changed} changed." if loaded.created or loaded.changed else "Nothing to change.")


@click.command()
def publish() -> None:
    """Make the documents of all resources anew where they differ from what is served.

    Documents follow every change by themselves. This is for what no resource tells of: an upgrade that renders them
    differently, or a new CORRIDOR_BASE_URL. The index follows what changes; running it again changes nothing.
    """
    with django_ready():
        from .documents import publish_everything

        changed = publish_everything(
            lambda done, changed: click.echo(f"\r{done} resources looked at, {changed} changed", nl=False, err=True)
        )
    click.echo(f"\n{changed} documents changed.")
