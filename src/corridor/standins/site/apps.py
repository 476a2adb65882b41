from django.apps import AppConfig


class StandIn(AppConfig):
    """A stand-in is a folder beside this one with an `apps.py`: an AppConfig of this kind with `default = True`, `urls.py`, and tables if it needs some."""

    place = ""  # the prefix below which it is served
    first_page = ""  # below that, what a person opens first


class SiteConfig(AppConfig):
    default = True
    name = "corridor.standins.site"
    label = "standins"
