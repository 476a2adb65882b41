"""Carts and orders, made with as little as a test needs to say."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from corridor.accounts.models import LegalAddress, User
from corridor.mitxonline.catalog.models import CourseRun, Product, Program
from corridor.mitxonline.commerce import actions, checkout, payments
from corridor.mitxonline.commerce.models import Order, OrderLine
from corridor.mitxonline.commerce.payments import Received
from corridor.mitxonline.discounts.models import Discount, DiscountProduct, UserDiscount
from corridor.mitxonline.gateways.port import Decision, Payment

from .gateway import PretendGateway

IP = "192.0.2.7"


def a_learner(email: str = "ada@example.org", country: str = "") -> User:
    """One who never signs in, and so needs no password, which takes a second to make."""
    person = User.objects.create(username=email, email=email, name="Ada Lovelace")
    if country:
        LegalAddress.objects.create(user=person, country=country)
    return person


def a_code(
    code: str = "LANTERN", amount: str = "20", *, products: Iterable[Product] = (), people: Iterable[User] = (), **fields: Any
) -> Discount:
    told = {"discount_type": "percent-off", "redemption_type": "unlimited"} | fields
    discount = Discount.objects.create(discount_code=code, amount=Decimal(amount), **told)
    DiscountProduct.objects.bulk_create(DiscountProduct(discount=discount, product=product) for product in products)
    UserDiscount.objects.bulk_create(UserDiscount(discount=discount, user=person) for person in people)
    return discount


def product_of(sold: CourseRun | Program) -> Product:
    return sold.products.get()


def put_into_cart(buyer: User, *sold: CourseRun | Program, code: str | None = None) -> None:
    for each in sold:
        actions.add_to_basket(buyer.pk, product_of(each).pk)
    if code:
        actions.apply_code(buyer.pk, code)


def begin_to_pay(buyer: User, gateway: PretendGateway, *sold: CourseRun | Program, code: str | None = None) -> Payment:
    """Buy these up to the gateway's page."""
    put_into_cart(buyer, *sold, code=code)
    checked = checkout.check_out(buyer.pk, ip=IP)
    assert checked.attempt is not None
    return handed_over(buyer, gateway, checked.attempt)


def handed_over(buyer: User, gateway: PretendGateway, attempt: UUID) -> Payment:
    checkout.hand_off(buyer.pk, attempt, ip=IP)
    return gateway.begun[attempt]


def decide(gateway: PretendGateway, payment: Payment, decision: Decision = Decision.ACCEPTED, **changed: Any) -> Received:
    """The gateway decides and its server tells us."""
    return payments.receive(gateway.message(gateway.decide(payment, decision, **changed)), gateway)


def buy(buyer: User, gateway: PretendGateway, *sold: CourseRun | Program, code: str | None = None) -> Order:
    payment = begin_to_pay(buyer, gateway, *sold, code=code)
    decide(gateway, payment)
    return order_of(payment)


def order_of(payment: Payment) -> Order:
    return Order.objects.get(reference_number=payment.reference_number)


def lines_of(order: Order) -> list[OrderLine]:
    return list(OrderLine.objects.filter(order=order).order_by("id"))
