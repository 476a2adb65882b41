"""The people of the demo, with a password of this installation, and the codes that they may type."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from corridor.accounts.actions import tell_of_oneself
from corridor.accounts.models import User
from corridor.accounts.records import Address, Details
from corridor.kit import clock
from corridor.mitxonline.catalog.models import Course
from corridor.mitxonline.console.access import REGISTRARS, make_registrars
from corridor.mitxonline.discounts import editing

from . import histories, rules, till

TOLD = Path(__file__).with_name("cast.yaml")
DOMAIN = "northmere.example"  # addresses that no mail ever reaches
FIRST, EXAMPLE = f"registrar@{DOMAIN}", f"graduate@{DOMAIN}"

Told = Mapping[str, Any]


@transaction.atomic
def load_cast(password: str) -> bool:
    """Have these people live their past, for the catalogue that `load_demo` has loaded. Once: afterwards nothing is changed. True when it was."""
    if User.objects.filter(email=FIRST).exists():
        return False
    told = yaml.load(TOLD.read_bytes(), Loader=yaml.CSafeLoader)
    make_registrars()
    known = make_password(password)  # a second's work, and the same for all
    people = {each["key"]: _person(each, known) for each in told["people"]}
    zero = rules.monday(clock.now())
    for entry in told["codes"]:
        _code(entry, people, zero)
    histories.live(histories.Cast(people, zero))
    return True


def is_wanted() -> bool:
    """Whether the demo's courses are there, for its people to have taken."""
    return Course.objects.filter(readable_id=rules.COURSE.format("ASTR.10x")).exists()


def _person(entry: Told, password: str) -> User:
    email = f"{entry['key']}@{DOMAIN}"
    person = User.objects.create(username=f"northmere-{entry['key']}", email=email, password=password)
    EmailAddress.objects.create(user=person, email=email, primary=True, verified=True)
    if "name" in entry:
        first, _, last = entry["name"].partition(" ")
        lives = {column: entry.get(column, "") for column in ("country", "state", "postal_code")}
        address = Address(first_name=first, last_name=last, **lives)
        tell_of_oneself(person, name=entry["name"], address=address, details=Details(year_of_birth=entry["born"]))
    if entry.get("registrar"):
        person.groups.add(Group.objects.get(name=REGISTRARS))
    return person


def _code(entry: Told, people: Mapping[str, User], zero: datetime) -> None:
    registrar = people["registrar"].pk
    made = editing.create_discount(actor=registrar, fields=_fields(entry, zero))
    if "products" in entry:
        sold = [till.product(rules.COURSE.format(name)) for name in entry["products"]]
        editing.set_products(made.pk, sold, actor=registrar)
    for key in entry.get("people", ()):
        editing.assign(made.pk, people[key].pk, actor=registrar)


def _fields(entry: Told, zero: datetime) -> dict[str, Any]:
    def day(name: str) -> datetime | None:
        return zero + timedelta(days=entry[name]) if name in entry else None

    return {
        "discount_code": entry["code"],
        "discount_type": entry["type"],
        "amount": Decimal(entry["amount"]),
        "redemption_type": entry["use"],
        "max_redemptions": entry.get("most", 0),
        "payment_type": entry.get("paid_by", "marketing"),
        "activation_date": day("begins"),
        "expiration_date": day("ends"),
        "automatic": entry.get("automatic", False),
        "is_active": entry.get("active", True),
    }
