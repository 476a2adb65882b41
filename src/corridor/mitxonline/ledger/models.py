from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from corridor.mitxonline.commerce.models import CURRENCY, CheckoutAttempt, Order, OrderLine, Refund, money

from .vocabulary import Account, CaseKind, NoticeOutcome, TransactionType

USER = settings.AUTH_USER_MODEL


class GatewayNotice(models.Model):
    """What a gateway said, or what pretended to be one; kept before anything is made of it. Only `outcome` is written later."""

    gateway = models.CharField(max_length=20)
    channel = models.CharField(max_length=10)  # browser, server, or look-up when we asked
    digest = models.CharField(max_length=64)  # of what identifies it: said again, it is the same
    attempt = models.ForeignKey(CheckoutAttempt, models.PROTECT, null=True, related_name="notices")
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="notices")
    reference_number = models.CharField(max_length=255, blank=True)
    transaction_id = models.CharField(max_length=255, blank=True)
    decision = models.CharField(max_length=10, blank=True)
    amount = money(null=True)
    currency = models.CharField(max_length=3, blank=True)
    payload = models.JSONField(default=dict)
    outcome = models.CharField(max_length=8, choices=NoticeOutcome.choices)
    said = models.TextField(blank=True)  # why it was refused, or what was found wrong
    occurred_at = models.DateTimeField(null=True)  # by the gateway's clock; none of what was refused
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["gateway", "digest"], condition=Q(outcome=NoticeOutcome.APPLIED), name="notice_applied_once")
        ]
        indexes = [models.Index(fields=["order", "id"], name="notices_of_order")]

    def __str__(self) -> str:
        return f"{self.gateway} {self.decision} {self.reference_number}: {self.outcome}"


class Transaction(models.Model):
    """A move of money, in postings whose sum is nothing: the trigger `transaction_balances` holds that at commit. Only ever added."""

    transaction_type = models.CharField(max_length=8, choices=TransactionType.choices)
    gateway = models.CharField(max_length=20, blank=True)  # none for what stays inside, such as a transfer or an order of nothing
    transaction_id = models.CharField(max_length=255)  # the gateway's
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="transactions")
    attempt = models.ForeignKey(CheckoutAttempt, models.PROTECT, null=True, related_name="transactions")
    refund = models.ForeignKey(Refund, models.PROTECT, null=True, related_name="transactions")
    amount = money()
    currency = models.CharField(max_length=3, default=CURRENCY)
    data = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    actor = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    occurred_at = models.DateTimeField()
    created_on = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["gateway", "transaction_id"], name="transaction_once"),
            models.UniqueConstraint(fields=["refund"], condition=Q(transaction_type=TransactionType.REFUND), name="refund_paid_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="transaction_positive"),
        ]
        indexes = [models.Index(fields=["order", "id"], name="transactions_of_order")]

    def __str__(self) -> str:
        return f"{self.transaction_type} {self.transaction_id}: {self.amount}"


class Posting(models.Model):
    """A transaction's part in one account. Sales are posted by line, and the trigger `line_sold_once` keeps each between its total and nothing."""

    transaction = models.ForeignKey(Transaction, models.PROTECT, related_name="postings")
    account = models.CharField(max_length=8, choices=Account.choices)
    line = models.ForeignKey(OrderLine, models.PROTECT, null=True, related_name="postings")
    amount = money()  # what we hold is positive, what we sold or owe negative

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(account=Account.SALES) ^ Q(line=None), name="sales_are_of_lines"),
            models.CheckConstraint(condition=~Q(amount=0), name="posting_moves_money"),
        ]
        indexes = [models.Index(fields=["line"], name="postings_of_line", condition=Q(line__isnull=False))]

    def __str__(self) -> str:
        return f"{self.account} {self.amount}"


class Case(models.Model):
    """Something about money that a person has to look at. `key` makes it one however often it is found."""

    kind = models.CharField(max_length=20, choices=CaseKind.choices)
    key = models.CharField(max_length=255)
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="cases")
    notice = models.ForeignKey(GatewayNotice, models.PROTECT, null=True, related_name="cases")
    transaction = models.ForeignKey(Transaction, models.PROTECT, null=True, related_name="cases")
    said = models.TextField()
    opened_on = models.DateTimeField(db_default=Now())
    closed_on = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint("kind", "key", name="case_once")]
        indexes = [models.Index(fields=["-id"], condition=Q(closed_on=None), name="cases_open")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
