"""What half an hour brings back to order: enrollments that were never confirmed, and accounts that were never made."""

from datetime import timedelta

import structlog

from corridor.kit import clock

from . import people
from .actions import owe_what_is_missing
from .errors import CoursewareAway, CoursewareFailed
from .models import OpenEdxUser

log = structlog.get_logger(__name__)
YOUNG = timedelta(minutes=5)


def repair_seats() -> int:
    owed = owe_what_is_missing()
    log.info("openedx.seats_owed", seats=owed)
    return owed


def repair_people(limit: int = 200) -> int:
    """Make the accounts that could not be made, unless the courseware refused them for good. Gives how many there are now."""
    made = 0
    waiting = OpenEdxUser.objects.filter(
        has_been_synced=False, has_sync_error=False, user__is_active=True, created_on__lt=clock.now() - YOUNG
    )
    for account in waiting.select_related("user").order_by("pk")[:limit]:
        try:
            people.ensure_account(account.user)
            made += 1
        except CoursewareAway as away:
            log.warning("openedx.accounts_wait", reason=away.message)
            break
        except CoursewareFailed as failed:
            log.warning("openedx.account_not_made", user=account.user_id, reason=failed.message)
    log.info("openedx.accounts_repaired", made=made)
    return made
