"""Letters about enrollments, owed in the transaction of the change."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from .models import RunEnrollment
from .vocabulary import ChangeKind

TOLD = {ChangeKind.ENROLLED: "enrolled", ChangeKind.REENROLLED: "enrolled", ChangeKind.UNENROLLED: "unenrolled"}
SUBJECTS = {"enrolled": "You are enrolled in {}", "unenrolled": "You have left {}"}


def tell(enrollment: RunEnrollment, kind: ChangeKind) -> None:
    """Write to the learner, who is told of coming and leaving; what was paid or given back has letters of its own."""
    letter, address = TOLD.get(kind), enrollment.user.email
    if not letter or not address:
        return
    told = {"enrollment": enrollment, "run": enrollment.course_run, "learner": enrollment.user, "origin": settings.CONFIG.base_url}
    text = render_to_string(f"mitxonline/letters/{letter}.txt", told)
    send_mail(" ".join(SUBJECTS[letter].format(enrollment.course_run.title).split()), text, None, [address])
