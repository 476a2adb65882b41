"""A way to pay that says yes. Where a real one moves money, it writes the order's number into a file: the books of the gateway."""

import os
import time
from pathlib import Path

from oscar.apps.checkout import views
from oscar.apps.payment.models import Source, SourceType

BOOKS = Path(os.environ["SHOP_FOLDER"]) / "paid.txt"
THINKS = float(os.environ.get("SHOP_GATEWAY_SECONDS", "0"))


class PaymentDetailsView(views.PaymentDetailsView):
    def handle_payment(self, order_number, total, **kwargs):
        time.sleep(THINKS)
        with BOOKS.open("a") as books:
            books.write(f"{order_number} {total.incl_tax}\n")
        kind, _ = SourceType.objects.get_or_create(name="Card")
        source = Source(source_type=kind, currency=total.currency, amount_allocated=total.incl_tax, amount_debited=total.incl_tax)
        self.add_payment_source(source)
        self.add_payment_event("Purchase", total.incl_tax)
