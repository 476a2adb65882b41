"""The addresses of MITx Online, all below one prefix."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.urls.converters import StringConverter
from django.views.generic import RedirectView

from .api import enrollments, routes
from .catalog import pages as catalog
from .catalog.models import READABLE_ID
from .certificates.urls import patterns as certificates
from .commerce.urls import patterns as commerce
from .dashboard.urls import patterns as dashboard
from .enrollments.urls import patterns as enrolling
from .openedx.urls import patterns as openedx

PREFIX = "mitxonline/"


class ReadableIdConverter(StringConverter):
    """What the tables take for a readable id, and nothing else."""

    regex = READABLE_ID.strip("^$")


register_converter(ReadableIdConverter, "readable_id")

api: list[URLPattern | URLResolver] = [
    path(f"{PREFIX}api/{version}/", include((patterns, f"mitxonline-{version}"))) for version, patterns in routes.VERSIONS.items()
]
api.append(path(PREFIX, include((enrollments.by_form, "mitxonline-forms"))))

pages: list[URLPattern | URLResolver] = [
    path(f"{PREFIX}api/", include(openedx)),
    path(PREFIX, catalog.catalogue),
    path(f"{PREFIX}courses/<readable_id:readable_id>/", catalog.course),
    path(f"{PREFIX}programs/<readable_id:readable_id>/", catalog.program),
    path(f"{PREFIX}sitemap.xml", catalog.sitemap),
    path(f"{PREFIX}enroll/", include(enrolling)),
    path(f"{PREFIX}dashboard/", include(dashboard)),
    path(f"{PREFIX}certificate/", include(certificates)),
    path(f"{PREFIX}records/", include("corridor.mitxonline.records.urls")),
    path(PREFIX, include(commerce)),
]

# What lies at the root where no other system has it.
root: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(url=f"/{PREFIX}")),
    path("robots.txt", catalog.robots),
]

urlpatterns = [*api, *pages, *([] if "learn" in settings.CONFIG.systems else root)]
