"""Addresses of the embedded identity provider: allauth's, but for the page that asks a person."""

from allauth.idp import urls as idp
from allauth.idp.oidc import views
from django.conf import settings
from django.urls import URLPattern, URLResolver

from . import provider
from .transactions import always_whole, replaced, whole

app_name = "idp"
urlpatterns: list[URLPattern | URLResolver] = []
if settings.IDP_OIDC_PRIVATE_KEY:
    urlpatterns += whole(replaced(idp.urlpatterns, {views.authorization: always_whole(provider.authorization)}))
