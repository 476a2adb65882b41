"""Giving money back, line by line; and what learners ask to have back."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import django_filters
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from corridor.mitxonline.commerce import refunds
from corridor.mitxonline.commerce.models import RefundRequest
from corridor.mitxonline.commerce.vocabulary import RequestStatus
from corridor.mitxonline.console import orders
from corridor.mitxonline.console.access import May
from corridor.mitxonline.console.base import Asking, Reasoned, Takeaway
from corridor.web.console.base import BAD, GOOD, PLAIN, Sheet, crumb, tag
from corridor.web.console.errors import NoSuchThing

from .fields import Money
from .orders import to_learner

LOOKS = {RequestStatus.PENDING: BAD, RequestStatus.APPROVED: GOOD, RequestStatus.DENIED: PLAIN}


# --- refunds


class Amounts(Reasoned):
    """An amount for each line of an order of which something is left."""

    keeps_seats = forms.BooleanField(
        label="The learner keeps the seat", required=False, help_text="Otherwise a line that goes back whole ends it."
    )
    once = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, lines: Iterable[orders.Line], **given: Any) -> None:
        super().__init__(*args, **given)
        self.lines = {f"line_{line.line.pk}": line for line in lines if line.left > 0}
        for name, line in self.lines.items():
            self.fields[name] = Money(
                label=line.line.product_version.description,
                required=False,
                max_value=line.left,
                help_text=f"${line.left} is left of it. Empty: nothing.",
            )
        self.order_fields([*self.lines, "reason", "keeps_seats"])

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not self.errors and not any(told.get(name) for name in self.lines):
            raise forms.ValidationError("Say how much of which line goes back.")
        return told

    def amounts(self) -> dict[int, Decimal | None]:
        """By line, those that something of goes back."""
        return {line.line.pk: self.cleaned_data[name] for name, line in self.lines.items() if self.cleaned_data[name]}


class Refund(Asking):
    permission = May.REFUND
    header_icon = "rotate"
    form_class = Amounts
    page_title = "Refund"
    submit_label = "Refund"
    what_happens = "The gateway is asked as soon as you send this; the order's page shows when it has given the money back."

    @cached_property
    def explained(self) -> str:
        return f"{self.dossier.order} of {self.dossier.order.purchaser.shown_name}. {self.what_happens}"

    @cached_property
    def dossier(self) -> orders.Dossier:
        return orders.dossier(self.kwargs["pk"])

    def trail(self) -> list[dict[str, str]]:
        return [
            crumb("Orders", "registrar:orders"),
            {"url": reverse("registrar:order", args=[self.dossier.order.pk]), "label": self.dossier.order.reference_number},
        ]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"lines": self.dossier.lines}

    def get_initial(self) -> dict[str, Any]:
        return {"once": uuid4()}

    def form_valid(self, form: Any) -> Any:
        self.amounts = form.amounts()
        return super().form_valid(form)

    def carry_out(self, told: dict[str, Any]) -> str:
        how = {"reason": told["reason"], "keeps_seats": told["keeps_seats"], "id": told["once"]}
        owed = refunds.refund(self.dossier.order.pk, lines=self.amounts, actor=self.staff.pk, **how)
        return f"${owed.amount} go back."

    def back_to(self) -> str:
        return reverse("registrar:order", args=[self.dossier.order.pk])


# --- requests


def request(pk: int) -> RefundRequest:
    """Raises NoSuchThing."""
    if found := RefundRequest.objects.select_related("order__purchaser", "user", "decided_by").filter(pk=pk).first():
        return found
    raise NoSuchThing("There is no such request.")


def status_of(asked: RefundRequest) -> Any:
    return tag(asked.get_status_display(), LOOKS[RequestStatus(asked.status)])


class RequestFilter(WagtailFilterSet):
    status = django_filters.ChoiceFilter(label="State", choices=RequestStatus.choices, empty_label="All", widget=forms.RadioSelect)

    class Meta:
        model = RefundRequest
        fields = ("status",)


class Requests(Takeaway):
    permission = May.DECIDE_REQUESTS
    page_title = "Refund requests"
    header_icon = "mail"
    purpose = "Learners who ask for their money back, until you decide."
    filterset_class = RequestFilter
    is_searchable = True
    search_fields = ["order__reference_number", "user__name", "user__email", "refund_reason_text"]
    search_hint = "Order, learner or words"
    verbose_name, verbose_name_plural = "refund request", "refund requests"
    default_ordering = "-id"
    index_url_name = "registrar:requests"
    index_results_url_name = "registrar:requests_results"
    columns = [
        TitleColumn("order", label="Order", accessor="order.reference_number", url_name="registrar:request"),
        Column("user", label="Learner", accessor=lambda asked: to_learner(asked.user)),
        Column("reason", label="Why", accessor="get_refund_reason_display"),
        Column("status", label="State", accessor=status_of),
        DateColumn("created_on", label="Asked"),
        DateColumn("decided_on", label="Decided"),
    ]
    takeaway = ("order", "total", "learner", "email", "why", "words", "state", "asked", "decided")

    def get_base_queryset(self) -> QuerySet[RefundRequest]:
        return RefundRequest.objects.select_related("order", "user")

    def take(self, row: Any) -> Iterable[object]:
        decided = row.decided_on and row.decided_on.isoformat()
        who = (row.order, row.order.total_price_paid, row.user.shown_name, row.user.email)
        return (*who, row.refund_reason, row.refund_reason_text, row.status, row.created_on.isoformat(), decided)


class RequestPage(Sheet):
    permission = May.DECIDE_REQUESTS
    template_name = "mitxonline/console/request.html"
    header_icon = "mail"

    def get_page_title(self) -> str:
        return "Refund request"

    def trail(self) -> list[dict[str, str]]:
        return [crumb("Refund requests", "registrar:requests")]

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        asked = request(self.kwargs["pk"])
        return super().get_context_data(**given) | {
            "asked": asked,
            "state": status_of(asked),
            "is_open": asked.status == RequestStatus.PENDING,
            "lines": orders.lines(asked.order),
            "may_refund": self.request.user.has_perm(May.REFUND),
        }


class _Deciding(Asking):
    permission = May.DECIDE_REQUESTS
    header_icon = "mail"

    @cached_property
    def asked(self) -> RefundRequest:
        return request(self.kwargs["pk"])

    def trail(self) -> list[dict[str, str]]:
        return [crumb("Refund requests", "registrar:requests"), crumb("Refund request", "registrar:request", pk=self.asked.pk)]

    def back_to(self) -> str:
        return reverse("registrar:request", args=[self.asked.pk])


class Approve(_Deciding):
    permission = May.REFUND
    page_title = "Approve a refund"
    submit_label = "Approve, and refund"
    what_happens = (
        "All that is left of the order goes back, and its seats end. To give back a part, deny this and refund lines of the order."
    )

    def carry_out(self, told: dict[str, Any]) -> str:
        refunds.decide_request(self.asked.pk, actor=self.staff.pk, approve=True, note=told["reason"])
        return f"{self.asked.order} is refunded."


class Words(Reasoned):
    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["reason"].help_text = "The learner reads this in the letter, so write to them."


class Deny(_Deciding):
    form_class = Words
    page_title = "Deny a refund"
    submit_label = "Deny"
    what_happens = "The learner gets a letter with what you write here, and keeps what was bought."

    def carry_out(self, told: dict[str, Any]) -> str:
        refunds.decide_request(self.asked.pk, actor=self.staff.pk, approve=False, note=told["reason"])
        return "The request was denied, and the learner is told."
