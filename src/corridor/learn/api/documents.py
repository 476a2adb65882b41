"""The OpenAPI documents of Learn, by version."""

from django.urls import include, path

from corridor.kit.api.documents import Published

from . import routes

DESCRIPTION = (
    "Finds and describes courses, programs and other things to learn from. Everything here is public and read with GET. "
    "Parameters that are not listed, and values that a parameter does not take, are answered with 400 and what is wrong with each."
)
PUBLISHED = {
    "v1": Published("Learn API", "1.0.0 (v1)", DESCRIPTION, [path("api/v1/", include(routes.v1))]),
    "v0": Published(
        "Learn API", "1.0.0 (v0)", f"{DESCRIPTION} Operations of this version may change.", [path("api/v0/", include(routes.v0))]
    ),
}
