"""`corridor demo`: the catalogue of Northmere."""

import click

from corridor.embedded.environment import django_ready
from corridor.embedded.progress import step


@click.command()
def demo() -> None:
    """Load the demo catalogue, or bring its dates up to this week.

    The courses, programs, podcasts, videos and documents of Northmere, a university that does not exist. `corridor up` loads
    them into an empty catalogue. Their runs begin so many days before and after the Monday of the week of loading: when a demo has
    grown old, load it again. What staff wrote on the pages of topics, departments and units stays.
    """
    with django_ready(), step("Loading the demo catalogue") as current:
        from .actions import load_demo

        runs = load_demo(current.note)
        created, changed = sum(run.created for run in runs), sum(run.changed for run in runs)
        current.title = f"Demo catalogue: {created} records new, {changed} changed, {sum(run.unchanged for run in runs)} as they were"
