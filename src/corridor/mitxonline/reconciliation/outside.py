"""Comparisons with others: the courseware, seat by seat and a bounded number of them at a time, and the payment gateways, by period."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from corridor.kit import clock
from corridor.mitxonline.enrollments.models import RunEnrollment
from corridor.mitxonline.gateways import registry
from corridor.mitxonline.gateways.port import Decision, Gateway, Notice
from corridor.mitxonline.ledger.models import Transaction
from corridor.mitxonline.ledger.vocabulary import TransactionType
from corridor.mitxonline.openedx import rules
from corridor.mitxonline.openedx.client import courseware, is_configured
from corridor.mitxonline.openedx.payloads import Enrollment

from .comparing import Compared, Found, compares
from .models import Finding
from .vocabulary import FindingKind

ASKED = 100  # seats that the courseware is asked about in one go
LATE = timedelta(hours=6)  # after which a seat that is on its way is late
LOOK_BACK = timedelta(days=3)
LONGEST_LOOK_BACK = timedelta(days=30)
ON_ITS_WAY = timedelta(minutes=30)  # movements of money that are younger may still be told
MOVED = {Decision.ACCEPTED: TransactionType.PAYMENT, Decision.REFUNDED: TransactionType.REFUND}


# --- the courseware


@compares(FindingKind.NOT_IN_COURSEWARE)
def not_in_courseware(reached: int) -> Compared:
    """Seats that are late on their way, and those that the courseware confirmed once and has no longer. Raises CoursewareAway."""
    real = RunEnrollment.objects.exclude(course_run__run_tag__startswith=rules.FAKE).select_related("course_run", "user__openedx_user")
    unconfirmed = real.filter(edx_enrolled=False)
    late = [_late(row) for row in unconfirmed.filter(updated_on__lt=clock.now() - LATE).order_by("id")]
    if not is_configured():
        return Compared(late)
    known = _open_enrollments()
    page = list(_confirmed(real).filter(pk__gt=reached).order_by("pk")[:ASKED])
    asked = {row.pk: row for row in [*page, *_confirmed(real).filter(pk__in=known)[:ASKED]]}
    differing = [_differs(row) for row in asked.values() if not _has(row, _there(row))]
    settled = unconfirmed.filter(pk__in=known).values_list("pk", flat=True)
    seen = [f"enrollment:{pk}" for pk in (*asked, *settled)]
    return Compared([*late, *differing], seen, page[-1].pk if len(page) == ASKED else 0)


def _open_enrollments() -> list[int]:
    rows = Finding.objects.filter(kind=FindingKind.NOT_IN_COURSEWARE, resolved_on=None).order_by("last_seen")
    return list(rows.values_list("data__enrollment", flat=True))


def _confirmed(rows: QuerySet[RunEnrollment]) -> QuerySet[RunEnrollment]:
    """Those that the courseware says it has, of people with an account there."""
    return rows.filter(Q(edx_enrolled=True, user__openedx_user__has_been_synced=True))


def _there(row: RunEnrollment) -> Enrollment | None:
    return courseware().enrollment(row.user.openedx_user.edx_username, row.course_run.courseware_id)


def _has(row: RunEnrollment, there: Enrollment | None) -> bool:
    confirmed = rules.Confirmed(there.mode, there.is_active) if there else None
    return rules.is_delivered(row.active, row.mode, confirmed)


def _late(row: RunEnrollment) -> Found:
    said = f"The courseware has not confirmed {row.course_run.courseware_id} since {row.updated_on:%d %b %Y, %H:%M}."
    return Found(f"enrollment:{row.pk}", said, row.user_id, {"enrollment": row.pk})


def _differs(row: RunEnrollment) -> Found:
    here = row.mode if row.active else "not enrolled"
    said = f"The courseware has something else of {row.course_run.courseware_id} than what is so here ({here})."
    return Found(f"enrollment:{row.pk}", said, row.user_id, {"enrollment": row.pk})


# --- gateways


@compares(FindingKind.NOT_IN_LEDGER)
def not_in_ledger(_: int) -> Compared:
    """Money that a gateway says has moved, and the ledger does not know. Raises GatewayUnavailable."""
    until = clock.now() - ON_ITS_WAY
    found: list[Found] = []
    for gateway in registry.configured().values():
        moved = [notice for notice in gateway.settled(_since(FindingKind.NOT_IN_LEDGER), until) if notice.decision in MOVED]
        booked = _booked(gateway, [notice.transaction_id for notice in moved])
        found += [_unbooked(notice) for notice in moved if notice.transaction_id not in booked]
    return Compared(found)


def _booked(gateway: Gateway, numbers: Sequence[str]) -> set[str]:
    rows = Transaction.objects.filter(gateway=gateway.name, transaction_id__in=numbers)
    return set(rows.values_list("transaction_id", flat=True))


def _unbooked(notice: Notice) -> Found:
    said = f"{notice.gateway} says that {notice.amount} {notice.currency} were {notice.decision} for {notice.reference_number}."
    told = {"gateway": notice.gateway, "reference": notice.reference_number, "at": notice.occurred_at.isoformat()}
    return Found(f"{notice.gateway}:{notice.transaction_id}", said, data=told)


@compares(FindingKind.NOT_AT_GATEWAY)
def not_at_gateway(_: int) -> Compared:
    """Payments and refunds of the ledger that their gateway does not list. Raises GatewayUnavailable."""
    return Compared(list(_unlisted(_since(FindingKind.NOT_AT_GATEWAY), clock.now() - ON_ITS_WAY)))


def _unlisted(since: datetime, until: datetime) -> Iterator[Found]:
    for gateway in registry.configured().values():
        booked = Transaction.objects.filter(gateway=gateway.name, transaction_type__in=MOVED.values())
        booked = booked.filter(occurred_at__gte=since, occurred_at__lt=until).select_related("order").order_by("id")
        # A day more on either side: clocks differ, and gateways date a movement by when it was settled.
        listed = {notice.transaction_id: notice for notice in gateway.settled(since - timedelta(days=1), clock.now())}
        for row in booked:
            notice = listed.get(row.transaction_id)
            if notice is None or notice.amount != row.amount:
                there = f"{notice.amount} {notice.currency}" if notice else "nothing"
                said = f"The ledger has a {row.get_transaction_type_display().lower()} of {row.amount} {row.currency} for {row.order}; {gateway.name} has {there}."
                about = row.order.purchaser_id if row.order else None
                yield Found(f"{gateway.name}:{row.transaction_id}", said, about, {"at": row.occurred_at.isoformat(), "order": row.order_id})


def _since(kind: FindingKind) -> datetime:
    """The period goes back to the oldest finding that is open, so that it is seen to be gone."""
    now = clock.now()
    told = Finding.objects.filter(kind=kind, resolved_on=None).values_list("data__at", flat=True)
    oldest = min((datetime.fromisoformat(at) for at in told if at), default=now)
    return max(min(now - LOOK_BACK, oldest), now - LONGEST_LOOK_BACK)
