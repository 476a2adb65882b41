"""Discounts, what each is for and whose it is, and how it was used. All of it for staff."""

from collections.abc import Callable, Collection
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest
from rest_framework.request import Request

from corridor.accounts import queries as people
from corridor.accounts.errors import NoSuchPerson
from corridor.kit.api.bodies import BodyRefused
from corridor.kit.api.paging import Page, paging
from corridor.kit.api.parameters import Asked, Choice, Text
from corridor.mitxonline.catalog import products
from corridor.mitxonline.commerce import queries, telling
from corridor.mitxonline.discounts import actions as uses
from corridor.mitxonline.discounts import editing, listing
from corridor.mitxonline.discounts.errors import RedemptionKept
from corridor.mitxonline.discounts.models import Discount, DiscountProduct, Redemption, UserDiscount
from corridor.mitxonline.discounts.vocabulary import PaymentType, RedemptionState, RedemptionType

from .access import StaffActing, StaffReading, person
from .people import told_of_all
from .shapes import discounts as shapes
from .shapes.products import V0Discount

VIEW, ADD, CHANGE, DELETE = (f"mitxonline.{verb}_discount" for verb in ("view", "add", "change", "delete"))
IS_REDEEMED = {"yes": True, "no": False}
# What comes as null or nothing, and how it is kept.
KEPT_AS = {"max_redemptions": 0, "automatic": False}


class DiscountList(StaffReading):
    permission: ClassVar[str] = VIEW
    rows: ClassVar[bool] = True
    paged: ClassVar[bool] = True
    shape: Any = V0Discount
    parameters = (
        *paging(),
        Text(name="q", longest=100, help="A part of the code."),
        Choice(name="payment_type", choices=dict(PaymentType.choices), help="What it was given for."),
        Choice(name="redemption_type", choices=dict(RedemptionType.choices), help="How often it may be used."),
        Choice(name="is_redeemed", choices={"yes": "Used", "no": "Not used"}, help="Whether somebody has used it."),
    )

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        found = listing.discounts(
            text=asked["q"],
            payment_type=asked["payment_type"],
            redemption_type=asked["redemption_type"],
            is_redeemed=IS_REDEEMED.get(asked["is_redeemed"] or ""),
        )
        return page(found, asked, lambda rows: [told(each) for each in rows])


class DiscountDetail(StaffReading):
    permission: ClassVar[str] = VIEW
    shape: Any = V0Discount

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        return told(listing.discount(path["id"]))


class CreateDiscount(StaffActing):
    permission: ClassVar[str] = ADD
    takes: Any = shapes.DiscountBody
    answers = {201: V0Discount}

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        return told_again(editing.create_discount(actor=person(request).pk, fields=fields(given)).pk)


class CreateBatch(StaffActing):
    permission: ClassVar[str] = ADD
    takes: Any = shapes.BatchBody
    answers = {200: shapes.Batch}

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        wanted = dict(given)
        prefix, count = wanted.pop("discount_code"), wanted.pop("count", None) or 1
        made = editing.create_batch(actor=person(request).pk, prefix=prefix, count=count, fields=fields(wanted))
        return told_again(made[0].pk) | {"codes": [each.discount_code for each in made]}


class EditDiscount(StaffActing):
    permission: ClassVar[str] = CHANGE
    takes: Any = shapes.DiscountBody
    answers = {200: V0Discount}

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        listing.discount(path["id"])
        return told_again(editing.edit_discount(path["id"], actor=person(request).pk, fields=fields(given)).pk)


class WithdrawDiscount(StaffActing):
    """Nothing is deleted: orders refer to it. From now on nobody can use it."""

    permission: ClassVar[str] = DELETE
    answers = {204: None}

    def do(self, request: Request, given: Any, **path: Any) -> None:
        editing.withdraw_discount(listing.discount(path["id"]).pk, actor=person(request).pk)


# --- what it is for


class ProductLinks(StaffReading):
    permission: ClassVar[str] = VIEW
    rows: ClassVar[bool] = True
    paged: ClassVar[bool] = True
    parameters = paging()
    shape: Any = shapes.DiscountProduct

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        discount = listing.discount(path["parent_lookup_discount"])
        return page(listing.products_of(discount.pk), asked, lambda rows: told_links(discount, rows))


