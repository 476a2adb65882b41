"""What templates of every system draw with."""

from urllib.parse import urljoin

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from corridor.web import covers, maps

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """A sign from the sheet of icons. It says nothing to screen readers: words stand beside it."""
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>', static("web/icons.svg"), name)


@register.simple_tag
def static_address(path: str) -> str:
    """A static file with its origin, for those who read a page elsewhere."""
    return urljoin(f"{settings.CONFIG.base_url}/", static(path))


@register.simple_tag
def cover(kind: str, seed: object) -> SafeString:
    """The drawn cover of a thing."""
    return mark_safe(covers.cover(kind, str(seed)))  # noqa: S308 made of numbers alone


@register.simple_tag
def has_maps() -> bool:
    """Whether /architecture/ shows something."""
    return maps.published()


@register.simple_tag
def runs(system: str) -> bool:
    """Whether this deployment runs a system, so that its pages can be pointed at."""
    return system in settings.CONFIG.systems


@register.simple_tag
def portal() -> SafeString:
    """The sign of the house, large."""
    return mark_safe(covers.portal())  # noqa: S308 likewise
