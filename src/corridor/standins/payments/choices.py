"""What a payer can choose on the page to pay, and what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from .models import Service, Stage


@dataclass(frozen=True)
class Choice:
    label: str
    stage: Stage
    reason: str  # CyberSource's reason_code, Stripe's decline code
    message: str
    brand: str = "001"
    last4: str = "1111"
    method: str = "card"


APPROVED = "Request was processed successfully."
CHOICES: Mapping[str, Mapping[str, Choice]] = {
    Service.CYBERSOURCE: {
        "accepted": Choice("Visa 4111 1111 1111 1111: accepted", Stage.ACCEPTED, "100", APPROVED),
        "declined": Choice("Visa 4000 0000 0000 0002: declined", Stage.DECLINED, "203", "General decline of the card.", last4="0002"),
        "review": Choice("Mastercard 5555 5555 5555 4480: held for review", Stage.REVIEW, "480", "Held for review.", "002", "4480"),
        "error": Choice("American Express 3700 000000 00150: error", Stage.ERROR, "150", "General system failure.", "003", "0150"),
        "partly": Choice("Visa 4000 0000 0000 0110: half of it approved", Stage.ACCEPTED, "110", "Approved in part.", last4="0110"),
        "paypal": Choice("PayPal: accepted", Stage.ACCEPTED, "100", APPROVED, "", "", "paypal"),
    },
    Service.STRIPE: {
        "accepted": Choice("Visa 4242 4242 4242 4242: accepted", Stage.ACCEPTED, "", "", "visa", "4242"),
        "declined": Choice("Visa 4000 0000 0000 0002: declined", Stage.OPEN, "card_declined", "Your card was declined.", "visa", "0002"),
        "bank": Choice("Bank debit: the bank says later", Stage.PENDING, "", "", "", "6789", "us_bank_account"),
    },
}
