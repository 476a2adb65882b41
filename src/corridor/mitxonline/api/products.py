"""What is for sale; and what staff sell."""

from typing import Any, ClassVar

from django.http import HttpRequest
from rest_framework.request import Request

from corridor.kit.api.bodies import BodyRefused
from corridor.kit.api.callers import Who
from corridor.kit.api.paging import Page, paging
from corridor.kit.api.parameters import Asked
from corridor.kit.api.views import Reading
from corridor.mitxonline.catalog import products, selling

from .access import StaffActing, StaffReading, person
from .shapes import products as shapes


class ProductList(Reading):
    rows: ClassVar[bool] = True
    paged: ClassVar[bool] = True
    parameters = paging()
    shape: Any = shapes.Product

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        count, rows = products.listed(products.active(), offset=asked["offset"], limit=asked["limit"])
        return Page(count, rows)


class ProductDetail(Reading):
    shape: Any = shapes.Product

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        return products.one(products.active(), path["id"])


class OwnPrice(Reading):
    """What a product costs whoever asks. Nobody has approved financial aid as long as there is none to apply for."""

    who: ClassVar[Who | None] = Who.SIGNED_IN
    shape: Any = shapes.ProductFlexiblePrice

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        told = products.one(products.active(), path["id"])
        return {name: told[name] for name in ("id", "price", "description", "is_active")} | {"product_flexible_price": None}


class WholeList(StaffReading):
    """Those that are withdrawn, too."""

    permission: ClassVar[str] = "mitxonline.view_product"
    rows: ClassVar[bool] = True
    paged: ClassVar[bool] = True
    parameters = paging()
    shape: Any = shapes.Product

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        count, rows = products.listed(products.everything(), offset=asked["offset"], limit=asked["limit"])
        return Page(count, rows)


class WholeDetail(StaffReading):
    permission: ClassVar[str] = "mitxonline.view_product"
    shape: Any = shapes.Product

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        return products.one(products.everything(), path["id"])


class Sell(StaffActing):
    permission: ClassVar[str] = "mitxonline.add_product"
    takes: Any = shapes.NewProduct
    answers = {201: shapes.Product}
    refusals: ClassVar[tuple[int, ...]] = (404,)

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        if not given.get("readable_id"):
            raise BodyRefused({"readable_id": ["Name the course run or the program that is to be sold."]})
        id = selling.sell(
            actor=person(request).pk,
            readable_id=given["readable_id"],
            price=given["price"],
            description=given["description"],
            is_active=given.get("is_active") is not False,
        )
        return products.one(products.everything(), id)


class ChangeTerms(StaffActing):
    """A new price holds from now on: baskets show it, orders that were made keep theirs."""

    permission: ClassVar[str] = "mitxonline.change_product"
    takes: Any = shapes.ProductTerms
    answers = {200: shapes.Product}

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        terms = selling.Terms(given.get("price"), given.get("description"), given.get("is_active"))
        selling.change(path["id"], actor=person(request).pk, terms=terms)
        return products.one(products.everything(), path["id"])


class StopSelling(StaffActing):
    """Nothing is deleted: what was sold refers to it."""

    permission: ClassVar[str] = "mitxonline.delete_product"
    answers = {204: None}

    def do(self, request: Request, given: Any, **path: Any) -> None:
        selling.stop(path["id"], actor=person(request).pk)
