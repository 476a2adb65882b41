"""Filters that put values into the words and forms of people."""

from decimal import Decimal
from urllib.parse import urlsplit

import nh3
from django import template
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

TAGS = {"a", "b", "blockquote", "br", "cite", "code", "em", "hr", "i", "li", "ol", "p", "pre", "q", "small", "strong", "sub", "sup", "ul"}


@register.filter
def thousands(number: int | None) -> str:
    return f"{number or 0:,}"


@register.filter
def dollars(amount: Decimal | None) -> str:
    """An amount in US dollars, to the cent; its minus stands before the sign."""
    told = amount or Decimal(0)
    return f"{'−' if told < 0 else ''}${abs(told):,.2f}"


@register.filter
def prose(text: str | None) -> SafeString:
    """Text of others as HTML: harmless tags alone if it has tags, else a paragraph for each of its own."""
    if not text:
        return SafeString()
    if "<" not in text:
        return mark_safe(linebreaks(text, autoescape="&" not in text))  # noqa: S308 - it has no tags
    return mark_safe(nh3.clean(text, tags=TAGS, url_schemes={"http", "https", "mailto"}))  # noqa: S308 - cleaned


@register.filter
def path(address: str | None) -> str:
    """An address of this site without its origin."""
    return urlsplit(address or "").path


@register.filter
def web_address(address: str) -> str:
    """The address if it leads to the web, else nothing."""
    return address if address.startswith(("https://", "http://")) else ""
