"""What of certificates happens by itself."""

from celery import shared_task

from corridor.mitxonline.enrollments import actions as enrollments

from . import jobs


@shared_task
def issue_course_certificates() -> int:
    return jobs.issue_for_runs()


@shared_task
def upgrade_program_enrollments() -> int:
    return enrollments.upgrade_program_enrollments()


@shared_task
def issue_program_certificates() -> int:
    return jobs.issue_for_programs()


@shared_task
def sign_credentials() -> int:
    return jobs.sign()
