"""Which replies of CyberSource are believed, and what they mean."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.mitxonline.gateways.cybersource.reply import ALWAYS_SIGNED, SIGNED_WITH_MONEY, read_reply
from corridor.mitxonline.gateways.cybersource.signing import NAMES, SIGNATURE
from corridor.mitxonline.gateways.errors import NoticeRefused
from corridor.mitxonline.gateways.port import Decision

from .replies import ACCEPTED, ATTEMPT, PROFILE, message, signed, without


def refusal(fields: dict[str, str], channel: Literal["browser", "server"] = "server", after: timedelta = timedelta()) -> str:
    with pytest.raises(NoticeRefused) as refused:
        read_reply(message(fields, channel, after), PROFILE)
    return refused.value.code


def test_an_accepted_payment_is_told_in_full() -> None:
    notice = read_reply(message(signed(ACCEPTED)), PROFILE)
    assert (notice.attempt, notice.reference_number, notice.transaction_id) == (ATTEMPT, "mitxonline-test-17", "6012345678901234567890")
    assert (notice.decision, notice.amount, notice.currency) == (Decision.ACCEPTED, Decimal("150.00"), "USD")
    assert (notice.card_brand, notice.card_last4, notice.payer_name) == ("Visa", "1111", "Pat Example")
    assert notice.occurred_at == datetime(2031, 3, 1, 12, tzinfo=UTC)
    assert notice.payload.keys() == ACCEPTED.keys() - {"req_card_number"} | {NAMES}


@pytest.mark.parametrize(
    ("said", "code", "decision"),
    [
        ("ACCEPT", "100", Decision.ACCEPTED),
        ("REVIEW", "480", Decision.REVIEW),
        ("DECLINE", "203", Decision.DECLINED),
        ("ERROR", "104", Decision.ERROR),
        ("CANCEL", "", Decision.CANCELED),
    ],
)
def test_decisions(said: str, code: str, decision: Decision) -> None:
    assert read_reply(message(signed(ACCEPTED | {"decision": said, "reason_code": code})), PROFILE).decision is decision


def test_who_canceled_has_no_transaction() -> None:
    notice = read_reply(message(signed(without("transaction_id", "reason_code", "auth_amount") | {"decision": "CANCEL"})), PROFILE)
    assert (notice.transaction_id, notice.event_id) == ("", f"{ATTEMPT}:canceled")


def test_what_was_approved_in_part_is_not_the_whole_amount() -> None:
    partly = ACCEPTED | {"reason_code": "110", "auth_amount": "75.00"}
    assert read_reply(message(signed(partly)), PROFILE).amount == Decimal("75.00")
    del partly["auth_amount"]
    assert refusal(signed(partly)) == "fields_unsigned"


@pytest.mark.parametrize("name", sorted((ALWAYS_SIGNED | SIGNED_WITH_MONEY) - {NAMES, "decision"}))
def test_a_mandatory_field_that_is_sent_unsigned_is_refused(name: str) -> None:
    assert refusal(signed(without(name)) | {name: ACCEPTED[name]}) == "fields_unsigned"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "fields_unsigned"),
        (signed(ACCEPTED, "another secret"), "signature_wrong"),
        (signed(ACCEPTED) | {SIGNATURE: ""}, "signature_wrong"),
        (signed(ACCEPTED) | {SIGNATURE: "ü\udcff"}, "signature_wrong"),
        (signed(ACCEPTED) | {"req_amount": "1.00"}, "signature_wrong"),
        (signed(ACCEPTED) | {"req_currency": "EUR"}, "signature_wrong"),
        (signed(ACCEPTED | {"req_profile_id": "another"}), "profile_wrong"),
        (signed(ACCEPTED | {"decision": "MAYBE"}), "layout_unknown"),
        (signed(ACCEPTED | {"reason_code": "481"}), "layout_unknown"),
        (signed(ACCEPTED | {"req_transaction_uuid": "none"}), "layout_unknown"),
        (signed(ACCEPTED | {"req_amount": "NaN"}), "layout_unknown"),
        (signed(ACCEPTED | {"req_amount": "-1"}), "layout_unknown"),
        (signed(ACCEPTED | {"signed_date_time": "yesterday"}), "layout_unknown"),
        ({name: value for name, value in signed(ACCEPTED).items() if name != "message"}, "layout_unknown"),
    ],
)
def test_what_is_not_believed(fields: dict[str, str], code: str) -> None:
    assert refusal(fields) == code


@pytest.mark.parametrize(
    ("channel", "minutes", "believed"),
    [
        ("browser", 29, True),
        ("browser", 31, False),
        ("server", 31, True),
        ("server", 47 * 60, True),
        ("server", 49 * 60, False),
        ("server", -4, True),  # clocks differ
        ("browser", -6, False),
    ],
)
def test_how_old_a_reply_may_be(channel: Literal["browser", "server"], minutes: int, believed: bool) -> None:
    after = timedelta(minutes=minutes)
    if believed:
        assert read_reply(message(signed(ACCEPTED), channel, after), PROFILE)
    else:
        assert refusal(signed(ACCEPTED), channel, after) == "stale"


def test_unsigned_fields_are_neither_read_nor_kept() -> None:
    notice = read_reply(message(signed(without("card_type_name")) | {"card_type_name": "Gold", "auth_amount_2": "9"}), PROFILE)
    assert notice.card_brand == "Visa"
    assert not {"card_type_name", "auth_amount_2", SIGNATURE} & notice.payload.keys()


# --- one text, cut into fields in another way


def declined(forename: str) -> dict[str, str]:
    """A declined payment of somebody who calls himself so."""
    return signed(ACCEPTED | {"req_bill_to_forename": forename, "decision": "DECLINE", "reason_code": "203", "message": "No."})


@given(st.lists(st.sampled_from(["", "Pat", ",", "=", "1", "001", "decision"]), min_size=3, max_size=3), st.booleans())
def test_a_payer_whose_name_holds_fields_is_not_believed_to_have_paid(words: list[str], repeats: bool) -> None:
    """The signature fits two readings of such a reply: declined, as meant, and accepted. Neither is believed."""
    surname, number, kind = words
    planted = {"req_bill_to_surname": surname, "req_card_number": number, "req_card_type": kind, "decision": "ACCEPT", "reason_code": "100"}
    told = declined("Pat" + "".join(f",{name}={value}" for name, value in planted.items()) * (1 + repeats) + ",message=")
    readings = [reading for reading in cuts(told) if reading["decision"] in ("DECLINE", "ACCEPT")]
    assert {reading["decision"] for reading in readings} == {"DECLINE", "ACCEPT"}
    assert {refusal(reading | {SIGNATURE: told[SIGNATURE]}) for reading in readings} == {"fields_ambiguous"}


def test_a_name_with_commas_and_signs_is_a_name() -> None:
    assert read_reply(message(declined("Pat, a=b, decision = 1")), PROFILE).payer_name == "Pat, a=b, decision = 1 Example"


def cuts(form: dict[str, str]) -> list[dict[str, str]]:
    """Every way to read the signed text as values of its names in their order, up to a number of them."""
    names = form[NAMES].split(",")
    found: list[dict[str, str]] = []

    def read(rest: str, left: list[str], read_so_far: dict[str, str]) -> None:
        value = rest.removeprefix(f"{left[0]}=")
        if len(left) == 1:
            found.append(read_so_far | {left[0]: value})
            return
        beginning, at = f",{left[1]}=", -1
        while (at := value.find(beginning, at + 1)) >= 0 and len(found) < 200:
            read(value[at + 1 :], left[1:], read_so_far | {left[0]: value[:at]})

    read(",".join(f"{name}={form[name]}" for name in names), names, {})
    return found
