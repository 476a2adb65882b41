"""The form in which a person tells of themselves."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Choices

from corridor.kit import clock

from .countries import countries
from .errors import Implausible
from .forms import as_validation
from .models import Profile
from .records import Address, Details
from .rules import legal_address, personal_name, year_of_birth


def _choices(named: type[Choices]) -> list[tuple[Any, str]]:
    return [("", "–"), *named.choices]


def _country_choices() -> list[tuple[str, str]]:
    return [("", "–"), *((each.code, each.name) for each in countries().values())]


def _state_choices() -> list[Any]:
    lands = [each for each in countries().values() if each.states]
    return [("", "–"), *((land.name, [(state.code, state.name) for state in land.states]) for land in lands)]


def _text(label: str, length: int, autocomplete: str = "off", *, required: bool = False, help_text: str = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, max_length=length, required=required, widget=widget, help_text=help_text)


class OfOneself(forms.Form):
    """Name, legal address and what else a person tells."""

    SECTIONS = {
        "How you are called": ("name",),
        "Legal name and address": (
            *("first_name", "last_name", "country", "state", "street_address_1", "street_address_2", "city", "postal_code"),
        ),
        "About you": (
            *("year_of_birth", "gender", "highest_education", "company", "job_title", "industry", "job_function"),
            *("company_size", "years_experience", "leadership_level"),
            *("type_is_student", "type_is_professional", "type_is_educator", "type_is_other"),
        ),
    }

    name = _text("Your name", 255, "name", required=True, help_text="As it is to stand on certificates.")
    first_name = _text("First name", 60, "given-name", required=True)
    last_name = _text("Last name", 60, "family-name", required=True)
    country = forms.ChoiceField(label="Country", choices=_country_choices, widget=forms.Select(attrs={"autocomplete": "country"}))
    state = forms.ChoiceField(
        label="State or province",
        required=False,
        choices=_state_choices,
        help_text="For addresses in the United States and in Canada.",
        widget=forms.Select(attrs={"autocomplete": "address-level1"}),
    )
    street_address_1 = _text("Street", 255, "address-line1")
    street_address_2 = _text("Street, second line", 255, "address-line2")
    city = _text("City", 255, "address-level2")
    postal_code = _text("Postal code", 20, "postal-code", help_text="Needed in the United States and in Canada.")
    year_of_birth = forms.IntegerField(
        label="Year of birth",
        help_text="With four digits. You must be 13 or older.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "bday-year"}),
    )
    gender = forms.ChoiceField(label="Gender", required=False, choices=lambda: _choices(Profile.Gender))
    highest_education = forms.ChoiceField(label="Highest education", required=False, choices=lambda: _choices(Profile.Education))
    company = _text("Company", 128, "organization")
    job_title = _text("Job title", 128, "organization-title")
    industry = _text("Industry", 60)
    job_function = _text("Function", 60)
    company_size = forms.TypedChoiceField(
        label="Size of the company", required=False, coerce=int, empty_value=None, choices=lambda: _choices(Profile.CompanySize)
    )
    years_experience = forms.TypedChoiceField(
        label="Years of work", required=False, coerce=int, empty_value=None, choices=lambda: _choices(Profile.Experience)
    )
    leadership_level = _text("Level of leadership", 60)
    type_is_student = forms.BooleanField(label="I am a student", required=False)
    type_is_professional = forms.BooleanField(label="I work in the field", required=False)
    type_is_educator = forms.BooleanField(label="I teach", required=False)
    type_is_other = forms.BooleanField(label="None of these", required=False)

    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(legend, [self[name] for name in names]) for legend, names in self.SECTIONS.items()]

    def address(self) -> Address:
        return Address(**{name: self.cleaned_data[name] for name in self.SECTIONS["Legal name and address"]})

    def details(self) -> Details:
        return Details(**{name: self.cleaned_data[name] for name in self.SECTIONS["About you"]})

    def clean_name(self) -> str:
        with as_validation():
            return personal_name(self.cleaned_data["name"])

    def clean_first_name(self) -> str:
        with as_validation():
            return personal_name(self.cleaned_data["first_name"])

    def clean_last_name(self) -> str:
        with as_validation():
            return personal_name(self.cleaned_data["last_name"])

    def clean_year_of_birth(self) -> int:
        with as_validation():
            return year_of_birth(self.cleaned_data["year_of_birth"], clock.now().year)

    def clean(self) -> dict[str, Any]:
        if not self.errors.keys() & set(self.SECTIONS["Legal name and address"]):
            try:
                legal_address(self.address())
            except Implausible as refused:
                self.add_error(refused.field, ValidationError(str(refused), code=refused.code))
        return self.cleaned_data
