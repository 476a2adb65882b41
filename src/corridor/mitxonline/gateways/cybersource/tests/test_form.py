"""The form that takes a payer to CyberSource."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.mitxonline.gateways.cybersource.form import payment_form
from corridor.mitxonline.gateways.cybersource.reply import ALWAYS_SIGNED, read_reply
from corridor.mitxonline.gateways.cybersource.signing import NAMES, is_ambiguous, is_signed, signature
from corridor.mitxonline.gateways.errors import NoticeRefused
from corridor.mitxonline.gateways.port import Item, Payment

from .replies import ATTEMPT, NOW, PROFILE, message

PAYMENT = Payment(
    attempt=ATTEMPT,
    reference_number="mitxonline-test-17",
    amount=Decimal("149.5"),
    currency="USD",
    items=[
        Item("course-v1:A", "Ropes", "12-7", 1, Decimal("100")),
        Item("course-v1:B", "x" * 300, "12-8", 1, Decimal("49.5")),
    ],
    consumer_id="pat",
    customer_ip="192.0.2.7",
    return_url="https://shop.example/checkout/result/?a=b",
    cancel_url="https://shop.example/checkout/result/",
    started_at=NOW,
    expires_at=NOW + timedelta(hours=1),
)
names = st.text(st.sampled_from("ab ,=Ω"), max_size=12) | st.just("x,decision=ACCEPT,req_amount=1.00,y=")


def test_the_fields_are_those_that_cybersource_publishes() -> None:
    form = payment_form(PAYMENT, PROFILE, NOW)
    assert {name: form[name] for name in form if not name.startswith(("item_", "sign"))} == {
        "access_key": "access",
        "profile_id": "profile",
        "transaction_uuid": str(ATTEMPT),
        "transaction_type": "sale",
        "reference_number": "mitxonline-test-17",
        "amount": "149.50",
        "tax_amount": "0",
        "currency": "USD",
        "locale": "en-us",
        "consumer_id": sha256(b"pat").hexdigest(),
        "customer_ip_address": "192.0.2.7",
        "merchant_defined_data1": str(ATTEMPT),
        "override_custom_receipt_page": "https://shop.example/checkout/result/?a=b",
        "override_custom_cancel_page": "https://shop.example/checkout/result/",
        "line_item_count": "2",
        "unsigned_field_names": "",
    }
    assert form["signed_date_time"] == "2031-03-01T12:00:00Z"
    assert (form["item_0_sku"], form["item_1_unit_price"], len(form["item_1_name"])) == ("12-7", "49.50", 254)


def test_every_field_is_signed_in_the_order_of_the_names() -> None:
    form = payment_form(PAYMENT, PROFILE, NOW)
    signed = form[NAMES].split(",")
    assert signed == sorted(form.keys() - {"signature"})
    assert form["signature"] == signature(form, signed, PROFILE.security_key)
    # worked out apart, with openssl
    assert signature({"a": "1", "b": "ü"}, ["a", "b"], "k") == "zkKzKhrwHwxEr6mqdYDBIKGgGfPd0cFGHQOu9aWOHs0="


@pytest.mark.parametrize("field", ["amount", "currency", "reference_number", "override_custom_receipt_page", NAMES])
def test_a_changed_field_does_not_fit_the_signature(field: str) -> None:
    form = payment_form(PAYMENT, PROFILE, NOW)
    assert not is_signed(form | {field: form[field] + " "}, form[NAMES].split(","), PROFILE.security_key)


@given(names, names)
def test_no_form_of_ours_passes_for_a_reply_however_it_is_cut(item: str, consumer: str) -> None:
    items = [replace(PAYMENT.items[0], name=item), replace(PAYMENT.items[1], code=consumer)]
    form = payment_form(replace(PAYMENT, items=items), PROFILE, NOW)
    assert not is_ambiguous(form, form[NAMES].split(","), ALWAYS_SIGNED)
    with pytest.raises(NoticeRefused) as refused:
        read_reply(message(form), PROFILE)
    assert refused.value.code == "direction_wrong"
