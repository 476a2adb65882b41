"""Orders of whoever asks: what was bought, what became of it, asking for the money back."""

from typing import Any, ClassVar

from django.http import HttpRequest
from rest_framework.request import Request

from corridor.kit import clock
from corridor.kit.api.acting import Acting
from corridor.kit.api.callers import Who
from corridor.kit.api.paging import Page, paging
from corridor.kit.api.parameters import Asked
from corridor.kit.api.views import Reading
from corridor.mitxonline.commerce import queries, refunds, telling
from corridor.mitxonline.commerce.models import Order

from .access import person
from .shapes import orders as shapes


class OwnOrders(Reading):
    who: ClassVar[Who | None] = Who.SIGNED_IN


class HistoryList(OwnOrders):
    rows: ClassVar[bool] = True
    paged: ClassVar[bool] = True
    parameters = paging()
    shape: Any = shapes.OrderHistory

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        found = queries.orders_of(person(request).pk)
        return Page(found.count(), told(list(found[asked["offset"] : asked["offset"] + asked["limit"]])))


class HistoryDetail(OwnOrders):
    shape: Any = shapes.OrderHistory

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        return told([queries.order_of(person(request).pk, path["id"])])[0]


class Receipt(OwnOrders):
    shape: Any = shapes.Order

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        order = queries.receipt_of(person(request).pk, path["id"])
        return telling.receipt(order, eligible=queries.can_be_asked_back(order, clock.now()))


class Status(OwnOrders):
    """For pages that wait for a payment to be confirmed. An order is named by its number or by its reference."""

    shape: Any = shapes.OrderStatus

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        return telling.status(queries.order_of(person(request).pk, path["order_id"]))


class AskForRefund(Acting):
    takes: Any = shapes.RefundRequest
    answers = {201: shapes.RefundRequest}
    refusals: ClassVar[tuple[int, ...]] = (404,)

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        made = refunds.request_refund(
            person(request).pk,
            given["order"],
            reason=given.get("refund_reason", ""),
            text=given.get("refund_reason_text", ""),
            consent=given["consent_given"],
        )
        return {
            "order": made.order_id,
            "refund_reason": made.refund_reason,
            "refund_reason_text": made.refund_reason_text,
            "consent_given": made.consent_given,
        }


def told(orders: list[Order]) -> list[Any]:
    now = clock.now()
    return telling.history(orders, [order.pk for order in orders if queries.can_be_asked_back(order, now)])
