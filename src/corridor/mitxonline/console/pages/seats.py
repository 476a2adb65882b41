"""Enrollments that the courseware has not taken yet: what keeps them, and sending them again."""

from typing import Any

import django_filters
from django import forms
from django.db.models import DateTimeField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast
from django.urls import reverse
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from corridor.kit.outbox.models import OutboxEvent
from corridor.mitxonline.console import actions
from corridor.mitxonline.console.access import May
from corridor.mitxonline.console.base import Asking
from corridor.mitxonline.enrollments.changes import SEATS
from corridor.mitxonline.enrollments.models import RunEnrollment
from corridor.mitxonline.openedx import rules
from corridor.web.console.base import BAD, PLAIN, Listing, crumb, tag

from .orders import to_learner

MOST = 1000  # of seats that are sent again in one go


def not_there() -> QuerySet[RunEnrollment]:
    """What the courseware has not confirmed, with when it is tried next."""
    due = OutboxEvent.objects.filter(topic=SEATS, dead_at=None, aggregate=Cast(OuterRef("pk"), OutboxEvent.aggregate.field)).order_by("id")
    waiting = RunEnrollment.objects.filter(edx_enrolled=False).exclude(course_run__run_tag__startswith=rules.FAKE)
    next_try = Subquery(due.values("due_at")[:1], output_field=DateTimeField())
    return waiting.select_related("user", "course_run", "seat").annotate(next_try=next_try)


def stuck() -> Q:
    return Q(seat__stuck_at__isnull=False)


def state_of(enrollment: RunEnrollment) -> Any:
    seat = getattr(enrollment, "seat", None)
    return tag("stuck", BAD) if seat and seat.stuck_at else tag("waits", PLAIN)


class SeatFilter(WagtailFilterSet):
    stuck = django_filters.BooleanFilter(
        field_name="seat__stuck_at",
        lookup_expr="isnull",
        exclude=True,
        label="State",
        widget=forms.RadioSelect(choices=[("", "All"), ("true", "Stuck"), ("false", "Waiting")]),
    )

    class Meta:
        model = RunEnrollment
        fields = ("stuck",)


class Seats(Listing):
    permission = May.MEND_SEATS
    page_title = "Stuck pushes"
    header_icon = "resubmit"
    purpose = "Enrollments that the courseware has not confirmed. What waits is tried again by itself; what is stuck waits for you."
    filterset_class = SeatFilter
    is_searchable = True
    search_fields = ["user__name", "user__email", "course_run__courseware_id", "seat__error"]
    search_hint = "Learner, run or error"
    verbose_name, verbose_name_plural = "seat", "seats"
    default_ordering = "id"
    index_url_name = "registrar:seats"
    index_results_url_name = "registrar:seats_results"
    header_buttons = [HeaderButton("Send all again", "/cms/mitxonline/seats/all/", icon_name="resubmit")]
    columns = [
        TitleColumn(
            "run", label="Run", accessor="course_run.courseware_id", get_url=lambda row: reverse("registrar:send_again", args=[row.pk])
        ),
        Column("user", label="Learner", accessor=lambda row: to_learner(row.user)),
        Column("state", label="State", accessor=state_of),
        Column("error", label="What went wrong", accessor="seat.error"),
        NumberColumn("attempts", label="Tries", accessor="seat.attempts"),
        DateColumn("tried_at", label="Last try", accessor="seat.tried_at"),
        DateColumn("next_try", label="Next try"),
    ]

    def get_base_queryset(self) -> QuerySet[RunEnrollment]:
        return not_there()


class SendAll(Asking):
    permission = May.MEND_SEATS
    header_icon = "resubmit"
    page_title = "Send all again"
    submit_label = "Send them"
    what_happens = f"Everything that is stuck goes to the courseware once more, up to {MOST} at a time."

    def trail(self) -> list[dict[str, str]]:
        return [crumb("Stuck pushes", "registrar:seats")]

    def carry_out(self, told: dict[str, Any]) -> str:
        ids = list(not_there().filter(stuck()).order_by("pk").values_list("pk", flat=True)[:MOST])
        sent = actions.send_again(ids, by=self.staff, **told)
        return f"{sent} are on their way to the courseware."

    def back_to(self) -> str:
        return reverse("registrar:seats")
