"""Fill the shop and print what buyers need, or count what codes gave.

python fill.py stock PRODUCTS PEOPLE CODES    products with stock and vouchers; people who are signed in
python fill.py count                          how many orders each voucher lowered, and which orders were paid
"""

import json
import os
import sys
from datetime import timedelta
from decimal import Decimal

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
django.setup()

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Count
from django.test import Client
from django.utils import timezone
from oscar.apps.catalogue.models import Category, Product, ProductClass
from oscar.apps.offer.models import Benefit, Condition, ConditionalOffer, Range
from oscar.apps.order.models import Order, OrderDiscount
from oscar.apps.partner.models import Partner, StockRecord
from oscar.apps.voucher.models import Voucher

PRICE = Decimal("99.00")


def stock(products: int, people: int, codes: int) -> dict[str, object]:
    everything = Range.objects.create(name="Everything", includes_all_products=True)
    condition = Condition.objects.create(range=everything, type=Condition.COUNT, value=1)
    benefit = Benefit.objects.create(range=everything, type=Benefit.PERCENTAGE, value=10)
    voucher("TEN", condition, benefit, Voucher.MULTI_USE)
    for number in range(codes):
        voucher(f"ONCE{number}", condition, benefit, Voucher.SINGLE_USE)
        voucher(f"LAST{number}", condition, benefit, Voucher.MULTI_USE, limit=1)
    return {"products": [product(number) for number in range(products)], "sessions": [signed_in(number) for number in range(people)]}


def voucher(code: str, condition: Condition, benefit: Benefit, usage: str, limit: int | None = None) -> None:
    """One that is used once is a voucher's usage; one with a number of uses is its offer's limit."""
    offer = ConditionalOffer.objects.create(
        name=code, offer_type=ConditionalOffer.VOUCHER, condition=condition, benefit=benefit, max_global_applications=limit
    )
    now = timezone.now()
    made = Voucher.objects.create(name=code, code=code, usage=usage, start_datetime=now - timedelta(1), end_datetime=now + timedelta(30))
    made.offers.add(offer)


def product(number: int) -> dict[str, object]:
    kind, _ = ProductClass.objects.get_or_create(name="Course", defaults={"requires_shipping": False, "track_stock": True})
    category = Category.objects.first() or Category.add_root(name="Courses")
    partner, _ = Partner.objects.get_or_create(name="Us")
    made = Product.objects.create(product_class=kind, title=f"Course {number}", description="What one learns.", upc=f"C{number}")
    made.categories.add(category)
    StockRecord.objects.create(product=made, partner=partner, partner_sku=f"C{number}", price=PRICE, num_in_stock=1_000_000)
    return {"id": made.pk, "path": made.get_absolute_url()}


def signed_in(number: int) -> str:
    client = Client()
    client.force_login(
        User.objects.create(username=f"buyer{number}", email=f"buyer{number}@example.org"), settings.AUTHENTICATION_BACKENDS[0]
    )
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def count() -> dict[str, object]:
    lowered = OrderDiscount.objects.exclude(voucher_code=None).values_list("voucher_code").annotate(Count("order", distinct=True))
    return {"lowered": dict(lowered), "orders": list(Order.objects.values_list("number", flat=True))}


if __name__ == "__main__":
    what, *numbers = sys.argv[1:]
    print(json.dumps(stock(*map(int, numbers)) if what == "stock" else count()))
