"""Prices from what people write of them."""

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from corridor.learn.ingest.records import PriceRecord
from corridor.learn.ingest.source import Rejected

_CURRENCIES = frozenset(
    re.findall(
        r"\w+",
        "AED ARS AUD BDT BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP GHS HKD HUF IDR ILS INR JPY KES KRW LKR MAD MXN MYR NGN NOK NZD "
        "PEN PHP PKR PLN RON RUB SAR SEK SGD THB TRY TWD UAH USD UYU VND ZAR",
    )
)
_SIGNS = {
    "US$": "USD",
    "A$": "AUD",
    "C$": "CAD",
    "R$": "BRL",
    "HK$": "HKD",
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "₩": "KRW",
}
_SIGN = "|".join(re.escape(sign) for sign in _SIGNS)
_AMOUNT = r"\d{1,3}(?:[,.  ']\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_PRICE = re.compile(
    rf"(?<![\w.])(?P<sign>{_SIGN})?\s*(?:(?P<before>[A-Z]{{3}})\s*)?(?P<amount>{_AMOUNT})(?![\d%])\s*(?:(?P<after>[A-Z]{{3}})\b|(?P<last>{_SIGN}))?"
)
_FREE = re.compile(r"\b(?:free|gratis|gratuito|gratuit|kostenlos|no cost|no charge)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\+?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,4})?", re.ASCII)  # as a program writes it: what is behind the point is a fraction
_THOUSANDS = re.compile(r"[1-9]\d{0,2}\.\d{3}")  # as a person does
_BELOW_NOTHING = re.compile(rf"(?:{_SIGN}|[A-Z]{{3}})?\s?[-−](?:{_SIGN})?\d")
_LARGEST, _CENT = Decimal(10) ** 10, Decimal("0.01")


def prices(value: str | int | float | Decimal | None, currency: str = "USD") -> tuple[PriceRecord, ...]:
    """Every price that a text names, least first: "Free, certificate for $49" is 0 and 49 USD. Nothing where it names none.

    `currency` is that of bare numbers. A code that is no currency counts as US dollars. Raises Rejected for less than nothing.
    """
    return () if value is None or isinstance(value, bool) else _prices(str(value).strip(), isinstance(value, str), currency)


@lru_cache(maxsize=1 << 12)  # a catalogue has few prices, and gives them many times
def _prices(text: str, written: bool, currency: str) -> tuple[PriceRecord, ...]:
    if _BELOW_NOTHING.match(text):
        raise Rejected(f"the price {text[:40]} is less than nothing")
    if _NUMBER.fullmatch(text) and not (written and _THOUSANDS.fullmatch(text)):
        return _of_number(Decimal(text), known_currency(currency))
    found = {(Decimal(0), "USD")} if _FREE.search(text) else set()
    for match in _PRICE.finditer(text):
        if (amount := _amount(match["amount"])) is not None:
            found.add((amount, _currency(match, currency)))
    named = {code for amount, code in found if amount}
    if len(named) == 1:  # what is free is free in the currency of the rest
        found = {(amount, code if amount else next(iter(named))) for amount, code in found}
    return tuple(PriceRecord(amount=amount, currency=code) for amount, code in sorted(found))


def _of_number(amount: Decimal, currency: str) -> tuple[PriceRecord, ...]:
    return (PriceRecord(amount=amount.quantize(_CENT), currency=currency),) if amount < _LARGEST else ()


def known_currency(code: str | None) -> str:
    """An ISO code as it is; US dollars for anything else."""
    cleaned = (code or "").strip().upper()
    return cleaned if cleaned in _CURRENCIES else "USD"


def _currency(match: re.Match[str], default: str) -> str:
    for code in (match["before"], match["after"]):
        if code in _CURRENCIES:
            return str(code)
    sign = match["sign"] or match["last"]
    return _SIGNS[sign] if sign else known_currency(default)


def _amount(text: str) -> Decimal | None:
    """1,299.00 and 1.299,00 and 1299: a separator before three digits parts thousands, one before two parts cents."""
    whole, _, cents = re.fullmatch(r"(.*?)(?:([.,])(\d{1,2}))?", text).groups(default="")  # type: ignore[union-attr]  # it matches any text
    try:
        amount = Decimal(re.sub(r"\D", "", whole) + (f".{cents}" if cents else ""))
    except InvalidOperation:
        return None
    return amount if amount < _LARGEST else None
