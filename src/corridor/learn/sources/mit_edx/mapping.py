"""edX's courses and programs as records (pure)."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from corridor.learn.catalog.vocabulary import Availability, CertificationType, Delivery, Format, Pace, RelationType, ResourceType
from corridor.learn.ingest.parsing.addresses import picture
from corridor.learn.ingest.parsing.course_numbers import department_of, number_of_key
from corridor.learn.ingest.parsing.languages import language
from corridor.learn.ingest.parsing.levels import level
from corridor.learn.ingest.parsing.names import people
from corridor.learn.ingest.parsing.prices import known_currency
from corridor.learn.ingest.parsing.terms import term
from corridor.learn.ingest.parsing.titles import is_deleted
from corridor.learn.ingest.records import (
    ChildRecord,
    CourseNumberRecord,
    ImageRecord,
    InstructorRecord,
    PriceRecord,
    ResourceRecord,
    RunRecord,
)
from corridor.learn.ingest.source import RawRecord, Rejected, Skip
from corridor.learn.sources import olx

from .payloads import Course, CourseAndArchives, CourseRun, Image, ListedCourse, Owner, Person, Program, ProgramAndCourses

SITE = re.compile(r"https?://(?:www\.)?edx\.org/\S+")
CERTIFYING_SEATS = frozenset({"verified", "professional", "no-id-professional", "credit", "masters", "executive-education"})
PACES = {"self_paced": Pace.SELF_PACED, "instructor_paced": Pace.INSTRUCTOR_PACED}
EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Site:
    owners: Collection[str]  # keys of the organizations whose entries are ours
    courseware: str  # where runs are taken


def to_record(raw: RawRecord, site: Site) -> ResourceRecord:
    if raw.kind == "course":
        return course_record(raw.key, raw.data, site)
    if raw.kind == "program":
        return program_record(raw.key, raw.data, site)
    raise Rejected("neither a course with runs nor a program")


def course_record(key: str, data: Any, site: Site) -> ResourceRecord:
    given = CourseAndArchives.model_validate(data)
    course = given.course
    refuse_unwanted(course.title, course.owners, site)
    sums = olx.checksums(given.archives)
    shown = [run for run in course.course_runs if is_published(run)]
    certification = any(earns_certificate(run) for run in shown)
    return ResourceRecord(
        key=key,
        readable_id=course.key,
        resource_type=ResourceType.COURSE,
        platform="edx",
        offered_by="mitx",
        title=course.title,
        description=course.short_description or course.full_description,
        full_description=course.full_description,
        url=course_url(course, site),
        image=image(course.image, course.title),
        published=bool(shown),
        last_modified=course.modified,
        topics=course.subjects,
        departments=departments([course]),
        course_numbers=course_numbers(course),
        languages=tuple(dict.fromkeys(code for run in shown if (code := language(run.content_language)))),
        availability=availability(shown),
        delivery=(Delivery.ONLINE,),
        format=(Format.ASYNCHRONOUS,),
        pace=tuple(pace_of(run) for run in shown) or (Pace.SELF_PACED,),
        certification=certification,
        certification_type=CertificationType.COMPLETION if certification else CertificationType.NONE,
        runs=tuple(run_record(run, course, sums.get(run.key, "")) for run in course.course_runs),
        content_files=olx.content_files(given.archives, site.courseware),
    )


def run_record(run: CourseRun, course: Course, checksum: str) -> RunRecord:
    named = term(run.key.rpartition("+")[2])
    return RunRecord(
        run_id=run.key,
        title=run.title or course.title,
        description=run.short_description,
        full_description=run.full_description,
        url=bare(run.marketing_url),
        image=image(run.image, run.title),
        published=is_published(run),
        last_modified=run.modified,
        languages=(code,) if (code := language(run.content_language)) else (),
        level=(found,) if (found := level(run.level_type)) else (),
        semester=named.semester,
        year=named.year or (run.start.year if run.start else None),
        start_date=run.start,
        end_date=run.end,
        enrollment_start=run.enrollment_start,
        enrollment_end=run.enrollment_end,
        availability=run_availability(run),
        delivery=(Delivery.ONLINE,),
        format=(Format.ASYNCHRONOUS,),
        pace=(pace_of(run),),
        prices=run_prices(run),
        instructors=instructors(run.staff),
        checksum=checksum,
        **pensum(run.weeks_to_complete, run.min_effort, run.max_effort),
    )


def program_record(key: str, data: Any, site: Site) -> ResourceRecord:
    given = ProgramAndCourses.model_validate(data)
    program = given.program
    refuse_unwanted(program.title, program.authoring_organizations, site)
    if program.status != "active":
        raise Skip(f"the program is {program.status or 'not active'}")
    if "micromasters" in program.type.casefold():
        raise Skip("a MicroMasters program, which has a catalogue of its own")
    runs = [run for course in program.courses for run in course.course_runs]
    shown = [run for run in runs if is_published(run)]
    listed = [given.listed[course.key] for course in program.courses if course.key in given.listed]
    certification = CertificationType.PROFESSIONAL if "professional" in program.type.casefold() else CertificationType.COMPLETION
    cover = program.card_image_url or next((size.url for size in program.banner_image.values()), "")
    shared: dict[str, Any] = {
        "title": program.title,
        "description": program.subtitle or program.marketing_hook,
        "url": bare(program.marketing_url),
        "image": picture("", cover, program.title),
        "published": bool(shown),
        "availability": availability(shown),
        "delivery": (Delivery.ONLINE,),
        "format": (Format.ASYNCHRONOUS,),
        "pace": tuple(pace_of(run) for run in shown) or (Pace.SELF_PACED,),
        "last_modified": program.data_modified_timestamp,
        **pensum(weeks_together(program), *effort_on_average(listed)),
    }
    return ResourceRecord(
        key=key,
        readable_id=program.uuid,
        resource_type=ResourceType.PROGRAM,
        platform="edx",
        offered_by="mitx",
        departments=departments(program.courses),
        topics=tuple(topic for course in listed for topic in course.subjects),
        certification=True,
        certification_type=certification,
        runs=(
            RunRecord(
                run_id=program.uuid,
                start_date=min((run.start for run in runs if run.start), default=None),
                end_date=max((run.end for run in runs if run.end), default=None),
                enrollment_start=min((run.enrollment_start for run in runs if run.enrollment_start), default=None),
                enrollment_end=max((run.enrollment_end for run in runs if run.enrollment_end), default=None),
                prices=price_together(program),
                instructors=instructors(person for course in listed for person in course.staff),
                **shared,
            ),
        ),
        children=tuple(
            ChildRecord(readable_id=course.key, resource_type=ResourceType.COURSE, relation_type=RelationType.PROGRAM_COURSES)
            for course in dict.fromkeys(program.courses)
        ),
        **shared,
    )


def refuse_unwanted(title: str, owners: Iterable[Owner], site: Site) -> None:
    keys = {owner.key for owner in owners}
    if keys.isdisjoint(site.owners):
        raise Skip(f"belongs to {', '.join(sorted(keys)) or 'nobody'}")
    if is_deleted(title):
        raise Skip("its title says that it is deleted")


def is_published(run: CourseRun) -> bool:
    return run.status == "published" and run.is_enrollable


def is_archived(run: CourseRun) -> bool:
    return run.availability.casefold() == "archived"


def earns_certificate(run: CourseRun) -> bool:
    """Whether a certificate can be had; a run that names no seats is believed to have one."""
    return not is_archived(run) and (not run.seats or any(seat.type in CERTIFYING_SEATS for seat in run.seats))


def pace_of(run: CourseRun) -> Pace:
    return PACES.get(run.pacing_type, Pace.SELF_PACED)


def run_availability(run: CourseRun) -> Availability:
    """Archived runs, and those at one's own pace that have begun, can be taken at any time."""
    begun = run.availability.casefold() == "current"
    return Availability.ANYTIME if is_archived(run) or (begun and pace_of(run) is Pace.SELF_PACED) else Availability.DATED


