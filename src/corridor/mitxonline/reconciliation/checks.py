"""Reconciliation in `/health/full/`: open findings of each kind are told as numbers; that nobody compares any more is a failure."""

from corridor.kit.health import Details, Unwell, check

from .queries import standings


@check("reconciliation")
def reconciliation() -> Details:
    found = standings()
    if overdue := [each.kind.value for each in found if each.is_overdue]:
        raise Unwell(f"not compared for hours: {', '.join(overdue)}")
    return {"open": {each.kind.value: each.open for each in found}, "failed": [each.kind.value for each in found if each.failed]}