class ProductLink(StaffReading):
    permission: ClassVar[str] = VIEW
    shape: Any = shapes.DiscountProduct

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        discount = listing.discount(path["parent_lookup_discount"])
        return told_links(discount, [listing.product_link(discount.pk, path["id"])])[0]


class LinkProduct(StaffActing):
    """For lines of this product too. A discount that names none is for all."""

    permission: ClassVar[str] = CHANGE
    takes: Any = shapes.DiscountProductBody
    answers = {201: shapes.DiscountProduct}
    refusals: ClassVar[tuple[int, ...]] = (404,)

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        discount = listing.discount(path["parent_lookup_discount"])
        return told_link(request, discount, product_named(given), without=None)


class ChangeProductLink(StaffActing):
    """For another product in place of this one."""

    permission: ClassVar[str] = CHANGE
    takes: Any = shapes.DiscountProductBody
    answers = {200: shapes.DiscountProduct}

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        discount = listing.discount(path["parent_lookup_discount"])
        link = listing.product_link(discount.pk, path["id"])
        if "product" not in given:
            return told_links(discount, [link])[0]
        return told_link(request, discount, product_named(given), without=link.product_id)


class UnlinkProduct(StaffActing):
    permission: ClassVar[str] = CHANGE
    answers = {204: None}

    def do(self, request: Request, given: Any, **path: Any) -> None:
        discount = listing.discount(path["parent_lookup_discount"])
        link = listing.product_link(discount.pk, path["id"])
        others = listing.products_of(discount.pk).exclude(pk=link.pk).values_list("product", flat=True)
        editing.set_products(discount.pk, list(others), actor=person(request).pk)


def product_named(given: Any) -> int:
    """Raises CatalogNotFound."""
    return int(products.one(products.everything(), given["product"]["id"])["id"])


def told_link(request: Request, discount: Discount, product: int, *, without: int | None) -> Any:
    kept = set(listing.products_of(discount.pk).values_list("product", flat=True)) - {without} | {product}
    editing.set_products(discount.pk, kept, actor=person(request).pk)
    return told_links(discount, listing.products_of(discount.pk).filter(product=product))[0]


def told_links(discount: Discount, links: Collection[DiscountProduct]) -> list[Any]:
    sold = telling.products_by_id(link.product_id for link in links)
    return [{"id": link.pk, "discount": told(discount), "product": sold[link.product_id]} for link in links]


# --- whose it is


class Assignees(StaffReading):
    permission: ClassVar[str] = VIEW
    rows: ClassVar[bool] = True
    paged: ClassVar[bool] = True
    parameters = paging()
    shape: Any = shapes.UserDiscountMeta

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        discount = listing.discount(path["parent_lookup_discount"])
        return page(listing.assignees_of(discount.pk), asked, lambda rows: told_assignees(discount, rows))


class Assignee(StaffReading):
    permission: ClassVar[str] = VIEW
    shape: Any = shapes.UserDiscountMeta

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        discount = listing.discount(path["parent_lookup_discount"])
        return told_assignees(discount, [listing.assignee(discount.pk, path["id"])])[0]


class Assign(StaffActing):
    """Theirs without typing it, and nobody else's who is not assigned."""

    permission: ClassVar[str] = CHANGE
    takes: Any = shapes.UserDiscountBody
    answers = {201: shapes.UserDiscountMeta}
    refusals: ClassVar[tuple[int, ...]] = (404,)

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        discount = listing.discount(path["parent_lookup_discount"])
        return assigned(request, discount, person_named(given["user"]))


class ChangeAssignee(StaffActing):
    """Another person's in place of this one's."""

    permission: ClassVar[str] = CHANGE
    takes: Any = shapes.UserDiscountBody
    answers = {200: shapes.UserDiscountMeta}

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        discount = listing.discount(path["parent_lookup_discount"])
        before = listing.assignee(discount.pk, path["id"])
        if "user" not in given or (person_id := person_named(given["user"])) == before.user_id:
            return told_assignees(discount, [before])[0]
        editing.unassign(discount.pk, before.user_id, actor=person(request).pk)
        return assigned(request, discount, person_id)


