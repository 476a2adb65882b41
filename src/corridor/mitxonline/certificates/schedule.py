"""When the tasks of certificates run. Times are UTC."""

from typing import Any

from celery.schedules import crontab

TASKS = "corridor.mitxonline.certificates.tasks"


def schedule() -> dict[str, Any]:
    return {
        "mitxonline: issue certificates of runs whose date has come": {
            "task": f"{TASKS}.issue_course_certificates",
            "schedule": crontab(minute="20"),
        },
        # Before certificates of programs are looked for: who is upgraded may have one coming.
        "mitxonline: move program enrollments to the verified track that their courses have paid for": {
            "task": f"{TASKS}.upgrade_program_enrollments",
            "schedule": crontab(hour="1", minute="0"),
        },
        "mitxonline: issue missing certificates of programs": {
            "task": f"{TASKS}.issue_program_certificates",
            "schedule": crontab(hour="2", minute="0"),
        },
        "mitxonline: sign credentials that waited for a key": {
            "task": f"{TASKS}.sign_credentials",
            "schedule": crontab(minute="50"),
        },
    }
