"""What gateways send: their servers' notifications, and browsers on their way back. What a message says is believed where it is signed."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from corridor.kit import clock
from corridor.kit.errors import Problem
from corridor.kit.problems import problem_json
from corridor.mitxonline.gateways import registry
from corridor.mitxonline.gateways.errors import GatewayUnavailable, GatewayUnknown, NoticeRefused, NoticeUnneeded
from corridor.mitxonline.gateways.port import Gateway, Message
from corridor.mitxonline.ledger.vocabulary import NoticeOutcome

from . import payments, queries
from .models import Order
from .order_pages import order_path
from .pages import DASHBOARD, ORDERS, SeeOther
from .payments import Received
from .said import Said, say, say_elsewhere
from .vocabulary import OrderState

CYBERSOURCE, STRIPE = "CyberSource", "Stripe"
LARGEST = 64 * 1024  # bytes of a message

SAYS: Mapping[str, Said] = {
    OrderState.REVIEW: Said.REVIEW,
    OrderState.DECLINED: Said.DECLINED,
    OrderState.CANCELED: Said.CANCELLED,
    OrderState.ERRORED: Said.ERROR,
}
ACCEPTED = "Your payment has arrived, and you are enrolled. A receipt is on its way to you by mail."
UNREADABLE = "What came back from our payment service could not be read. If you have paid, your order says so in a moment."
NOT_PAID = "You have not paid. What you wanted to buy is still in your cart."
DOES_NOT_FIT = "Something about this payment does not fit. People look at it and write to you."


class MessageTooLarge(Problem):
    code = "body_too_large"
    status = 413

    def __init__(self) -> None:
        super().__init__(f"A notification is no larger than {LARGEST // 1024} kB.")


class UnknownOrder(Problem):
    """Kept for staff, with the money if there was any."""

    code = "order_unknown"
    status = 404

    def __init__(self) -> None:
        super().__init__("The notification is genuine, and names no order of ours. Staff look at it.")


# --- servers


@csrf_exempt  # the signature says who it is
@never_cache
@require_POST
def cybersource(request: HttpRequest) -> HttpResponse:
    return notified(request, CYBERSOURCE)


@csrf_exempt  # likewise
@never_cache
@require_POST
def stripe(request: HttpRequest) -> HttpResponse:
    return notified(request, STRIPE)


def notified(request: HttpRequest, name: str) -> HttpResponse:
    """200 for what was taken, however often it comes; 401 for what the gateway did not sign, 404 for an order that is not ours.

    Where the gateway could not be asked, 503: it sends again.
    """
    try:
        message = message_of(request, "server")
        received = payments.receive(message, registry.gateway(name))
    except NoticeUnneeded:
        return HttpResponse(status=200)
    except NoticeRefused as refused:
        return problem_json(401, refused.code, refused.message)
    except Problem as problem:
        return problem_json(problem.status, problem.code, problem.message)
    if received.order_id is None:
        return problem_json(UnknownOrder.status, UnknownOrder.code, str(UnknownOrder()))
    return HttpResponse(status=200)


# --- browsers


@csrf_exempt  # the gateway's page sends the form, and signs it
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def result(request: HttpRequest) -> HttpResponse:
    """Back from the gateway, as a rule without a session, which browsers do not send along: on to the order that the signed message names."""
    try:
        received = payments.receive(message_of(request, "browser"), gateway_of(request))
    except NoticeUnneeded:
        return with_message(request, ORDERS, Said.CANCELLED, NOT_PAID)
    except (NoticeRefused, GatewayUnavailable, GatewayUnknown):
        return with_message(request, ORDERS, Said.UNKNOWN, UNREADABLE)
    if received.order_id is None:
        return with_message(request, ORDERS, Said.UNKNOWN, UNREADABLE)
    return led_on(request, queries.any_order(received.order_id), received)


def led_on(request: HttpRequest, order: Order, received: Received) -> HttpResponse:
    """The page of the order says itself what became of it."""
    if received.outcome == NoticeOutcome.CASE:
        return with_message(request, order_path(order), Said.UNKNOWN, DOES_NOT_FIT)
    if order.state == OrderState.FULFILLED:
        return with_message(request, DASHBOARD, Said.ACCEPTED, ACCEPTED)
    response = SeeOther(order_path(order))
    if said := SAYS.get(order.state):
        say_elsewhere(response, said)
    return response


def with_message(request: HttpRequest, path: str, said: Said, sentence: str) -> HttpResponse:
    response = SeeOther(path)
    say(request, response, said, sentence)
    return response


# --- in common


def gateway_of(request: HttpRequest) -> Gateway:
    """Stripe leads browsers back by a link that names the session."""
    return registry.gateway(STRIPE if request.method != "POST" and "session_id" in request.GET else CYBERSOURCE)


def message_of(request: HttpRequest, channel: str) -> Message:
    """Raises MessageTooLarge."""
    length = request.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > LARGEST:
        raise MessageTooLarge
    body = request.body
    if len(body) > LARGEST:
        raise MessageTooLarge
    fields = request.POST if request.method == "POST" else request.GET
    return Message(
        channel="server" if channel == "server" else "browser",
        headers=request.headers,
        body=body,
        fields=fields.dict(),
        received_at=clock.now(),
    )
