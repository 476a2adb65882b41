"""Comparisons of our own tables with one another: each looks at everything, or at a page of it, by conditions of the database."""

from datetime import timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from corridor.kit import clock
from corridor.mitxonline.catalog.vocabulary import Mode
from corridor.mitxonline.certificates.queries import due
from corridor.mitxonline.commerce import invariants, states
from corridor.mitxonline.commerce.models import Order, OrderLine
from corridor.mitxonline.discounts.models import Redemption
from corridor.mitxonline.discounts.vocabulary import RedemptionState
from corridor.mitxonline.enrollments.models import Entitlement, ProgramEnrollment, RunEnrollment
from corridor.mitxonline.enrollments.vocabulary import ChangeStatus

from .comparing import Compared, Found, compares
from .models import Finding
from .vocabulary import FindingKind

PAGE = 1000  # orders whose state is derived in one go
COMPARED_ELSEWHERE = ("nobody paid and unseated", "codes follow their orders")  # with what can be done about it
SETTLED = timedelta(minutes=5)  # what changed since may be on its way
STALE = timedelta(hours=6)  # after which a reservation of a checkout that was given up should be gone


@compares(FindingKind.PAID_UNSEATED)
def paid_unseated(_: int) -> Compared:
    """Lines that stand sold, whose buyer has no right to what they sold."""
    lines = unseated_lines().select_related("order", "course_run", "program").order_by("id")
    return Compared(
        [
            Found(
                f"line:{line.pk}",
                f"{line.order} was paid for {_of(line)}, which the learner has no right to.",
                line.order.purchaser_id,
                {"order": line.order_id, "line": line.pk},
            )
            for line in lines
        ]
    )


def unseated_lines() -> QuerySet[OrderLine]:
    standing = Entitlement.objects.filter(ended_on=None)
    same = Q(user=OuterRef("order__purchaser")) & (Q(course_run=OuterRef("course_run")) | Q(program=OuterRef("program")))
    sold = Coalesce(Sum("postings__amount"), Decimal(0))
    paid = OrderLine.objects.exclude(order__fulfilled_on=None).annotate(sold=sold).filter(Q(sold__lt=0) | Q(total=0))
    return paid.filter(~Exists(standing.filter(line=OuterRef("pk"))), ~Exists(standing.filter(same)))


def _of(row: OrderLine | Entitlement) -> str:
    """What a line sold or a right is to."""
    if row.course_run:
        return row.course_run.courseware_id
    return row.program.readable_id if row.program else "nothing"


@compares(FindingKind.RIGHT_UNUSED)
def right_unused(_: int) -> Compared:
    """Standing rights without the verified enrollment, unless their owner left and may come back."""
    same = {"user": OuterRef("user"), "active": True, "mode": Mode.VERIFIED}
    left = {"user": OuterRef("user"), "active": False, "change_status": ChangeStatus.UNENROLLED}
    runs, programs = {"course_run": OuterRef("course_run")}, {"program": OuterRef("program")}
    rows = Entitlement.objects.filter(ended_on=None).filter(
        Q(Q(course_run__isnull=False), ~Exists(RunEnrollment.objects.filter(**same, **runs)))
        & ~Exists(RunEnrollment.objects.filter(**left, **runs))
        | Q(Q(program__isnull=False), ~Exists(ProgramEnrollment.objects.filter(**same, **programs)))
        & ~Exists(ProgramEnrollment.objects.filter(**left, **programs))
    )
    return Compared(
        [
            Found(
                f"right:{row.pk}",
                f"The right to {_of(row)} stands, but its owner is not on the verified track of it.",
                row.user_id,
                {"right": row.pk},
            )
            for row in rows.select_related("course_run", "program").order_by("id")
        ]
    )


@compares(FindingKind.SEAT_UNCOVERED)
def seat_uncovered(_: int) -> Compared:
    """Verified enrollments in runs without a right. Those in programs follow from their runs, too, and are not looked at."""
    right = Entitlement.objects.filter(ended_on=None, user=OuterRef("user"), course_run=OuterRef("course_run"))
    rows = RunEnrollment.objects.filter(~Exists(right), active=True, mode=Mode.VERIFIED)
    return Compared(
        [
            Found(
                f"enrollment:{row.pk}",
                f"The learner is on the verified track of {row.course_run.courseware_id} without a right to it.",
                row.user_id,
                {"enrollment": row.pk},
            )
            for row in rows.select_related("course_run").order_by("id")
        ]
    )


@compares(FindingKind.CODE_MISCOUNTED)
def code_miscounted(_: int) -> Compared:
    """Uses that are kept for orders that were paid or given up, and uses that are counted for orders that were not paid."""
    now = clock.now()
    paid = Q(order__fulfilled_on__isnull=False)
    rows = Redemption.objects.filter(
        Q(paid, state=RedemptionState.RESERVED)
        | Q(~paid, state=RedemptionState.REDEEMED)
        | Q(~paid, state=RedemptionState.RESERVED, order__closed_on__lt=now - STALE)
    )
    return Compared(
        [
            Found(
                f"redemption:{row.pk}",
                f"The code {row.discount} is {row.get_state_display().lower()} for {row.order}, which is {row.order.get_state_display().lower()}.",
                row.user_id,
                {"redemption": row.pk, "order": row.order_id},
            )
            for row in rows.select_related("discount", "order").order_by("id")
        ]
    )


@compares(FindingKind.CERTIFICATE_DUE)
def certificate_due(_: int) -> Compared:
    """Certificates that were earned and are not issued, which jobs do within the hour or the night."""
    return Compared(
        [
            Found(
                f"{each.user_id}:{each.kind}:{each.id}",
                f"A certificate of {each.kind} {each.id} is earned, but not issued.",
                each.user_id,
                {"kind": each.kind, "id": each.id},
            )
            for each in due()
        ]
    )


@compares(FindingKind.BOOKS)
def books(_: int) -> Compared:
    """What is true of money and seats whenever no transaction is open, but for what other comparisons look at."""
    wrong = (each for each in invariants.broken_rules() if each.rule not in COMPARED_ELSEWHERE)
    return Compared(
        [Found(f"{each.rule}: {each.about} {each.said}"[:255], f"{each.rule.capitalize()}: {each.about} {each.said}.") for each in wrong]
    )


@compares(FindingKind.ORDER_STATE)
def order_state(reached: int) -> Compared:
    """Orders whose written state is not what the ledger and the notices make of them: page by page, what is open with each."""
    quiet = Order.objects.filter(updated_on__lt=clock.now() - SETTLED)
    page = list(quiet.filter(pk__gt=reached).order_by("pk")[:PAGE])
    known = Finding.objects.filter(kind=FindingKind.ORDER_STATE, resolved_on=None).values_list("data__order", flat=True)
    orders = [*page, *Order.objects.filter(pk__in=list(known)).exclude(pk__in=[order.pk for order in page])]
    derived = states.derived(orders)
    found = [
        Found(
            f"order:{order.pk}",
            f"{order} is written down as {order.state}, but ledger and gateway make it {derived[order.pk]}.",
            order.purchaser_id,
            {"order": order.pk},
        )
        for order in orders
        if order.state != derived[order.pk]
    ]
    return Compared(found, [f"order:{order.pk}" for order in orders], page[-1].pk if len(page) == PAGE else 0)
