"""What can fail to agree."""

from django.db import models


class FindingKind(models.TextChoices):
    PAID_UNSEATED = "paid_unseated", "Paid, but not enrolled"
    NOT_IN_COURSEWARE = "not_in_courseware", "Enrolled here, but not in the courseware"
    NOT_IN_LEDGER = "not_in_ledger", "At the gateway, but not in the ledger"
    NOT_AT_GATEWAY = "not_at_gateway", "In the ledger, but not at the gateway"
    RIGHT_UNUSED = "right_unused", "A right to the verified track without the enrollment"
    SEAT_UNCOVERED = "seat_uncovered", "A verified enrollment without the right to it"
    CODE_MISCOUNTED = "code_miscounted", "A code's use that its order does not bear out"
    CERTIFICATE_DUE = "certificate_due", "A certificate earned, but not issued"
    BOOKS = "books", "A rule of the books that does not hold"
    ORDER_STATE = "order_state", "An order's state is not what the ledger makes of it"


# What cannot be compared without asking the courseware or a gateway, which takes its time.
ASKING_OTHERS = frozenset({FindingKind.NOT_IN_COURSEWARE, FindingKind.NOT_IN_LEDGER, FindingKind.NOT_AT_GATEWAY})
