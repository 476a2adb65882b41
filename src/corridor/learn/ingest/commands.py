"""`corridor ingest`: catalogues read, compared and brought in; what came of it; what is to be mended."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corridor.embedded.environment import django_ready
from corridor.embedded.progress import step

if TYPE_CHECKING:
    from .applying import Progress
    from .models import IngestRun
    from .source import Source

GENERIC = "generic"


@click.group()
def ingest() -> None:
    """Read catalogues from their providers, or from files.

    \b
    ./corridor ingest list                          sources, when they are read, what came of it
    ./corridor ingest run mitxonline xpro           read sources now
    ./corridor ingest run ocw --from ./payloads     read from a folder, file or address instead
    ./corridor ingest run mit_edx --dry-run         show what would change, and change nothing
    ./corridor ingest run generic --mapping our.yaml --from courses.csv
    ./corridor ingest run generic --all-of ./mappings --from ./files
    ./corridor ingest report                        what the last run did
    ./corridor ingest quarantine                    records that could not be taken in, and why

    How to describe a catalogue of your own: docs/add-a-source.md.
    """


@ingest.command()
@click.argument("codes", metavar="SOURCE...", nargs=-1, required=True)
@click.option("--from", "address", metavar="ADDRESS|FOLDER|FILE", default="", help="Read here instead of at the source's own address.")
@click.option("--mapping", metavar="FILE", type=click.Path(path_type=Path), help="The mapping of a generic source.")
@click.option("--all-of", metavar="FOLDER", type=click.Path(path_type=Path), help="Every mapping file of a folder, one source each.")
@click.option("--dry-run", is_flag=True, help="Show what would change. Nothing is changed.")
@click.option("--limit", metavar="N", type=click.IntRange(1), help="Stop after N records. Nothing is unpublished then.")
@click.option("--allow-unpublish", is_flag=True, help="What is missing is really gone: unpublish it now, however much it is.")
@click.option("--json", "as_json", is_flag=True, help="Reports as JSON, one a line.")
def run(
    codes: tuple[str, ...],
    address: str,
    mapping: Path | None,
    all_of: Path | None,
    dry_run: bool,
    limit: int | None,
    allow_unpublish: bool,
    as_json: bool,
) -> None:
    """Read SOURCEs now and bring the catalogue up to date with them.

    What has not changed is not touched. A record that cannot be used is set aside with its reason, and the rest goes on.
    If suspiciously much is missing, nothing is unpublished and the run says so. Exits with 1 unless every run succeeded.
    """
    with django_ready():
        from .actions import Wish, run_source

        def read(source: "Source", progress: "Progress") -> "IngestRun":
            place = address if codes != (GENERIC,) else source.address if address else ""
            return run_source(source, Wish(place, dry_run, limit, allow_unpublish, progress))

        _end([_reported(source, read, as_json) for source in list(_wanted(codes, address, mapping, all_of))])


def _wanted(codes: Iterable[str], address: str, mapping: Path | None, all_of: Path | None) -> Iterator["Source"]:
    from corridor.learn.sources import source_named
    from corridor.learn.sources.generic.source import from_file, from_folder

    for code in codes:
        if code != GENERIC:
            yield source_named(code)
        elif all_of:
            yield from from_folder(all_of, address)
        elif mapping:
            yield from_file(mapping, address)
        else:
            raise click.UsageError(
                "A generic source needs its mapping: --mapping FILE, or --all-of FOLDER for several. See docs/add-a-source.md."
            )


@ingest.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_sources(as_json: bool) -> None:
    """Show all sources: when they are read, how many records they gave, how many are set aside, how their last run ended."""
    with django_ready():
        from corridor.learn.sources import sources

        from .queries import overviews

        known = {each.source: each for each in overviews()}
        registered = {source.code: source for source in sources()}
        rows = []
        for code in sorted({*registered, *known}):
            source, overview = registered.get(code), known.get(code)
            latest = overview.latest if overview else None
            rows.append(
                {
                    "source": code,
                    "name": source.name if source else overview.name if overview else "",
                    "schedule": source.schedule if source else "",
                    "enabled": overview.enabled if overview else True,
                    "records": overview.records if overview else 0,
                    "set_aside": overview.set_aside if overview else 0,
                    "last_run": latest.started_at.strftime("%Y-%m-%d %H:%M") if latest else "",
                    "status": f"{latest.status}{' (dry run)' if latest.dry_run else ''}" if latest else "",
                }
            )
    _print_json(rows) if as_json else _print_table(rows)


@ingest.command()
@click.argument("run_id", metavar="[RUN]", type=int, required=False)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def report(run_id: int | None, as_json: bool) -> None:
    """Show what a run did: the last one, or RUN by its number."""
    with django_ready():
        from .queries import report as as_data
        from .queries import run_or_latest

        _print_report(as_data(run_or_latest(run_id)), as_json)


@ingest.command()
@click.argument("source", metavar="[SOURCE]", required=False, default="")
@click.option("--replay", is_flag=True, help="Try the records of SOURCE again, as mapping and reference data are now.")
@click.option("--mapping", metavar="FILE", type=click.Path(path_type=Path), help="The mapping of a generic source that is not registered.")
@click.option("--limit", metavar="N", type=click.IntRange(1), default=50, show_default=True, help="Show at most N.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with the raw records.")
def quarantine(source: str, replay: bool, mapping: Path | None, limit: int, as_json: bool) -> None:
    """Show records that could not be taken in, with their reasons; --replay tries them again."""
    with django_ready():
        from .actions import retry_quarantine
        from .queries import quarantined

        if replay:
            if not source:
                raise click.UsageError("Name the SOURCE whose records are to be tried again.")
            _end([_reported(_source(source, mapping), lambda found, progress: retry_quarantine(found, progress=progress), as_json)])
            return
        rows = quarantined(source)
        shown = [
            {"source": row.source, "key": row.key, "reason": row.reason, **({"raw": row.raw} if as_json else {})} for row in rows[:limit]
        ]
        total = rows.count()
    if as_json:
        _print_json(shown)
        return
    _print_table(shown)
    click.echo(f"{total} records are set aside." if total else "Nothing is set aside.")


@ingest.command()
@click.argument("run_id", metavar="RUN", type=int)
@click.option("--mapping", metavar="FILE", type=click.Path(path_type=Path), help="The mapping of a generic source that is not registered.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def replay(run_id: int, mapping: Path | None, as_json: bool) -> None:
    """Take in again what RUN was given, as the mapping understands it now. Nothing is fetched."""
    with django_ready():
        from .actions import replay_run
        from .queries import run_or_latest

        original = run_or_latest(run_id)
        source = _source(original.source, mapping)
        _end([_reported(source, lambda found, progress: replay_run(original, found, progress=progress), as_json)])


@ingest.command()
@click.argument("source")
@click.argument("key")
@click.option("--by", default="", help="Who says so; noted in the merge log.")
def unmerge(source: str, key: str, by: str) -> None:
    """Part the record KEY of SOURCE from the other records of its resource. They are not joined again.

    \b
    ./corridor ingest unmerge mit_edx course:MITx+6.00.1x
    """
    with django_ready():
        from .actions import unmerge as part

        others = part(source, key, by)
    click.echo(f"{source}: {key} is a resource of its own now, apart from {', '.join(f'{each.source}: {each.key}' for each in others)}.")


@ingest.command()
@click.argument("codes", metavar="[SOURCE...]", nargs=-1)
def rebuild(codes: tuple[str, ...]) -> None:
    """Make resources anew of the records as they were last read.

    For what no record tells of: changed topic mappings, departments or precedence. What stays the same is not touched.
    """
    with django_ready():
        from .actions import rebuild as make_anew
        from .queries import overviews

        wanted = list(codes) or [each.source for each in overviews()]
        with step("Making resources anew") as current:
            tally = make_anew(wanted, progress=lambda what, done, total: current.note(f"{done} of {total}"))
    click.echo(f"{tally.documents} documents changed.")


def _source(code: str, mapping: Path | None) -> "Source":
    return next(_wanted([GENERIC if mapping else code], "", mapping, None))


def _reported(source: "Source", read: Callable[["Source", "Progress"], "IngestRun"], as_json: bool) -> "IngestRun":
    """Do a run with a display of how far it is, and print its report."""
    from .queries import report as as_data

    with step(source.name) as current:
        run = read(source, lambda what, done, total: current.note(f"{what} {done}" + (f" of {total}" if total else "")))
        if run.status != run.Status.SUCCEEDED:
            current.fail(f"{source.name}: {run.status}")
    _print_report(as_data(run), as_json)
    return run


def _end(runs: "list[IngestRun]") -> None:
    if any(run.status != run.Status.SUCCEEDED for run in runs):
        sys.exit(1)


def _print_report(data: dict[str, Any], as_json: bool) -> None:
    if as_json:
        _print_json(data, indent=None)
        return
    for line in _report_lines(data):
        click.echo(line)


def _report_lines(data: dict[str, Any]) -> Iterator[str]:
    took = f", {(data['finished_at'] - data['started_at']).total_seconds():.1f} s" if data["finished_at"] else ""
    yield f"Run {data['run']} of {data['source']}: {data['status']}{' (dry run: nothing was changed)' if data['dry_run'] else ''}{took}"
    names = ("seen", "created", "changed", "unchanged", "rejected", "skipped", "missing")
    yield "  records    " + ", ".join(f"{data[name]} {name}" for name in names)
    yield f"  resources  {data['documents']} documents changed, {data['unpublished']} unpublished"
    if data["changed_fields"]:
        yield "  fields     " + ", ".join(f"{name} {count}" for name, count in data["changed_fields"].items())
    for example in data["difference"].get("changed", ()):
        changes = "; ".join(f"{name}: {_brief(before)} → {_brief(after)}" for name, (before, after) in example["fields"].items())
        yield f"  changed    {example['key']}: {changes}"
    for kind in ("created", "missing", "rejected", "skipped") if data["dry_run"] else ("missing", "rejected"):
        for example in data["difference"].get(kind, ()):
            yield f"  {kind:<10} {example['key']}" + "".join(f": {example[part]}" for part in ("title", "reason") if part in example)
    for kind, words in data["warnings"].items():
        yield f"  warning    {kind}: " + ", ".join(f"{word} ({count})" for word, count in words.items())
    if data["error"]:
        yield f"  {data['error']}"


def _brief(value: Any) -> str:
    text = "nothing" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:59] + "…"


def _print_json(data: Any, indent: int | None = 2) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, default=str, indent=indent))


def _print_table(rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    widths = {name: max(len(name), *(len(str(row[name])) for row in rows)) for name in rows[0]}
    for row in ({name: name.replace("_", " ") for name in widths}, *rows):
        click.echo("  ".join(str(row[name]).ljust(min(width, 70)) for name, width in widths.items()).rstrip())
