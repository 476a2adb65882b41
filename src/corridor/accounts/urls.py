from urllib.parse import urlsplit

from allauth.account import urls as account
from allauth.mfa import urls as mfa
from allauth.socialaccount import urls as social
from django.conf import settings
from django.http import HttpRequest
from django.urls import include, path

from . import pages, provider, single_sign_on
from .transactions import leading_out, whole

issuer = urlsplit(settings.CONFIG.oidc_issuer or "")


def elsewhere(request: HttpRequest) -> str:
    """Where signing in may end: at the identity provider, or at the system that waits for whoever signs in."""
    known = f"{issuer.scheme}://{issuer.netloc}" if issuer.netloc else ""
    return " ".join(filter(None, (known, provider.who_waits(request))))


urlpatterns = [
    path("", pages.overview, name="account"),
    path("profile/", pages.profile, name="account_profile"),
    path("", include(leading_out(whole(account.urlpatterns), elsewhere))),
    path("2fa/", include(leading_out(whole(mfa.urlpatterns), elsewhere))),
    path("3rdparty/", include(whole(social.urlpatterns[:3]))),
    path("oidc/<slug:provider_id>/login/", single_sign_on.begin, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", single_sign_on.come_back, name="openid_connect_callback"),
    path("oidc/<slug:provider_id>/backchannel-logout/", single_sign_on.told_to_sign_out, name="backchannel_logout"),
    path("sessions/", pages.places, name="usersessions_list"),
]
