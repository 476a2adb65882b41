"""What all systems' pages in Wagtail's console have in common; Wagtail looks for it under this name."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks


@hooks.register("insert_global_admin_css")
def stylesheet() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("web/console.css"))
