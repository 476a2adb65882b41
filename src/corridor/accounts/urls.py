from allauth.account import urls as account
from allauth.mfa import urls as mfa
from allauth.usersessions import urls as sessions
from django.urls import include, path

from . import pages
from .transactions import whole

urlpatterns = [
    path("", pages.overview, name="account"),
    path("", include(whole(account.urlpatterns))),
    path("2fa/", include(whole(mfa.urlpatterns))),
    path("sessions/", include(whole(sessions.urlpatterns))),
]
