"""MITx Online's courses and programs as records (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from corridor.learn.catalog.vocabulary import CertificationType, Delivery, Format, Pace, ResourceType
from corridor.learn.ingest.parsing.addresses import joined, picture
from corridor.learn.ingest.parsing.commitments import weekly_hours
from corridor.learn.ingest.parsing.course_numbers import department_of, number_of_key
from corridor.learn.ingest.parsing.durations import weeks
from corridor.learn.ingest.parsing.languages import language
from corridor.learn.ingest.parsing.names import people
from corridor.learn.ingest.parsing.prices import prices as prices_in
from corridor.learn.ingest.parsing.terms import term
from corridor.learn.ingest.parsing.titles import is_deleted
from corridor.learn.ingest.records import CourseNumberRecord, PriceRecord, ResourceRecord, RunRecord
from corridor.learn.ingest.source import RawRecord, Rejected, Skip
from corridor.learn.sources import olx

from .payloads import Course, CourseAndArchives, CourseRun, EnrollmentMode, Offer, Page, ProgramAndParts
from .requirements import children

CERTIFICATES = {
    "micromasters credential": CertificationType.MICROMASTERS,
    "professional certificate": CertificationType.PROFESSIONAL,
    "no certificate": CertificationType.NONE,
}
FREE = Decimal(0)
EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Site:
    """Where pages and pictures of a payload lie, and where runs are taken."""

    pages: str
    courseware: str


def to_record(raw: RawRecord, site: Site) -> ResourceRecord:
    if raw.kind == "course":
        return course_record(raw.key, raw.data, site)
    if raw.kind == "program":
        return program_record(raw.key, raw.data, site)
    raise Rejected("neither a course with runs nor a program")


def course_record(key: str, data: Any, site: Site) -> ResourceRecord:
    given = CourseAndArchives.model_validate(data)
    course, archives = given.course, given.archives
    refuse_unwanted(course.title)
    page = page_of(course)
    there = not course.tombstone
    visible = there and bool(page and page.page_url and page.live and page.include_in_learn_catalog and course.include_in_learn_catalog)
    forced = there and course.ingest_content_files_for_ai and not (visible and any(is_open(run, course) for run in course.courseruns))
    sums = olx.checksums(archives)
    runs = tuple(run_record(run, course, page, forced, sums.get(run.courseware_id, "")) for run in course.courseruns)
    shown = [run for run in runs if run.published and not run.is_variant]
    certification = certification_of(course, [run for run in course.courseruns if is_open(run, course) and not run.is_archived])
    return ResourceRecord(
        key=key,
        resource_type=ResourceType.COURSE,
        published=visible and bool(shown) and not forced,
        test_mode=forced,
        require_summaries=course.ingest_content_files_for_ai,
        runs=runs,
        pace=tuple(pace for run in shown for pace in run.pace) or (Pace.SELF_PACED,),
        languages=tuple(dict.fromkeys(code for run in shown for code in run.languages)),
        course_numbers=course_numbers(course),
        certification=certification is not CertificationType.NONE,
        certification_type=certification,
        content_files=olx.content_files(archives, site.courseware),
        **offer_fields(course, page, site),
    )


def program_record(key: str, data: Any, site: Site) -> ResourceRecord:
    given = ProgramAndParts.model_validate(data)
    program, page = given.program, given.program.page
    refuse_unwanted(program.title)
    visible = (
        bool(page and page.page_url and page.live and page.include_in_learn_catalog and program.include_in_learn_catalog and program.live)
        and not program.tombstone
    )
    certified = program.certificate_type and program.certificate_available and offers_certificate(program.enrollment_modes)
    certification = certification_type(program.certificate_type) if certified else CertificationType.NONE
    shared = offer_fields(program, page, site)
    run = RunRecord(
        run_id=program.readable_id,
        start_date=program.start_date,
        end_date=program.end_date,
        enrollment_start=program.enrollment_start,
        enrollment_end=program.enrollment_end,
        prices=money(amounts(program, program.enrollment_modes)) or prices_in(page.price if page else ""),
        instructors=people(page.instructors) if page else (),
        pace=(Pace.SELF_PACED,),
        **{name: shared[name] for name in RUN_FIELDS},
    )
    return ResourceRecord(
        key=key,
        resource_type=ResourceType.PROGRAM,
        resource_category="Course" if program.display_mode == "course" else "",
        published=visible,
        pace=(Pace.SELF_PACED,),
        runs=(run,),
        certification=certification is not CertificationType.NONE,
        certification_type=certification,
        children=children(program, given.courses, given.programs),
        **shared,
    )


RUN_FIELDS = (
    "title", "description", "url", "image", "availability", "delivery", "format", "duration", "time_commitment",
    "min_weeks", "max_weeks", "min_weekly_hours", "max_weekly_hours",
)  # fmt: skip


def offer_fields(offer: Offer, page: Page | None, site: Site) -> dict[str, Any]:
    """What courses and programs have alike."""
    image = offer.feature_image_src or (page.feature_image_src if page else "")
    path = offer.page_url or (page.page_url if page else "")
    duration = offer.duration or (page.length if page else "")
    commitment = offer.time_commitment or (page.effort if page else "")
    span, hours = weeks(duration), weekly_hours(commitment)
    return {
        "readable_id": offer.readable_id,
        "title": offer.title,
        "platform": "mitxonline",
        "offered_by": "mitx",
        "description": page.description if page else "",
        "url": joined(site.pages, path),
        "image": picture(site.pages, image, offer.title),
        "departments": offer.departments,
        "topics": offer.topics,
        "availability": offer.availability,
        "delivery": (Delivery.ONLINE,),
        "format": (Format.ASYNCHRONOUS,),
        "duration": duration,
        "time_commitment": commitment,
        "min_weeks": offer.min_weeks or (span.least if span else None),
        "max_weeks": offer.max_weeks or (span.most if span else None),
        "min_weekly_hours": offer.min_weekly_hours or (hours.least if hours else None),
        "max_weekly_hours": offer.max_weekly_hours or (hours.most if hours else None),
    }


def run_record(run: CourseRun, course: Course, page: Page | None, forced: bool, checksum: str) -> RunRecord:
    named = term(run.run_tag)
    start_year = run.start_date.year if run.start_date else None
    return RunRecord(
        run_id=run.courseware_id,
        title=run.title or course.title,
        url=run.courseware_url,
        published=is_open(run, course) or (forced and not is_variant(run, course)),
        is_b2b=run.b2b_contract is not None,
        is_variant=is_variant(run, course),
        start_date=run.start_date,
        end_date=run.end_date,
        enrollment_start=run.enrollment_start,
        enrollment_end=run.enrollment_end,
        semester=named.semester,
        year=named.year or start_year,
        languages=(code,) if (code := language(run.language)) else (),
        availability=course.availability,
        delivery=(Delivery.ONLINE,),
        format=(Format.ASYNCHRONOUS,),
        pace=() if run.is_self_paced is None else (Pace.SELF_PACED if run.is_self_paced else Pace.INSTRUCTOR_PACED,),
        prices=run_prices(run, course),
        instructors=people(page.instructors) if page else (),
        checksum=checksum,
    )


def refuse_unwanted(title: str) -> None:
    if "proctored exam" in title.casefold():
        raise Skip("a proctored exam, not a course")
    if is_deleted(title):
        raise Skip("its title says that it is deleted")


def page_of(course: Course) -> Page | None:
    """The course's page; in version 1 that of its newest run, or of what a program embeds."""
    of_runs = (run.page for run in newest_first(course.courseruns) if run.page)
    embedded = Page(page_url=course.page_url, feature_image_src=course.feature_image_src) if course.page_url else None
    return course.page or embedded or next(of_runs, None)


