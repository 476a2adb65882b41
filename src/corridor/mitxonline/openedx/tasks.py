"""What happens with the courseware by itself."""

from corridor.celery import app

from . import grades, repair, runs


@app.task
def repair_seats() -> int:
    return repair.repair_seats()


@app.task
def repair_people() -> int:
    return repair.repair_people()


@app.task
def sync_runs() -> int:
    return runs.sync_runs()


@app.task
def fetch_grades() -> int:
    return grades.fetch_all()
