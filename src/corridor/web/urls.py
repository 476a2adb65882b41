from django.urls import path

from . import pages

urlpatterns = [path("theme", pages.set_theme, name="theme")]