def newest_first(runs: Iterable[CourseRun]) -> list[CourseRun]:
    return sorted(runs, key=lambda run: run.start_date or EARLIEST, reverse=True)


def is_variant(run: CourseRun, course: Course) -> bool:
    """A run of a contract, or one in a language, length or for an industry other than the course's own."""
    own = {variant.language for variant in course.possible_variant_sets if variant.default_variant}
    others = {variant.language for variant in course.possible_variant_sets if not variant.default_variant} - own
    return run.b2b_contract is not None or bool(run.variant_length or run.variant_industry) or run.language in others - {""}


def is_open(run: CourseRun, course: Course) -> bool:
    """Whether the public may see a run: it can be enrolled in, its page is live, and it is no variant."""
    page = page_of(course)
    return run.is_enrollable and run.live and bool(page and page.live) and not is_variant(run, course)


def offers_certificate(modes: Iterable[EnrollmentMode]) -> bool:
    slugs = {mode.mode_slug for mode in modes}
    return not slugs or "verified" in slugs


def certification_of(course: Course, current: Iterable[CourseRun]) -> CertificationType:
    """A course is certified while a public run that is not archived can be taken with a certificate."""
    earned = any(offers_certificate(run.enrollment_modes) for run in current)
    if earned and course.certificate_available and course.certificate_type:
        return certification_type(course.certificate_type)
    return CertificationType.NONE


def certification_type(label: str) -> CertificationType:
    """A certificate under a name that we do not know is one of completion."""
    return CERTIFICATES.get(label.strip().casefold(), CertificationType.COMPLETION)


def run_prices(run: CourseRun, course: Course) -> tuple[PriceRecord, ...]:
    """What a run costs: nothing once it takes nobody in, and where nothing is said of modes, its products."""
    products = [product.price for product in run.products if product.is_active]
    if not run.is_enrollable or run.is_archived:
        return money([FREE])
    if not run.enrollment_modes:
        return money(products)
    return money(amounts(course, run.enrollment_modes, products))


def amounts(offer: Offer, modes: Iterable[EnrollmentMode], products: Iterable[Decimal] = ()) -> list[Decimal]:
    """Amounts to choose from: the verified mode costs the offer's prices, or those of the run's products; to audit is free."""
    slugs = {mode.mode_slug for mode in modes}
    named = [price for price in (offer.min_price, offer.max_price) if price is not None] or [*products]
    paid = named if "verified" in slugs else []
    return [*paid, FREE] if "audit" in slugs or (slugs and not paid) else paid


def money(found: Iterable[Decimal]) -> tuple[PriceRecord, ...]:
    return tuple(PriceRecord(amount=amount) for amount in sorted(set(found)))


def course_numbers(course: Course) -> tuple[CourseNumberRecord, ...]:
    """The numbers of the runs, that of the newest first; of the course's key where runs have none."""
    numbers = dict.fromkeys(run.course_number for run in newest_first(course.courseruns) if run.course_number)
    named = [*numbers] or [number for number in (number_of_key(course.readable_id),) if number]
    return tuple(
        CourseNumberRecord(value=number, listing_type="cross-listed" if position else "primary", department=department_of(number))
        for position, number in enumerate(named)
    )
