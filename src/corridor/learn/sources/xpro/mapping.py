"""xPRO's courses and programs as records (pure)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from corridor.learn.catalog.vocabulary import CertificationType, Format, Pace, RelationType, ResourceType
from corridor.learn.ingest.parsing.addresses import joined, picture
from corridor.learn.ingest.parsing.commitments import weekly_hours
from corridor.learn.ingest.parsing.course_numbers import number_of_key
from corridor.learn.ingest.parsing.deliveries import delivery
from corridor.learn.ingest.parsing.durations import weeks
from corridor.learn.ingest.parsing.names import people
from corridor.learn.ingest.parsing.titles import is_deleted
from corridor.learn.ingest.records import ChildRecord, CourseNumberRecord, PriceRecord, ResourceRecord, RunRecord
from corridor.learn.ingest.source import RawRecord, Rejected, Skip
from corridor.learn.sources import olx

from .payloads import Course, CourseAndArchives, CourseRun, Offer, Program

PLATFORMS = {
    "emeritus": "emeritus", "global alumni": "globalalumni", "simplilearn": "simplilearn", "susskind": "susskind", "whu": "whu", "xpro": "xpro",
}  # fmt: skip


def to_record(raw: RawRecord, site: str, courseware: str) -> ResourceRecord:
    """`site` is where the pages lie, `courseware` where runs are taken."""
    if raw.kind == "course":
        return course_record(raw.key, raw.data, site, courseware)
    if raw.kind == "program":
        return program_record(raw.key, raw.data, site)
    raise Rejected("neither a course with runs nor a program")


def course_record(key: str, data: Any, site: str, courseware: str) -> ResourceRecord:
    given = CourseAndArchives.model_validate(data)
    course = given.course
    shared = offer_fields(course, site)
    sums = olx.checksums(given.archives)
    number = number_of_key(course.readable_id)
    return ResourceRecord(
        key=key,
        resource_type=ResourceType.COURSE,
        published=any(run.current_price is not None for run in course.courseruns),
        course_numbers=(CourseNumberRecord(value=number),) if number else (),
        runs=tuple(run_record(run, course, shared, sums.get(run.courseware_id, "")) for run in course.courseruns),
        content_files=olx.content_files(given.archives, courseware),
        **offer_identity(course),
        **shared,
    )


def run_record(run: CourseRun, course: Course, shared: dict[str, Any], checksum: str) -> RunRecord:
    own = {"title": run.title or course.title, "url": run.courseware_url or shared["url"], "image": None, "description": ""}
    return RunRecord(
        run_id=run.courseware_id,
        published=run.current_price is not None,
        start_date=run.start_date,
        end_date=run.end_date,
        enrollment_start=run.enrollment_start,
        enrollment_end=run.enrollment_end,
        year=run.start_date.year if run.start_date else None,
        prices=money(run.current_price),
        instructors=people(run.instructors),
        checksum=checksum,
        **{**shared, **own},
    )


def program_record(key: str, data: Any, site: str) -> ResourceRecord:
    program = Program.model_validate(data)
    shared = offer_fields(program, site)
    teaching = [*program.instructors, *(name for course in program.courses for run in course.courseruns for name in run.instructors)]
    published = program.current_price is not None
    return ResourceRecord(
        key=key,
        resource_type=ResourceType.PROGRAM,
        published=published,
        runs=(
            RunRecord(
                run_id=program.readable_id,
                published=published,
                start_date=program.start_date,
                end_date=program.end_date,
                enrollment_start=program.enrollment_start,
                enrollment_end=program.enrollment_end,
                prices=money(program.current_price),
                instructors=people(teaching),
                **shared,
            ),
        ),
        children=children(program.courses, shared),
        **offer_identity(program),
        **shared,
    )


def children(courses: Iterable[Course], shared: dict[str, Any]) -> tuple[ChildRecord, ...]:
    return tuple(
        ChildRecord(
            readable_id=course.readable_id,
            resource_type=ResourceType.COURSE,
            relation_type=RelationType.PROGRAM_COURSES,
            platform=platform(course.platform) if course.platform else "",
        )
        for course in courses
    )


def offer_identity(offer: Offer) -> dict[str, Any]:
    return {
        "readable_id": offer.readable_id,
        "platform": platform(offer.platform),
        "offered_by": "xpro",
        "topics": tuple(topic.rpartition(":")[2].strip() for topic in offer.topics),
        "professional": True,
        "certification": True,
        "certification_type": CertificationType.PROFESSIONAL,
        "continuing_ed_credits": offer.credits,
    }


def offer_fields(offer: Offer, site: str) -> dict[str, Any]:
    """What a course or program and its runs have alike."""
    if is_deleted(offer.title):
        raise Skip("its title says that it is deleted")
    found = delivery(offer.format)
    if found is None:
        raise Rejected(f"format {offer.format[:40]!r} is no known way of delivery")
    span, hours = weeks(offer.duration), weekly_hours(offer.time_commitment)
    return {
        "title": offer.title,
        "description": offer.description,
        "url": joined(site, offer.url or offer.external_marketing_url),
        "image": picture(site, offer.thumbnail_url, offer.title),
        "availability": offer.availability,
        "delivery": (found,),
        "format": (Format.ASYNCHRONOUS,),
        "pace": (Pace.SELF_PACED,),
        "duration": offer.duration,
        "time_commitment": offer.time_commitment,
        "min_weeks": offer.min_weeks or (span.least if span else None),
        "max_weeks": offer.max_weeks or (span.most if span else None),
        "min_weekly_hours": offer.min_weekly_hours or (hours.least if hours else None),
        "max_weekly_hours": offer.max_weekly_hours or (hours.most if hours else None),
    }


def platform(name: str) -> str:
    """The code of the platform that a name stands for; xPRO's own where none is named."""
    code = PLATFORMS.get(" ".join(name.split()).casefold()) if name else "xpro"
    if code is None:
        raise Rejected(f"platform {name[:40]!r} is not one that xPRO is known to use")
    return code


def money(amount: Decimal | None) -> tuple[PriceRecord, ...]:
    return () if amount is None else (PriceRecord(amount=amount),)
