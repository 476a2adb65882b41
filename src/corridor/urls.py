from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from wagtail.admin import urls as console

from corridor.kit.api import docs
from corridor.kit.mail import pages as mail

urlpatterns: list[URLPattern | URLResolver] = [
    path("cms/", include(console)),
    path("api/docs/", docs.page, name="api-docs"),
    path("api/schema/<slug:name>.json", docs.document, name="api-schema"),
    path("accounts/", include("corridor.accounts.urls")),
    path("realms/corridor/", include("corridor.accounts.realm")),
    path("mail/", mail.listing, name="mail"),
    path("mail/<slug:id>", mail.show, name="mail-letter"),
    path("", include("corridor.web.urls")),
    *(path("", include(f"corridor.{system}.urls")) for system in settings.CONFIG.systems if find_spec(f"corridor.{system}.urls")),
]

handler400 = "corridor.kit.problems.bad_request"
handler403 = "corridor.kit.problems.forbidden"
handler404 = "corridor.kit.problems.not_found"
handler500 = "corridor.kit.problems.failure"