class Unassign(StaffActing):
    permission: ClassVar[str] = CHANGE
    answers = {204: None}

    def do(self, request: Request, given: Any, **path: Any) -> None:
        found = listing.assignee(path["parent_lookup_discount"], path["id"])
        editing.unassign(found.discount_id, found.user_id, actor=person(request).pk)


def assigned(request: Request, discount: Discount, person_id: int) -> Any:
    editing.assign(discount.pk, person_id, actor=person(request).pk)
    return told_assignees(discount, listing.assignees_of(discount.pk).filter(user=person_id))[0]


def person_named(given: Any) -> int:
    """Raises NoSuchPerson, and BodyRefused for nobody named."""
    if not given.get("id") and not given.get("email"):
        raise BodyRefused({"user": ["Name the person by id or by email."]})
    found = people.person_called(id=given.get("id"), email=given.get("email", ""))
    if found is None:
        raise NoSuchPerson
    return found.pk


def told_assignees(discount: Discount, rows: Collection[UserDiscount]) -> list[Any]:
    persons = told_of_all(people.people([row.user for row in rows]))
    return [{"id": row.pk, "discount": told(discount), "user": each} for row, each in zip(rows, persons, strict=True)]


# --- how it was used


class Redemptions(StaffReading):
    permission: ClassVar[str] = VIEW
    rows: ClassVar[bool] = True
    paged: ClassVar[bool] = True
    parameters = paging()
    shape: Any = shapes.DiscountRedemption

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        discount = listing.discount(path["parent_lookup_redeemed_discount"])
        return page(listing.redemptions_of(discount.pk), asked, lambda rows: told_redemptions(discount, rows))


class RedemptionDetail(StaffReading):
    permission: ClassVar[str] = VIEW
    shape: Any = shapes.DiscountRedemption

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        discount = listing.discount(path["parent_lookup_redeemed_discount"])
        return told_redemptions(discount, [listing.redemption(discount.pk, path["id"])])[0]


class WriteRedemption(StaffActing):
    """Published, and always refused: a code is used by buying with it."""

    permission: ClassVar[str] = CHANGE
    answers = {200: shapes.DiscountRedemption}

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        raise RedemptionKept


class AddRedemption(WriteRedemption):
    answers = {201: shapes.DiscountRedemption}


class ReleaseRedemption(StaffActing):
    """Gives back the use that an unpaid order holds. One of an order that was paid stays."""

    permission: ClassVar[str] = CHANGE
    answers = {204: None}

    def do(self, request: Request, given: Any, **path: Any) -> None:
        found = listing.redemption(path["parent_lookup_redeemed_discount"], path["id"])
        if found.state == RedemptionState.REDEEMED:
            raise RedemptionKept("The order was paid with it. Refund the order instead; the use stays written down.")
        uses.release(queries.any_order(found.order_id), f"staff {person(request).pk}")


def told_redemptions(discount: Discount, rows: Collection[Redemption]) -> list[Any]:
    persons = told_of_all(people.people([row.user for row in rows]))
    orders = queries.orders_by_id([row.order_id for row in rows])
    return [
        {
            "id": row.pk,
            "redemption_date": row.redemption_date or row.created_on,
            "redeemed_by": each,
            "redeemed_discount": told(discount),
            "redeemed_order": telling.receipt(orders[row.order_id], eligible=False),
        }
        for row, each in zip(rows, persons, strict=True)
    ]


# --- in common


def told(discount: Discount) -> Any:
    """Of one that `listing` found."""
    return telling.discount(discount, is_redeemed=discount.is_redeemed)  # type: ignore[attr-defined]  # annotated there


def told_again(id: int) -> Any:
    return told(listing.discount(id))


def fields(given: Any) -> dict[str, Any]:
    """The columns of what was sent: null is what a column has for nothing."""
    return {name: KEPT_AS.get(name) if value is None else value for name, value in given.items()}


def page(rows: QuerySet[Any], asked: Asked, tell: Callable[[list[Any]], list[Any]]) -> Page:
    return Page(rows.count(), tell(list(rows[asked["offset"] : asked["offset"] + asked["limit"]])))
