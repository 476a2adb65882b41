"""Reconciliation for who watches the site: open findings and cases as numbers; that nothing is compared any more is a failure."""

from collections.abc import Iterator

from django.db.models import Count

from corridor.kit.health import Details, Unwell, check
from corridor.kit.metrics import Sample, gauge
from corridor.mitxonline.ledger.models import Case

from .queries import standings


@check("reconciliation")
def reconciliation() -> Details:
    found = standings()
    if overdue := [each.kind.value for each in found if each.is_overdue]:
        raise Unwell(f"not compared for hours: {', '.join(overdue)}")
    return {"open": {each.kind.value: each.open for each in found}, "failed": [each.kind.value for each in found if each.failed]}


@gauge("corridor_findings_open", "What does not agree, by kind.")
def findings_open() -> Iterator[Sample]:
    for each in standings():
        yield {"kind": each.kind.value}, each.open


@gauge("corridor_compared_timestamp_seconds", "When each kind could be compared last.")
def compared() -> Iterator[Sample]:
    for each in standings():
        if each.compared_on:
            yield {"kind": each.kind.value}, each.compared_on.timestamp()


@gauge("corridor_cases_open", "Cases that wait for staff, by kind.")
def cases_open() -> Iterator[Sample]:
    for kind, count in Case.objects.filter(closed_on=None).order_by().values_list("kind").annotate(count=Count("pk")):
        yield {"kind": kind}, count
