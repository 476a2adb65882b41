"""What somebody takes, told as the published versions do: prepared documents of runs, courses and programs with what is one's own."""

from collections.abc import Callable, Collection, Iterable, Mapping

import orjson

from corridor.kit.api.parameters import Json
from corridor.mitxonline.catalog.queries import bodies
from corridor.mitxonline.catalog.vocabulary import DocumentKind
from corridor.mitxonline.certificates.addresses import certificate_path
from corridor.mitxonline.certificates.models import Certificate, CourseRunGrade
from corridor.mitxonline.enrollments.queries import Taken, TakenProgram

Documents = Mapping[int, Json]
UNTOLD_IN_V3 = ("products", "approved_flexible_price_exists", "course")


def documents(kind: str, version: str, ids: Collection[int]) -> Documents:
    """By number, of those that there are. One query."""
    return {each["id"]: each for each in map(orjson.loads, bodies(kind, version, list(ids)))}


# --- runs


def rows(version: str, taken: Iterable[Taken]) -> list[Json]:
    """Enrollments in public runs, in the order given. Two queries at most."""
    found = list(taken)
    runs = documents(DocumentKind.RUN, "v1", [each.enrollment.course_run_id for each in found])
    wanted = {each.enrollment.course_run.course_id for each in found}
    courses: Documents = documents(DocumentKind.COURSE, "v2", wanted) if version != "v1" else {}
    return [row(version, each, runs[each.enrollment.course_run_id], courses) for each in found if each.enrollment.course_run_id in runs]


def row(version: str, taken: Taken, run: Json, courses: Documents) -> Json:
    told: Json = {
        "id": taken.enrollment.pk,
        "edx_emails_subscription": taken.enrollment.emails_subscribed,
        "certificate": certificate(taken.certificate),
        "enrollment_mode": taken.enrollment.mode,
        "grades": [grade(taken.grade)] if taken.grade else [],
        "run": RUN[version](run, courses),
    }
    if version != "v3":
        told["approved_flexible_price_exists"] = False
    if version != "v1":
        told |= {"b2b_organization_id": None, "b2b_contract_id": None}
    return told


def _run_v1(run: Json, courses: Documents) -> Json:
    return run


def _run_v2(run: Json, courses: Documents) -> Json:
    course = courses[run["course_id"]]
    return {**run, "b2b_contract": None, "course": {name: value for name, value in course.items() if name != "courseruns"}}


def _run_v3(run: Json, courses: Documents) -> Json:
    course, product = courses[run["course_id"]], next(iter(run["products"]), None)
    return {
        **{name: value for name, value in run.items() if name not in UNTOLD_IN_V3},
        "upgrade_product_id": product["id"] if product else None,
        "upgrade_product_price": product["price"] if product else None,
        "upgrade_product_is_active": product["is_active"] if product else None,
        "course": {name: course[name] for name in ("id", "title", "readable_id", "include_in_learn_catalog")} | {"type": "course"},
    }


RUN: Mapping[str, Callable[[Json, Documents], Json]] = {"v1": _run_v1, "v2": _run_v2, "v3": _run_v3}


def certificate(found: Certificate | None) -> Json | None:
    return {"uuid": str(found.uuid), "link": certificate_path(found)} if found else None


def grade(found: CourseRunGrade) -> Json:
    return {
        "grade": float(found.grade),
        "letter_grade": found.letter_grade or None,
        "passed": found.passed,
        "set_by_admin": found.set_by_admin,
        "grade_percent": float(found.grade * 100),
    }


# --- programs


def program_rows(version: str, programs: Iterable[TakenProgram], taken: Iterable[Taken]) -> list[Json]:
    """Enrollments in public programs with those in runs of their courses. Four queries at most."""
    found = list(programs)
    told = documents(DocumentKind.PROGRAM, version, [each.enrollment.program_id for each in found])
    runs = rows(version, taken)
    return [program_row(each, told[each.enrollment.program_id], runs) for each in found if each.enrollment.program_id in told]


def program_row(taken: TakenProgram, program: Json, runs: Iterable[Json]) -> Json:
    courses = _courses(program)
    return {
        "id": program["id"],
        "program": program,
        "enrollments": [each for each in runs if each["run"]["course_id"] in courses],
        "certificate": certificate(taken.certificate),
    }


def _courses(program: Json) -> frozenset[int]:
    """Of a program's document in either version."""
    parts = program["requirements"]
    if "courses" not in parts:
        return frozenset(parts["required"]) | frozenset(parts["electives"])
    return frozenset(each["id"] for name in ("required", "electives") for each in parts["courses"][name])


def simple_program_row(taken: TakenProgram) -> Json:
    program = taken.enrollment.program
    return {
        "id": program.pk,
        "program": {
            "id": program.pk,
            "title": program.title,
            "readable_id": program.readable_id,
            "program_type": program.program_type or None,
            "live": program.live,
            "display_mode": program.display_mode,
        },
        "certificate": certificate(taken.certificate),
        "enrollment_mode": taken.enrollment.mode,
    }
