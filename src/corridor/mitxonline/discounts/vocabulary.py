"""Closed vocabularies of discounts, with the codes of the published API."""

from django.db import models


class DiscountType(models.TextChoices):
    PERCENT_OFF = "percent-off", "Percent off"
    DOLLARS_OFF = "dollars-off", "Dollars off"
    FIXED_PRICE = "fixed-price", "Fixed price"


class RedemptionType(models.TextChoices):
    ONE_TIME = "one-time", "Once"
    ONE_TIME_PER_USER = "one-time-per-user", "Once for each person"
    UNLIMITED = "unlimited", "Any number of times"


class PaymentType(models.TextChoices):
    MARKETING = "marketing", "Marketing"
    SALES = "sales", "Sales"
    FINANCIAL_ASSISTANCE = "financial-assistance", "Financial assistance"
    CUSTOMER_SUPPORT = "customer-support", "Customer support"
    STAFF = "staff", "Staff"
    LEGACY = "legacy", "Legacy"


class RedemptionState(models.TextChoices):
    RESERVED = "reserved", "Reserved by an order that is not paid yet"
    REDEEMED = "redeemed", "Redeemed"
    RELEASED = "released", "Released"
