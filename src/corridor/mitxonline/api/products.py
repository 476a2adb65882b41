"""What is for sale."""

from typing import Any, ClassVar

from django.http import HttpRequest

from corridor.kit.api.paging import Page, paging
from corridor.kit.api.parameters import Asked
from corridor.kit.api.views import Reading
from corridor.mitxonline.catalog import products


class ProductList(Reading):
    rows: ClassVar[bool] = True
    paged: ClassVar[bool] = True
    parameters = paging()

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        count, rows = products.listed(offset=asked["offset"], limit=asked["limit"])
        return Page(count, rows)


class ProductDetail(Reading):
    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        return products.one(path["id"])
