"""What templates of the door need to know."""

from django.conf import settings
from django.http import HttpRequest


def sign_on(request: HttpRequest) -> dict[str, str]:
    """The name of the identity provider, where there is one."""
    return {"SIGN_ON": settings.CONFIG.oidc_name if settings.CONFIG.oidc_issuer else ""}
