"""What is sold, and for how much. A new price is a new version; what was sold keeps its own."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, NumberColumn, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from corridor.kit.audit.models import AuditEntry
from corridor.mitxonline.catalog import products, selling
from corridor.mitxonline.catalog.models import Product, ProductVersion
from corridor.mitxonline.console.access import May
from corridor.mitxonline.console.base import Asking, Reasoned
from corridor.web.console.base import Listing, Sheet, crumb
from corridor.web.console.errors import NoSuchThing

from .fields import Money


def product(pk: int) -> Any:
    """Raises NoSuchThing."""
    if found := products.everything().filter(pk=pk).first():
        return found
    raise NoSuchThing("There is no such product.")


def sold_by(product: Any) -> str:
    """The readable id of what it is."""
    return str(product.course_run.courseware_id if product.course_run else product.program.readable_id)


class ProductFilter(WagtailFilterSet):
    is_active = django_filters.BooleanFilter(
        label="State", widget=forms.RadioSelect(choices=[("", "All"), ("true", "For sale"), ("false", "Withdrawn")])
    )

    class Meta:
        model = Product
        fields = ("is_active",)


class Products(Listing):
    permission = May.SEE_PRODUCTS
    page_title = "Products"
    header_icon = "tag"
    purpose = "Runs and programs that are sold, with their price from now on. Orders that were made keep the price that was agreed."
    filterset_class = ProductFilter
    is_searchable = True
    search_fields = ["course_run__courseware_id", "course_run__title", "program__readable_id", "program__title"]
    search_hint = "Course or program"
    verbose_name, verbose_name_plural = "product", "products"
    default_ordering = "-id"
    index_url_name = "registrar:products"
    index_results_url_name = "registrar:products_results"
    header_buttons = [HeaderButton("Sell something", "/cms/mitxonline/products/add/", icon_name="plus")]
    columns = [
        TitleColumn(
            "what", label="What", accessor=lambda row: sold_by(row), get_url=lambda row: reverse("registrar:product", args=[row.pk])
        ),
        Column("description", label="Called"),
        NumberColumn("price", label="Price, $"),
        BooleanColumn("is_active", label="For sale"),
        DateColumn("created_on", label="Since"),
    ]

    def get_base_queryset(self) -> QuerySet[Product]:
        return products.everything()


class ProductPage(Sheet):
    permission = May.SEE_PRODUCTS
    template_name = "mitxonline/console/product.html"
    header_icon = "tag"

    def get_page_title(self) -> str:
        return "Product"

    def trail(self) -> list[dict[str, str]]:
        return [crumb("Products", "registrar:products")]

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        found = product(self.kwargs["pk"])
        history = AuditEntry.objects.filter(object_type="product", object_id=str(found.pk)).select_related("actor").order_by("-id")
        return super().get_context_data(**given) | {
            "product": found,
            "what": sold_by(found),
            "versions": ProductVersion.objects.filter(product=found).order_by("-number"),
            "history": history[:50],
            "may_change": self.request.user.has_perm(May.CHANGE_PRODUCTS),
        }


class Terms(Reasoned):
    price = Money(label="Price, in US dollars", max_digits=7)
    description = forms.CharField(label="Called", max_length=500, help_text="As it stands in carts and on receipts.")
    field_order: tuple[str, ...] = ("price", "description", "reason")


class NewTerms(Terms):
    readable_id = forms.CharField(label="What", max_length=255, help_text="The id of a course run or a program.")
    field_order = ("readable_id", *Terms.field_order)


class _OfProduct(Asking):
    permission = May.CHANGE_PRODUCTS
    header_icon = "tag"

    def trail(self) -> list[dict[str, str]]:
        return [crumb("Products", "registrar:products"), crumb("Product", "registrar:product", pk=self.kwargs["pk"])]

    def back_to(self) -> str:
        return reverse("registrar:product", args=[self.kwargs["pk"]])


class Reprice(_OfProduct):
    form_class = Terms
    page_title = "Sell on other terms"
    submit_label = "Sell it so"
    what_happens = "Carts show the new price at once. Orders that were made keep theirs."

    def get_initial(self) -> dict[str, Any]:
        found = product(self.kwargs["pk"])
        return {"price": found.price, "description": found.description}

    def carry_out(self, told: dict[str, Any]) -> str:
        terms = selling.Terms(told["price"], told["description"])
        selling.change(self.kwargs["pk"], actor=self.staff.pk, terms=terms, cause=told["reason"])
        return f"It costs ${told['price']} from now on."


class Withdraw(_OfProduct):
    page_title = "Withdraw a product"
    submit_label = "Withdraw it"
    what_happens = "Nobody can buy it any more. What was sold stays sold."

    def carry_out(self, told: dict[str, Any]) -> str:
        selling.stop(self.kwargs["pk"], actor=self.staff.pk, cause=told["reason"])
        return "It is not for sale any more."


class PutBack(_OfProduct):
    page_title = "Put a product back on sale"
    submit_label = "Sell it again"

    def carry_out(self, told: dict[str, Any]) -> str:
        selling.change(self.kwargs["pk"], actor=self.staff.pk, terms=selling.Terms(is_active=True), cause=told["reason"])
        return "It is for sale again."


class Sell(Asking):
    permission = May.CHANGE_PRODUCTS
    header_icon = "tag"
    form_class = NewTerms
    page_title = "Sell something"
    submit_label = "Sell it"

    def trail(self) -> list[dict[str, str]]:
        return [crumb("Products", "registrar:products")]

    def carry_out(self, told: dict[str, Any]) -> str:
        terms = {name: told[name] for name in ("readable_id", "price", "description")}
        selling.sell(actor=self.staff.pk, **terms, cause=told["reason"])
        return f"{told['readable_id']} is for sale at ${told['price']}."

    def back_to(self) -> str:
        return reverse("registrar:products")
