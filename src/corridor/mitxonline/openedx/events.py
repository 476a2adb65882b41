"""What the outbox owes to the courseware, and fetches from it."""

from collections.abc import Sequence

from corridor.kit.outbox import Delivery, receiver
from corridor.mitxonline.enrollments.changes import SEATS

from . import actions, grades
from .client import is_configured
from .errors import CoursewareFailed


@receiver(SEATS, batch=20)
def take_seats(deliveries: Sequence[Delivery]) -> dict[int, str]:
    """Bring each enrollment as it is now: several messages of one are one errand. Without courseware nothing is owed yet."""
    if not is_configured():
        return {}
    failed = actions.deliver({int(delivery.aggregate) for delivery in deliveries})
    return {delivery.id: failed[int(delivery.aggregate)] for delivery in deliveries if int(delivery.aggregate) in failed}


@receiver(grades.TOPIC, batch=20)
def fetch_grades(deliveries: Sequence[Delivery]) -> dict[int, str]:
    """Fetch the grade of one person in one run."""
    failed: dict[int, str] = {}
    for delivery in deliveries if is_configured() else ():
        user_id, _, run_id = delivery.aggregate.partition("/")
        try:
            grades.fetch(user_id=int(user_id), run_id=int(run_id), cause="courseware told of a certificate", forced=True)
        except CoursewareFailed as error:
            failed[delivery.id] = error.message
    return failed
