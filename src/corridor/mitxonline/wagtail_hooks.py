"""What MITx Online brings into Wagtail's console; Wagtail looks for it under this name."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLResolver, include, path
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from corridor.web.console.access import permissions

from .console import menu
from .console.access import May
from .console.pages import home


@hooks.register("register_admin_urls")
def addresses() -> list[URLResolver]:
    return [path("mitxonline/", include("corridor.mitxonline.console.urls"))]


@hooks.register("construct_main_menu")
def main_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    items += [submenu for submenu in menu.submenus() if submenu.is_shown(request)]


@hooks.register("construct_homepage_panels")
def home_panels(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(home.RegistrarPanel(request))


@hooks.register("register_permissions")
def grantable() -> Any:
    return permissions(May)
