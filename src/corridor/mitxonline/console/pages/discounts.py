"""Discounts, and who used them for what."""

from collections.abc import Iterable
from typing import Any

import django_filters
from django import forms
from django.db.models import Count, Q, QuerySet
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, NumberColumn, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from corridor.kit.audit.models import AuditEntry
from corridor.mitxonline.console.access import May
from corridor.mitxonline.console.base import Takeaway
from corridor.mitxonline.discounts.models import Discount
from corridor.mitxonline.discounts.vocabulary import DiscountType, PaymentType, RedemptionState, RedemptionType
from corridor.web.console.base import Sheet, crumb
from corridor.web.console.errors import NoSuchThing

USES = 100  # the newest, on a discount's page


def discounts() -> QuerySet[Discount]:
    """With how often each is used up and reserved."""
    used, reserved = (
        Count("redemptions", filter=Q(redemptions__state=state)) for state in (RedemptionState.REDEEMED, RedemptionState.RESERVED)
    )
    return Discount.objects.annotate(used=used, reserved=reserved)


def discount(pk: int) -> Any:
    """Raises NoSuchThing."""
    if found := discounts().filter(pk=pk).first():
        return found
    raise NoSuchThing("There is no such discount.")


def worth(discount: Discount) -> str:
    """What it does to a price, in words."""
    if discount.discount_type == DiscountType.PERCENT_OFF:
        return f"{discount.amount.normalize():f} % off"
    kept = f"${discount.amount:.2f}"
    return f"{kept} off" if discount.discount_type == DiscountType.DOLLARS_OFF else f"for {kept}"


class DiscountFilter(WagtailFilterSet):
    redemption_type = django_filters.ChoiceFilter(label="Use", choices=RedemptionType.choices, empty_label="All", widget=forms.RadioSelect)
    payment_type = django_filters.ChoiceFilter(label="For", choices=PaymentType.choices, empty_label="All", widget=forms.RadioSelect)
    is_active = django_filters.BooleanFilter(
        label="State", widget=forms.RadioSelect(choices=[("", "All"), ("true", "In use"), ("false", "Withdrawn")])
    )

    class Meta:
        model = Discount
        fields = ("redemption_type", "payment_type", "is_active")


class Discounts(Takeaway):
    permission = May.SEE_DISCOUNTS
    page_title = "Discounts"
    header_icon = "tag"
    purpose = "Codes, and reductions that are given without one."
    filterset_class = DiscountFilter
    is_searchable = True
    search_fields = ["discount_code"]
    search_hint = "Code"
    verbose_name, verbose_name_plural = "discount", "discounts"
    default_ordering = "-id"
    header_buttons = [
        HeaderButton("New discount", "/cms/mitxonline/discounts/add/", icon_name="plus"),
        HeaderButton("Many codes", "/cms/mitxonline/discounts/batch/", icon_name="table"),
    ]
    index_url_name = "registrar:discounts"
    index_results_url_name = "registrar:discounts_results"
    columns = [
        TitleColumn("discount_code", label="Code", url_name="registrar:discount"),
        Column("worth", label="Worth", accessor=worth),
        Column("redemption_type", label="Use", accessor="get_redemption_type_display"),
        NumberColumn("used", label="Used"),
        NumberColumn("reserved", label="Reserved"),
        DateColumn("expiration_date", label="Until"),
        BooleanColumn("is_active", label="In use"),
    ]
    takeaway = ("code", "worth", "use", "for", "used", "reserved", "most uses", "from", "until", "in use")

    def get_base_queryset(self) -> QuerySet[Discount]:
        return discounts()

    def take(self, row: Any) -> Iterable[object]:
        dates = [date and date.isoformat() for date in (row.activation_date, row.expiration_date)]
        most = row.max_redemptions or ""
        return row.discount_code, worth(row), row.redemption_type, row.payment_type, row.used, row.reserved, most, *dates, row.is_active


class DiscountPage(Sheet):
    permission = May.SEE_DISCOUNTS
    template_name = "mitxonline/console/discount.html"
    header_icon = "tag"

    def get_page_title(self) -> str:
        return "Discount"

    def trail(self) -> list[dict[str, str]]:
        return [crumb("Discounts", "registrar:discounts")]

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        found = discount(self.kwargs["pk"])
        history = AuditEntry.objects.filter(object_type="discount", object_id=str(found.pk)).select_related("actor").order_by("-id")
        return super().get_context_data(**given) | {
            "discount": found,
            "worth": worth(found),
            "uses": found.redemptions.select_related("user", "order").order_by("-id")[:USES],
            "products": found.products.select_related("course_run", "program"),
            "people": found.assignees.select_related("user")[:USES],
            "history": history[:USES],
            "may_change": self.request.user.has_perm(May.CHANGE_DISCOUNTS),
        }
