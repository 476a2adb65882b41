"""What templates of MITx Online ask about buying."""

from typing import Any

from django import template

from corridor.mitxonline.commerce import carts

register = template.Library()


@register.simple_tag(takes_context=True)
def in_cart(context: Any) -> int:
    """How much is in the cart of whoever looks. Pages that tell of a problem have no context and ask nothing."""
    return carts.count(context["request"]) if "user" in context else 0
