"""What staff do with discounts. Each is one transaction, with an entry in the audit."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.db.models.functions import Upper

from corridor.kit import audit, clock
from corridor.mitxonline.commerce import locks

from . import rules
from .errors import CodeTaken, DiscountRefused, LimitRefused
from .models import Discount, DiscountProduct, Redemption, UserDiscount
from .queries import LIVE

Fields = Mapping[str, Any]
EDITABLE = frozenset(
    {
        "discount_code", "amount", "discount_type", "redemption_type", "payment_type", "max_redemptions",
        "activation_date", "expiration_date", "automatic", "is_active",
    }
)  # fmt: skip
LONGEST_PREFIX = 63
LARGEST_BATCH = 5000


@transaction.atomic
def create_discount(*, actor: int, fields: Fields) -> Discount:
    """Raises DiscountRefused and CodeTaken."""
    _look_over(fields)
    discount = _saved(Discount(**fields))
    _record(discount, actor, "discount.created", None, fields)
    return discount


@transaction.atomic
def create_batch(*, actor: int, prefix: str, count: int, fields: Fields, products: Collection[int] = ()) -> list[Discount]:
    """So many codes that nobody guesses, which begin alike; `products` are what they are for, none is everything. Raises DiscountRefused."""
    if not 1 <= count <= LARGEST_BATCH or len(prefix) > LONGEST_PREFIX:
        raise DiscountRefused(f"A batch has 1 to {LARGEST_BATCH} codes, whose common beginning has at most {LONGEST_PREFIX} characters.")
    made = [Discount(**fields, discount_code=f"{prefix}{uuid4()}", is_bulk=True) for _ in range(count)]
    _look_over({**fields, "discount_code": made[0].discount_code})
    Discount.objects.bulk_create(made)
    DiscountProduct.objects.bulk_create(DiscountProduct(discount=each, product_id=product) for each in made for product in products)
    told = {**fields, "prefix": prefix, "count": count, "products": sorted(products)}
    _record(made[0], actor, "discount.batch_created", None, told)
    return made


@transaction.atomic
def edit_discount(discount_id: int, *, actor: int, fields: Fields) -> Discount:
    """Raises DiscountNotFound, DiscountRefused, CodeTaken, and LimitRefused where its uses contradict the new limit."""
    discount = locks.discount(discount_id)
    before = {name: getattr(discount, name) for name in fields if name in EDITABLE}
    _look_over({**{name: getattr(discount, name) for name in EDITABLE}, **fields})
    _keep_limits(discount, fields)
    for name, value in fields.items():
        setattr(discount, name, value)
    discount.updated_on = clock.now()
    _saved(discount)
    _record(discount, actor, "discount.edited", before, fields)
    return discount


def _keep_limits(discount: Discount, fields: Fields) -> None:
    """Uses are numbered up to the limit: it goes down to the highest number at most, and none is put upon uses that have no number."""
    was = (discount.redemption_type, discount.max_redemptions)
    wanted = (fields.get("redemption_type", was[0]), fields.get("max_redemptions", was[1]))
    live = Redemption.objects.filter(discount=discount, state__in=LIVE)
    if wanted == was or not live.exists():
        return
    if wanted[0] != was[0]:
        raise LimitRefused("This code is in use, so how it may be used stays. Withdraw it and make another one.")
    highest = live.aggregate(highest=Max("slot"))["highest"]
    most = rules.most_uses(*wanted)
    if most is not None and highest is None:
        raise LimitRefused("This code has been used without a limit, so it gets none now. Withdraw it and make another one.")
    if highest is not None and (most is None or most < highest):
        raise LimitRefused(f"Use number {highest} of this code has been taken. Choose {highest} or more, or withdraw the code.")


@transaction.atomic
def withdraw_discount(discount_id: int, *, actor: int) -> None:
    """Nobody can use it from now on; orders that reserved a use can still be paid. Raises DiscountNotFound."""
    edit_discount(discount_id, actor=actor, fields={"is_active": False})


@transaction.atomic
def set_products(discount_id: int, product_ids: Collection[int], *, actor: int) -> None:
    """Name what it is for; nothing named is everything. Raises DiscountNotFound."""
    discount = locks.discount(discount_id)
    links = DiscountProduct.objects.filter(discount=discount)
    before = sorted(links.values_list("product", flat=True))
    links.exclude(product__in=product_ids).delete()
    DiscountProduct.objects.bulk_create(
        DiscountProduct(discount=discount, product_id=product) for product in set(product_ids) - set(before)
    )
    _record(discount, actor, "discount.products_set", {"products": before}, {"products": sorted(product_ids)})


@transaction.atomic
def assign(discount_id: int, user_id: int, *, actor: int) -> None:
    """Mean it for a person, who then has it without typing it. Raises DiscountNotFound."""
    discount = locks.discount(discount_id)
    if UserDiscount.objects.get_or_create(discount=discount, user_id=user_id)[1]:
        _record(discount, actor, "discount.assigned", None, {"user": user_id}, about=user_id)


@transaction.atomic
def unassign(discount_id: int, user_id: int, *, actor: int) -> None:
    discount = locks.discount(discount_id)
    if UserDiscount.objects.filter(discount=discount, user=user_id).delete()[0]:
        _record(discount, actor, "discount.unassigned", {"user": user_id}, None, about=user_id)


def _look_over(fields: Fields) -> None:
    if unknown := sorted(set(fields) - EDITABLE):
        raise DiscountRefused(f"A discount has no {unknown[0]} that can be set.")
    if problem := rules.problem(fields):
        raise DiscountRefused(problem)


def _saved(discount: Discount) -> Discount:
    others = Discount.objects.exclude(pk=discount.pk).annotate(upper=Upper("discount_code"))
    if others.filter(upper=discount.discount_code.upper()).exists():
        raise CodeTaken(discount.discount_code)
    try:
        with transaction.atomic():
            discount.save()
    except IntegrityError as error:  # somebody else took it at this moment
        raise CodeTaken(discount.discount_code) from error
    return discount


def _record(discount: Discount, actor: int, code: str, before: Fields | None, after: Fields | None, *, about: int | None = None) -> None:
    audit.record(
        about=about, actor=actor, code=code, cause="staff", object=("discount", discount.pk), before=_told(before), after=_told(after)
    )


def _told(fields: Fields | None) -> dict[str, Any] | None:
    plain = (str, int, bool, list, type(None))
    return None if fields is None else {name: value if isinstance(value, plain) else str(value) for name, value in fields.items()}
