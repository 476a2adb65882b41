"""What of certificates happens by itself."""

from corridor.celery import app
from corridor.mitxonline.enrollments import actions as enrollments

from . import jobs


@app.task
def issue_course_certificates() -> int:
    return jobs.issue_for_runs()


@app.task
def upgrade_program_enrollments() -> int:
    return enrollments.upgrade_program_enrollments()


@app.task
def issue_program_certificates() -> int:
    return jobs.issue_for_programs()


@app.task
def sign_credentials() -> int:
    return jobs.sign()
