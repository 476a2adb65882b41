"""Fields that several forms have."""

from decimal import Decimal
from typing import Any

from django import forms

NOTHING: Any = Decimal(0)


class Money(forms.DecimalField):
    """An amount in US dollars, to the cent, as the tables hold it."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"min_value": NOTHING, "max_digits": 12, "decimal_places": 2, **given})
