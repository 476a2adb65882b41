"""What happens with the courseware by itself."""

from celery import shared_task

from . import grades, repair, runs


@shared_task
def repair_seats() -> int:
    return repair.repair_seats()


@shared_task
def repair_people() -> int:
    return repair.repair_people()


@shared_task
def sync_runs() -> int:
    return runs.sync_runs()


@shared_task
def fetch_grades() -> int:
    return grades.fetch_all()
