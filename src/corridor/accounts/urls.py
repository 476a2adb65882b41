from allauth.account import urls as account
from allauth.mfa import urls as mfa
from django.urls import include, path

from . import pages
from .transactions import whole

urlpatterns = [
    path("", pages.overview, name="account"),
    path("profile/", pages.profile, name="account_profile"),
    path("", include(whole(account.urlpatterns))),
    path("2fa/", include(whole(mfa.urlpatterns))),
    path("sessions/", pages.places, name="usersessions_list"),
]
