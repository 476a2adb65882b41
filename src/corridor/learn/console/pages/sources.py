"""Sources and their runs: what is read when, what came of it, and reading at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import django_filters
from celery.schedules import crontab
from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from corridor.kit import clock
from corridor.learn.console import actions
from corridor.learn.console.access import May
from corridor.learn.ingest import queries as ingest
from corridor.learn.ingest.models import IngestRun, SourceSetting
from corridor.learn.ingest.source import Source
from corridor.learn.sources import sources
from corridor.web.console.base import BAD, GOOD, PLAIN, Deed, Editor, Guarded, Listing, Sheet, crumb, tag
from corridor.web.console.errors import NoSuchThing

Status = IngestRun.Status
LOOKS = {Status.SUCCEEDED: GOOD, Status.HALTED: BAD, Status.FAILED: BAD, Status.INTERRUPTED: BAD}
COUNTS = ("seen", "created", "changed", "unchanged", "rejected", "skipped", "missing", "unpublished", "documents")


@dataclass(frozen=True)
class Row:
    """A source at a glance, whether it has run or not."""

    code: str
    name: str
    schedule: str  # five fields of cron, empty: by hand
    next_at: datetime | None
    registered: bool  # whether it can be read from here
    enabled: bool
    records: int
    set_aside: int
    latest: IngestRun | None


def rows() -> list[Row]:
    """Every source that is registered or has run, by name. Four queries."""
    registered = {source.code: source for source in sources()}
    known = {overview.source: overview for overview in ingest.overviews()}
    return sorted(
        (_row(code, registered.get(code), known.get(code)) for code in registered.keys() | known.keys()), key=lambda row: row.name
    )


def _row(code: str, source: Source | None, overview: ingest.Overview | None) -> Row:
    enabled = overview.enabled if overview else True
    schedule = source.schedule if source else ""
    return Row(
        code=code,
        name=(overview.name if overview else "") or (source.name if source else "") or code,
        schedule=schedule,
        next_at=next_turn(schedule) if schedule and enabled else None,
        registered=source is not None,
        enabled=enabled,
        records=overview.records if overview else 0,
        set_aside=overview.set_aside if overview else 0,
        latest=overview.latest if overview else None,
    )


def row(code: str) -> Row:
    """Raises NoSuchThing."""
    if found := next((each for each in rows() if each.code == code), None):
        return found
    raise NoSuchThing(f"There is no source {code}.")


def next_turn(schedule: str) -> datetime:
    """When beat brings a source's turn."""
    now = clock.now()
    entry = crontab.from_string(schedule)
    entry.nowfun = lambda: now
    wait: timedelta = entry.remaining_estimate(now)
    return (now + wait).replace(microsecond=0)


def status_of(run: IngestRun | None) -> Any:
    if run is None:
        return tag("never read")
    return tag(Status(run.status).label.partition(":")[0], LOOKS.get(Status(run.status), PLAIN))


class Sources(Listing):
    permission = May.READ_SOURCES
    page_title = "Sources"
    header_icon = "download"
    purpose = "Where the catalogue comes from, and how each source was read last."
    paginate_by: int | None = None
    verbose_name, verbose_name_plural = "source", "sources"
    index_url_name = "console:sources"
    columns = [
        TitleColumn("name", label="Source", get_url=lambda row: reverse("console:source", args=[row.code])),
        Column("code", label="Code"),
        Column("latest", label="Last run", accessor=lambda row: status_of(row.latest)),
        DateColumn("started", label="Started", accessor="latest.started_at"),
        Column("next_at", label="Next turn", accessor=lambda row: _turn(row)),
        NumberColumn("records", label="Records"),
        Column("set_aside", label="Set aside", accessor=lambda row: _set_aside(row)),
    ]
    header_buttons = [HeaderButton("All runs", "/cms/runs/", icon_name="history")]

    def get_queryset(self) -> list[Row]:
        return rows()


def _turn(row: Row) -> str:
    if not row.enabled:
        return tag("switched off", BAD)
    return f"{row.next_at:%a %d %b, %H:%M} UTC" if row.next_at else "by hand"


def _set_aside(row: Row) -> Any:
    if not row.set_aside:
        return "0"
    return format_html('<a href="{}?source={}">{}</a>', reverse("console:quarantine"), row.code, row.set_aside)


class SourceForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker alone
    share = forms.FloatField(
        label="Brake, in percent",
        min_value=0,
        max_value=100,
        help_text="A run that would unpublish more than this share of the source stops instead, and unpublishes nothing.",
    )

    class Meta:
        model = SourceSetting
        fields = ("enabled", "grace_days", "precedence")
        labels = {"enabled": "Read it when its turn comes", "grace_days": "Days of grace"}
        help_texts = {
            "precedence": "Where sources say different things of one course, the lowest number is believed. Empty: as the source comes. "
            "What is there already follows with: corridor ingest rebuild"
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["share"].initial = round(100 * self.instance.largest_unpublished_share, 4)

    def changes(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {**{name: told[name] for name in self._meta.fields or ()}, "largest_unpublished_share": told["share"] / 100}


class SourcePage(Editor):
    """One source: its last runs, how it is read, and a button to read it at once."""

    permission = May.READ_SOURCES
    template_name = "learn/console/source.html"
    header_icon = "download"
    form_class = SourceForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.code = kwargs["code"]

    def get_page_title(self) -> str:
        return self.row.name

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.has_perm(self.permission):
            self.row = row(self.code)
        return super().dispatch(request, *args, **kwargs)

    def trail(self) -> list[dict[str, str]]:
        return [crumb("Sources", "console:sources")]

    def get_form_kwargs(self) -> dict[str, Any]:
        setting = SourceSetting.objects.filter(source=self.code).first() or SourceSetting(source=self.code)
        return super().get_form_kwargs() | {"instance": setting}

    def form_valid(self, form: SourceForm) -> HttpResponse:
        actions.change_source(self.code, form.changes(), self.staff)
        messages.success(self.request, f"{self.row.name} is read this way from now on.")
        return redirect("console:source", code=self.code)

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        runs = IngestRun.objects.filter(source=self.code).order_by("-id")[:10]
        return super().get_context_data(**given) | {"source": self.row, "runs": [(run, status_of(run)) for run in runs]}


class ReadNow(Deed):
    permission = May.READ_SOURCES

    def carry_out(self) -> str:
        code: str = self.kwargs["code"]
        actions.read_now(code, self.staff)
        return f"{code} is read as soon as a worker is free. Its run appears in the list below; reload the page to see how far it is."

    def back(self) -> Any:
        return redirect("console:source", code=self.kwargs["code"])


# --- runs


def source_choices() -> list[tuple[str, str]]:
    return [(code, name or code) for code, name in SourceSetting.objects.order_by("source").values_list("source", "name")]


class RunFilter(WagtailFilterSet):
    source = django_filters.ChoiceFilter(label="Source", choices=source_choices, empty_label="All", widget=forms.RadioSelect)
    status = django_filters.ChoiceFilter(label="Status", choices=Status.choices, empty_label="All", widget=forms.RadioSelect)

    class Meta:
        model = IngestRun
        fields = ("source", "status")


class Runs(Listing):
    permission = May.READ_SOURCES
    page_title = "Runs"
    header_icon = "history"
    purpose = "Every reading of a source, the latest first. Open one for its report."
    model = IngestRun
    filterset_class = RunFilter
    verbose_name, verbose_name_plural = "run", "runs"
    index_url_name = "console:runs"
    index_results_url_name = "console:runs_results"
    columns = [
        TitleColumn("id", label="Run", accessor=lambda run: f"{run.source} #{run.id}", url_name="console:run"),
        Column("status", label="Status", accessor=lambda run: status_of(run)),
        DateColumn("started_at", label="Started"),
        Column("took", label="Took", accessor=lambda run: took(run)),
        *(NumberColumn(name, label=name.capitalize()) for name in COUNTS if name not in ("skipped", "missing", "documents")),
        Column("kind", label="Kind", accessor=lambda run: kind_of(run)),
    ]

    def get_base_queryset(self) -> Any:
        return IngestRun.objects.defer("difference", "warnings", "changed_fields")


def took(run: IngestRun) -> str:
    if not run.finished_at:
        return "…"
    seconds = (run.finished_at - run.started_at).total_seconds()
    return f"{seconds:.1f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def kind_of(run: IngestRun) -> str:
    return "dry run" if run.dry_run else "replay" if run.replay_of_id else ""


class RunPage(Sheet):
    """The report of one run."""

    permission = May.READ_SOURCES
    template_name = "learn/console/run.html"
    header_icon = "history"

    def get_page_title(self) -> str:
        return f"Run {self.kwargs['pk']}"

    def trail(self) -> list[dict[str, str]]:
        return [crumb("Runs", "console:runs")]

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        run = ingest.run_or_latest(self.kwargs["pk"])
        return super().get_context_data(**given) | {
            "run": run,
            "status": status_of(run),
            "took": took(run),
            "kind": kind_of(run),
            "counts": [(name, getattr(run, name)) for name in COUNTS],
            "fields": run.changed_fields.items(),
            "samples": list(samples(run)),
            "warnings": [(kind, counts.items()) for kind, counts in run.warnings.items()],
        }


def samples(run: IngestRun) -> Iterator[tuple[str, list[tuple[str, str, list[Any]]]]]:
    """The first records of each kind: (kind, [(key, remark, [(field, before, after)])])."""
    for kind, examples in run.difference.items():
        yield (
            kind,
            [
                (
                    each["key"],
                    each.get("title") or each.get("reason") or "",
                    [(field, before, after) for field, (before, after) in each.get("fields", {}).items()],
                )
                for each in examples
            ],
        )


class RunAsData(Guarded):
    permission = May.READ_SOURCES

    def get(self, request: HttpRequest, pk: int) -> JsonResponse:
        answer = JsonResponse(ingest.report(ingest.run_or_latest(pk)), json_dumps_params={"indent": 2, "ensure_ascii": False})
        answer["Content-Disposition"] = f'attachment; filename="run-{pk}.json"'
        return answer
