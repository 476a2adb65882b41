"""Closed vocabularies of the ledger."""

from django.db import models


class Account(models.TextChoices):
    """Accounts of the ledger. What a gateway holds for us is positive; what we sold, and money that is nobody's yet, negative."""

    GATEWAY = "gateway", "Held by the gateway"
    SALES = "sales", "Sold"
    SUSPENSE = "suspense", "Money that matches no order"


class TransactionType(models.TextChoices):
    PAYMENT = "payment", "Payment"
    REFUND = "refund", "Refund"
    TRANSFER = "transfer", "Transfer between accounts"


class NoticeOutcome(models.TextChoices):
    """What became of what a gateway said."""

    APPLIED = "applied", "Applied"
    KNOWN = "known", "Said before"
    REFUSED = "refused", "Refused"
    CASE = "case", "For staff to look at"


class CaseKind(models.TextChoices):
    """What staff have to look at."""

    UNKNOWN_ORDER = "unknown_order", "Money for no order of ours"
    AMOUNT_DIFFERS = "amount_differs", "Another amount or currency than was asked for"
    PAID_TWICE = "paid_twice", "Paid twice; one payment goes back"
    BOUGHT_BEFORE = "bought_before", "Paid for what the learner had; it goes back"
    CODE_GONE = "code_gone", "Paid at the price of a code that others have used up"
    NOTICE_REFUSED = "notice_refused", "A notification that is not the gateway's, or is altered"
    REFUND_REFUSED = "refund_refused", "A refund that the gateway refuses"
    REFUND_UNKNOWN = "refund_unknown", "A refund at the gateway that is not in the ledger"
    REFUND_BOUNCED = "refund_bounced", "A refund that came back to the gateway"
    DISPUTE = "dispute", "The payer disputes a payment"
