"""Making discounts, one or many at a time, and changing them."""

from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property

from corridor.kit.errors import Problem
from corridor.mitxonline.console import codes
from corridor.mitxonline.console.access import May
from corridor.mitxonline.console.base import Asking, Reasoned, as_csv
from corridor.mitxonline.discounts.editing import LARGEST_BATCH, LONGEST_PREFIX
from corridor.mitxonline.discounts.vocabulary import DiscountType, PaymentType, RedemptionType
from corridor.web.console.base import crumb

from .discounts import discount, worth
from .fields import Money

TERMS = (
    *("discount_type", "amount", "redemption_type", "max_redemptions", "payment_type"),
    *("activation_date", "expiration_date", "automatic", "is_active"),
)
TIME = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def moment(**given: Any) -> forms.DateTimeField:
    return forms.DateTimeField(required=False, widget=TIME, **given)


def columns(told: dict[str, Any]) -> dict[str, Any]:
    """What a form tells of the columns of a discount."""
    return {name: told[name] for name in ("discount_code", *TERMS) if name in told}


class Terms(Reasoned):
    """What discounts have, whether one or many are made."""

    discount_type = forms.ChoiceField(label="Kind", choices=DiscountType.choices)
    amount = Money(label="Amount", help_text="Percent, or US dollars.")
    redemption_type = forms.ChoiceField(label="Use", choices=RedemptionType.choices)
    max_redemptions = forms.IntegerField(
        label="Uses at most", min_value=0, max_value=10**6, initial=0, help_text="0: no limit beyond that of the use."
    )
    payment_type = forms.ChoiceField(label="For", required=False, choices=[("", "–"), *PaymentType.choices])
    activation_date = moment(label="From (UTC)")
    expiration_date = moment(label="Until (UTC)")
    products = forms.CharField(
        label="For these alone",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Ids of course runs and programs, one a line. Empty: for everything.",
    )

    def clean_payment_type(self) -> str | None:
        return self.cleaned_data["payment_type"] or None

    def clean_products(self) -> list[str]:
        return list(dict.fromkeys(self.cleaned_data["products"].split()))


class OneCode(Terms):
    discount_code = forms.CharField(label="Code", max_length=100)
    automatic = forms.BooleanField(label="Without typing it", required=False)
    is_active = forms.BooleanField(label="In use", required=False, initial=True)
    field_order = ("discount_code", *TERMS, "products", "reason")


class ManyCodes(Terms):
    begins = forms.CharField(label="Codes begin with", max_length=LONGEST_PREFIX)
    count = forms.IntegerField(label="How many", min_value=1, max_value=LARGEST_BATCH)
    field_order = ("begins", "count", *TERMS, "products", "reason")


class _AboutCodes(Asking):
    header_icon = "tag"

    def trail(self) -> list[dict[str, str]]:
        return [crumb("Discounts", "registrar:discounts")]


class AddDiscount(_AboutCodes):
    permission = May.ADD_DISCOUNTS
    form_class = OneCode
    page_title = "New discount"
    submit_label = "Make it"

    def carry_out(self, told: dict[str, Any]) -> str:
        self.made = codes.create(fields=columns(told), products=told["products"], by=self.staff, reason=told["reason"])
        return f"{self.made} is {worth(self.made)}."

    def back_to(self) -> str:
        return reverse("registrar:discount", args=[self.made.pk])


class AddBatch(_AboutCodes):
    """Gives the codes as a file, as nobody would find them again one by one; the list of discounts has them, too."""

    permission = May.ADD_DISCOUNTS
    form_class = ManyCodes
    page_title = "Many codes"
    submit_label = "Make them, and download them"
    what_happens = "Codes that begin alike and cannot be guessed. Your browser gets them as CSV; they are in the list of discounts, too."

    def form_valid(self, form: Any) -> HttpResponseBase:  # type: ignore[override]  # a file rather than a page
        told = form.cleaned_data
        batch = {"prefix": told["begins"], "count": told["count"], "products": told["products"], "reason": told["reason"]}
        try:
            made = codes.create_batch(fields=columns(told), by=self.staff, **batch)
        except Problem as problem:
            form.add_error(None, problem.message)
            return self.form_invalid(form)
        return as_csv(f"codes {told['begins']}.csv", ("code", "worth"), ((each.discount_code, worth(each)) for each in made))


class _OfDiscount(_AboutCodes):
    permission = May.CHANGE_DISCOUNTS

    @cached_property
    def discount(self) -> Any:
        return discount(self.kwargs["pk"])

    def trail(self) -> list[dict[str, str]]:
        return [*super().trail(), crumb("Discount", "registrar:discount", pk=self.discount.pk)]

    def back_to(self) -> str:
        return reverse("registrar:discount", args=[self.discount.pk])


class EditDiscount(_OfDiscount):
    form_class = OneCode
    page_title = "Change a discount"
    what_happens = "Orders that were made keep their price. How a code may be used stays as it is once it is used."

    def get_initial(self) -> dict[str, Any]:
        products = self.discount.products.select_related("course_run", "program")
        named = [each.course_run.courseware_id if each.course_run else each.program.readable_id for each in products]
        amount = round(self.discount.amount, 2)  # the table has room for more than anybody types
        return columns(vars(self.discount)) | {"amount": amount, "products": "\n".join(named)}

    def carry_out(self, told: dict[str, Any]) -> str:
        codes.edit(self.discount, fields=columns(told), products=told["products"], by=self.staff, reason=told["reason"])
        return f"{told['discount_code']} was changed."


class Person(Reasoned):
    email = forms.EmailField(label="Whom", help_text="The learner's address.")
    field_order = ("email", "reason")


class Assign(_OfDiscount):
    form_class = Person
    page_title = "Mean a discount for somebody"
    submit_label = "Mean it for them"
    what_happens = "It is then for those it is meant for alone, and theirs without typing it."

    def carry_out(self, told: dict[str, Any]) -> str:
        person = codes.assign(self.discount, email=told["email"], by=self.staff, reason=told["reason"])
        return f"{self.discount} is meant for {person.shown_name}."
