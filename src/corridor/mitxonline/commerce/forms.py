"""What buying asks people for."""

from dataclasses import replace
from typing import Any

from django import forms

from corridor.accounts.profile_forms import OfOneself
from corridor.accounts.records import Details

from .vocabulary import RefundReason

LEGAL = "Legal name and address"


class Purchaser(OfOneself):
    """Of what people tell of themselves, what has to be known of whoever buys."""

    SECTIONS = {LEGAL: OfOneself.SECTIONS[LEGAL], "Age": ("year_of_birth",)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = {name for names in self.SECTIONS.values() for name in names}
        self.fields = {name: field for name, field in self.fields.items() if name in asked}

    def added_to(self, details: Details | None) -> Details:
        """What else they told stays."""
        return replace(details or Details(), year_of_birth=self.cleaned_data["year_of_birth"])


class MoneyBack(forms.Form):
    reason = forms.ChoiceField(label="Why", choices=RefundReason.choices)
    text = forms.CharField(
        label="What would you like to say about it", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    consent = forms.BooleanField(
        label="I understand that I leave the verified track",
        error_messages={"required": "Tick this: without it the money cannot go back."},
    )
