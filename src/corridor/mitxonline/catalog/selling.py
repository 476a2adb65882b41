"""What staff sell, and for how much. Prices are never changed but added to: what was sold keeps its own."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Q

from corridor.kit import audit

from . import actions, products
from .errors import CatalogNotFound, SoldAlready
from .facts import Json
from .models import CourseRun, Product, Program


@dataclass(frozen=True)
class Terms:
    """What a product costs, what it is called, and whether it is for sale. None leaves a part as it is."""

    price: Decimal | None = None
    description: str | None = None
    is_active: bool | None = None


@transaction.atomic
def sell(*, actor: int, readable_id: str, price: Decimal, description: str, is_active: bool = True, cause: str = "staff") -> int:
    """Put a run or a program on sale; gives the number of the product. Raises CatalogNotFound and SoldAlready."""
    run = CourseRun.objects.filter(courseware_id=readable_id).values_list("pk", flat=True).first()
    program = Program.objects.filter(readable_id=readable_id).values_list("pk", flat=True).first()
    product = Product.objects.filter(Q(course_run__courseware_id=readable_id) | Q(program__readable_id=readable_id), is_active=True).first()
    if product:
        raise SoldAlready(readable_id, product.pk)
    if run:
        id = actions.offer_run(run, price=price, description=description)
    elif program:
        id = actions.offer_program(program, price=price, description=description)
    else:
        raise CatalogNotFound("course run or program", readable_id)
    if not is_active:
        actions.withdraw(id)
    _note(actor, "product.created", id, None, cause)
    return id


@transaction.atomic
def change(product_id: int, *, actor: int, terms: Terms, cause: str = "staff") -> None:
    """Sell on other terms from now on. Raises CatalogNotFound and SoldAlready."""
    before = _terms(product_id)
    actions.reprice(product_id, price=terms.price, description=terms.description)
    if terms.is_active is False:
        actions.withdraw(product_id)
    elif terms.is_active:
        _put_back(product_id)
    _note(actor, "product.changed", product_id, before, cause)


@transaction.atomic
def stop(product_id: int, *, actor: int, cause: str = "staff") -> None:
    """Raises CatalogNotFound."""
    before = _terms(product_id)
    actions.withdraw(product_id)
    _note(actor, "product.withdrawn", product_id, before, cause)


def _put_back(product_id: int) -> None:
    try:
        with transaction.atomic():
            actions.put_back(product_id)
    except IntegrityError as error:
        raise SoldAlready(f"What product {product_id} is for", product_id) from error


def _terms(product_id: int) -> Json:
    product = products.everything().filter(pk=product_id).first()
    if product is None:
        raise CatalogNotFound("product", product_id)
    told: Json = products.told(product)
    return {name: told[name] for name in ("price", "description", "is_active")}


def _note(actor: int, code: str, product_id: int, before: Json | None, cause: str) -> None:
    audit.record(about=None, actor=actor, code=code, cause=cause, object=("product", product_id), before=before, after=_terms(product_id))
