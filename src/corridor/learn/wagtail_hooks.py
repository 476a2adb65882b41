"""What Learn brings into Wagtail's console; Wagtail looks for it under this name."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLResolver, include, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from corridor.web.console.access import permissions

from .console import actions, menu
from .console.access import May
from .console.pages import home, tuning


@hooks.register("register_admin_urls")
def addresses() -> list[URLResolver]:
    return [path("", include("corridor.learn.console.urls"))]


@hooks.register("register_admin_viewset")
def viewsets() -> list[Any]:
    return [tuning.resource_chooser, tuning.synonyms, tuning.boosts]  # the forms of those after the chooser use it


@hooks.register("construct_main_menu")
def main_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    items += [submenu for submenu in menu.submenus() if submenu.is_shown(request)]


@hooks.register("register_permissions")
def grantable() -> Any:
    return permissions(May)


@hooks.register("register_log_actions")
def log_actions(registry: Any) -> None:
    for code, label in actions.LOGGED.items():
        registry.register_action(code, label, label)


@hooks.register("construct_homepage_panels")
def home_panels(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(home.CataloguePanel(request))


@hooks.register("insert_global_admin_css")
def stylesheet() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("learn/console.css"))
