"""The addresses of the published operations."""

from typing import Any

from django.urls import URLPattern

from corridor.kit.api.routes import operation
from corridor.kit.api.views import Reading
from corridor.mitxonline.catalog.vocabulary import DocumentKind

from . import buying, catalog, certificates, courseware, enrollments, people, records
from .shapes import courses, departments, programs


def listed(tag: str, view: type[Reading], names: tuple[str, str], *, key: str = "int", **declared: Any) -> list[URLPattern]:
    """A list and its rows."""
    return [
        operation(f"{tag}/", view, names[0], tag, **declared),
        operation(f"{tag}/<{key}:id>/", catalog.Detail, names[1], tag, **declared),
    ]


v0: list[URLPattern] = [*buying.v0, *people.v0]
v1: list[URLPattern] = [
    *enrollments.v1,
    *listed(
        "courses", catalog.CourseListV1, ("api_v1_courses_list", "api_v1_courses_retrieve"),
        kind=DocumentKind.COURSE, version="v1", shape=courses.V1CourseWithCourseRuns,
    ),
    *listed(
        "course_runs", catalog.RunList, ("course_runs_list", "course_runs_retrieve"),
        kind=DocumentKind.RUN, version="v1", shape=courses.V1CourseRunWithCourse,
    ),
    *listed(
        "programs", catalog.ProgramListV1, ("programs_list_v1", "programs_retrieve_v1"),
        kind=DocumentKind.PROGRAM, version="v1", shape=programs.V1Program,
    ),
    *listed(
        "departments", catalog.Whole, ("departments_list_v1", "departments_retrieve_v1"),
        kind=DocumentKind.DEPARTMENT, version="v1", shape=departments.DepartmentWithCount,
    ),
]  # fmt: skip
v2: list[URLPattern] = [
    *enrollments.v2,
    *listed(
        "courses", catalog.CourseListV2, ("api_v2_courses_list", "api_v2_courses_retrieve"),
        key="str", kind=DocumentKind.COURSE, shape=courses.CourseWithCourseRunsSerializerV2,
    ),
    *listed(
        "programs", catalog.ProgramListV2, ("programs_list_v2", "programs_retrieve_v2"),
        key="str", kind=DocumentKind.PROGRAM, shape=programs.V2ProgramDetail,
    ),
    *listed(
        "departments", catalog.Whole, ("departments_list_v2", "departments_retrieve_v2"),
        kind=DocumentKind.DEPARTMENT, shape=departments.DepartmentWithCoursesAndPrograms,
    ),
    *listed(
        "program-collections", catalog.Paged, ("program_collections_list", "program_collections_retrieve"),
        kind=DocumentKind.COLLECTION, shape=programs.V2ProgramCollection,
    ),
    *certificates.v2,
]  # fmt: skip
v3: list[URLPattern] = [
    *enrollments.v3,
    *courseware.v3,
    operation("courses/variant_runs/", catalog.VariantRuns, "course_variant_runs_v3", "courses", shape=courses.CourseVariantRunsResponse),
]
VERSIONS = {"v0": v0, "v1": v1, "v2": v2, "v3": v3, "records": records.records}
