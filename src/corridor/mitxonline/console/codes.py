"""What staff do to discounts, with a word on why."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction

from corridor.accounts.models import User
from corridor.mitxonline.catalog.models import Product
from corridor.mitxonline.discounts import editing
from corridor.mitxonline.discounts.models import Discount
from corridor.web.console.errors import NoSuchThing

from .actions import note

Fields = Mapping[str, Any]


@transaction.atomic
def create(*, fields: Fields, products: Sequence[str], by: User, reason: str) -> Discount:
    """Raises NoSuchThing, DiscountRefused and CodeTaken."""
    discount = editing.create_discount(actor=by.pk, fields=fields)
    _name_products(discount, products, by)
    note(None, by, "discount.explained", reason, ("discount", discount.pk))
    return discount


@transaction.atomic
def edit(discount: Discount, *, fields: Fields, products: Sequence[str], by: User, reason: str) -> None:
    """Raises NoSuchThing, DiscountRefused, CodeTaken and LimitRefused."""
    editing.edit_discount(discount.pk, actor=by.pk, fields=fields)
    _name_products(discount, products, by)
    note(None, by, "discount.explained", reason, ("discount", discount.pk))


@transaction.atomic
def create_batch(*, prefix: str, count: int, fields: Fields, products: Sequence[str], by: User, reason: str) -> list[Discount]:
    """Raises NoSuchThing and DiscountRefused."""
    made = editing.create_batch(actor=by.pk, prefix=prefix, count=count, fields=fields, products=product_ids(products))
    note(None, by, "discount.explained", reason, ("discount", made[0].pk))
    return made


@transaction.atomic
def assign(discount: Discount, *, email: str, by: User, reason: str) -> User:
    """Mean it for a person. Raises NoSuchThing."""
    person = User.objects.filter(email__iexact=email).first()
    if person is None:
        raise NoSuchThing(f"Nobody here has the address {email}.")
    editing.assign(discount.pk, person.pk, actor=by.pk)
    note(person, by, "discount.explained", reason, ("discount", discount.pk))
    return person


def _name_products(discount: Discount, products: Sequence[str], by: User) -> None:
    wanted = product_ids(products)
    if set(wanted) != set(discount.products.values_list("pk", flat=True)):
        editing.set_products(discount.pk, wanted, actor=by.pk)


def product_ids(readable_ids: Collection[str]) -> list[int]:
    """What is for sale under these ids of runs and programs. Raises NoSuchThing for the first that is not."""
    rows = Product.objects.filter(is_active=True).values_list("pk", "course_run__courseware_id", "program__readable_id")
    found = {key: pk for pk, *keys in rows for key in keys if key in readable_ids}
    if unknown := [key for key in readable_ids if key not in found]:
        raise NoSuchThing(f"Nothing is for sale under {unknown[0]}. Copy the id from the list of products.")
    return [found[key] for key in readable_ids]
