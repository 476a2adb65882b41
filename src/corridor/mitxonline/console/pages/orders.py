"""Orders: finding one, and all that is known of it."""

from collections.abc import Iterable
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, TitleColumn

from corridor.mitxonline.commerce.models import Order
from corridor.mitxonline.commerce.vocabulary import OrderState
from corridor.mitxonline.console import orders
from corridor.mitxonline.console.access import May
from corridor.mitxonline.console.base import Takeaway
from corridor.mitxonline.ledger.models import Case
from corridor.web.console.base import BAD, GOOD, PLAIN, Sheet, crumb, tag

LOOKS = {
    OrderState.FULFILLED: GOOD,
    **dict.fromkeys((OrderState.DECLINED, OrderState.ERRORED, OrderState.REVIEW), BAD),
}


def state_of(order: Order) -> Any:
    return tag(order.get_state_display(), LOOKS.get(OrderState(order.state), PLAIN))


def to_learner(person: Any) -> Any:
    return format_html('<a href="{}">{}</a>', reverse("registrar:learner", args=[person.pk]), person.shown_name)


def gateways() -> list[tuple[str, str]]:
    """Those that an order has gone to."""
    used = Order.objects.exclude(gateway_type="").order_by("gateway_type").values_list("gateway_type", flat=True).distinct()
    return [(name, name) for name in used]


class OrderFilter(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label="State", choices=OrderState.choices, empty_label="All", widget=forms.RadioSelect)
    gateway_type = django_filters.ChoiceFilter(label="Gateway", choices=gateways, empty_label="All", widget=forms.RadioSelect)
    created_on = django_filters.DateFromToRangeFilter(label="Made", widget=DateRangePickerWidget)
    with_case = django_filters.BooleanFilter(
        label="Cases", method="narrow_to_cases", widget=forms.RadioSelect(choices=[("", "All"), ("true", "With an open case")])
    )

    class Meta:
        model = Order
        fields = ("state", "gateway_type", "created_on")

    def narrow_to_cases(self, rows: QuerySet[Order], name: str, wanted: bool) -> QuerySet[Order]:
        return rows.filter(Exists(Case.objects.filter(order=OuterRef("pk"), closed_on=None))) if wanted else rows


class Orders(Takeaway):
    permission = May.SEE_ORDERS
    page_title = "Orders"
    header_icon = "list-ul"
    purpose = "What was asked for and what became of it."
    filterset_class = OrderFilter
    is_searchable = True
    search_hint = "Order, learner or the gateway's number"
    verbose_name, verbose_name_plural = "order", "orders"
    default_ordering = "-id"
    index_url_name = "registrar:orders"
    index_results_url_name = "registrar:orders_results"
    columns = [
        TitleColumn("reference_number", label="Order", url_name="registrar:order"),
        Column("purchaser", label="Learner", accessor=lambda order: to_learner(order.purchaser)),
        Column("state", label="State", accessor=lambda order: state_of(order)),
        NumberColumn("total_price_paid", label="Total, $", sort_key="total_price_paid"),
        Column("gateway_type", label="Gateway"),
        DateColumn("created_on", label="Made", sort_key="id"),
        DateColumn("fulfilled_on", label="Paid"),
        NumberColumn("open_cases", label="Open cases"),
    ]
    takeaway = ("order", "state", "total", "currency", "gateway", "learner", "email", "made", "paid", "open cases")

    def get_base_queryset(self) -> QuerySet[Order]:
        return orders.orders()

    def search_queryset(self, queryset: QuerySet[Order]) -> QuerySet[Order]:
        return (
            queryset.filter(pk__in=Order.objects.filter(orders.called(self.search_query.strip())).values("pk"))
            if self.is_searching
            else queryset
        )

    def take(self, row: Any) -> Iterable[object]:
        paid = row.fulfilled_on and row.fulfilled_on.isoformat()
        money = (row.reference_number, row.state, row.total_price_paid, "USD", row.gateway_type)
        return (*money, row.purchaser.shown_name, row.purchaser.email, row.created_on.isoformat(), paid, row.open_cases)


class OrderPage(Sheet):
    permission = May.SEE_ORDERS
    template_name = "mitxonline/console/order.html"
    header_icon = "list-ul"

    def get_page_title(self) -> str:
        return "Order"

    def trail(self) -> list[dict[str, str]]:
        return [crumb("Orders", "registrar:orders")]

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        found = orders.dossier(self.kwargs["pk"])
        may = self.request.user.has_perm
        return super().get_context_data(**given) | {
            "dossier": found,
            "order": found.order,
            "state": state_of(found.order),
            "may_refund": may(May.REFUND) and any(line.left > 0 for line in found.lines) and found.order.fulfilled_on is not None,
            "may_see_learners": may(May.SEE_LEARNERS),
        }