def availability(shown: Collection[CourseRun]) -> Availability | None:
    kinds = {run_availability(run) for run in shown}
    return None if not kinds else Availability.DATED if Availability.DATED in kinds else Availability.ANYTIME


def run_prices(run: CourseRun) -> tuple[PriceRecord, ...]:
    """Nothing, for auditing, and the price of each seat."""
    amounts = {(Decimal(0), "USD"), *((seat.price, known_currency(seat.currency)) for seat in run.seats)}
    return tuple(PriceRecord(amount=amount, currency=currency) for amount, currency in sorted(amounts))


def price_together(program: Program) -> tuple[PriceRecord, ...]:
    """The sum over the courses of the cheapest paid seat in the earliest published run; unknown when a course has none."""
    total, currencies = Decimal(0), set()
    for course in program.courses:
        runs = sorted((run for run in course.course_runs if is_published(run)), key=lambda run: run.start or EARLIEST)
        paid = [(seat.price, known_currency(seat.currency)) for seat in (runs[0].seats if runs else ()) if seat.price]
        if not paid:
            return ()
        price, currency = min(paid)
        total += price
        currencies.add(currency)
    return (PriceRecord(amount=total, currency=currencies.pop()),) if len(currencies) == 1 else ()


def weeks_together(program: Program) -> int | None:
    """Weeks of all courses after one another, each as long as its newest run."""
    newest = (max(course.course_runs, key=lambda run: run.start or EARLIEST, default=None) for course in program.courses)
    return sum(run.weeks_to_complete for run in newest if run and run.weeks_to_complete and run.weeks_to_complete > 0) or None


