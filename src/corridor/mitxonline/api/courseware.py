"""What the courseware tells of its runs, for who looks at a course before taking it."""

from typing import Any, ClassVar

from django.http import HttpRequest
from django.urls import URLPattern

from corridor.kit.api.parameters import Asked
from corridor.kit.api.routes import operation
from corridor.kit.api.views import Reading
from corridor.mitxonline.openedx import outlines

from .shapes.courseware import CourseOutlineResponse


class Outline(Reading):
    """The chapters of a run and what is in them, as the courseware had them within the last minutes."""

    shape = CourseOutlineResponse
    refusals: ClassVar[tuple[int, ...]] = (404, 502, 503)
    cache_control: ClassVar[str] = "public, max-age=300"

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        return outlines.outline(path["course_id"])


v3: list[URLPattern] = [operation("courses/<str:course_id>/ol_openedx_outline/", Outline, "course_outline_retrieve_v3", "courses")]