def effort_on_average(listed: Collection[ListedCourse]) -> tuple[int | None, int | None]:
    return tuple(round(sum(known) / len(known)) if known else None for known in (  # type: ignore[return-value]  # two of them
        [course.min_effort for course in listed if course.min_effort], [course.max_effort for course in listed if course.max_effort]
    ))  # fmt: skip


def pensum(weeks: int | None, least: int | None, most: int | None) -> dict[str, Any]:
    """Duration and weekly hours, as numbers and as people read them."""
    known = sorted({number for number in (least, most) if number is not None})
    return {
        "duration": "" if weeks is None else f"{weeks} week{'' if weeks == 1 else 's'}",
        "time_commitment": f"{'-'.join(map(str, known))} hours per week" if known else "",
        "min_weeks": weeks,
        "max_weeks": weeks,
        "min_weekly_hours": known[0] if known else None,
        "max_weekly_hours": known[-1] if known else None,
    }


def course_url(course: Course, site: Site) -> str:
    """The course's page at edX, that of its newest run, or where the newest run is taken."""
    newest = sorted(course.course_runs, key=lambda run: run.start or EARLIEST, reverse=True)
    for address in (course.marketing_url, *(run.marketing_url for run in newest[:1])):
        if SITE.fullmatch(address):
            return bare(address)
    return f"{site.courseware.rstrip('/')}/{newest[0].key}/course/" if newest else ""


def bare(address: str) -> str:
    """An address without its query, which tells only where people came from."""
    return address.partition("?")[0].partition("#")[0]


def image(given: Image | None, title: str) -> ImageRecord | None:
    return picture("", given.src, given.description or title, given.description) if given else None


def departments(courses: Iterable[Course]) -> tuple[str, ...]:
    return tuple(found for course in courses if (found := department_of(number_of_key(course.key))))


def course_numbers(course: Course) -> tuple[CourseNumberRecord, ...]:
    number = number_of_key(course.key)
    return (CourseNumberRecord(value=number, department=department_of(number)),) if number else ()


def instructors(staff: Iterable[Person]) -> tuple[InstructorRecord, ...]:
    return people([f"{person.given_name} {person.family_name}".strip() for person in staff], separators="")
