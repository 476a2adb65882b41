"""Sloan's courses as records (pure)."""

import re

from corridor.learn.catalog.vocabulary import Availability, CertificationType, Delivery, Format, Pace, ResourceType
from corridor.learn.ingest.parsing.addresses import picture
from corridor.learn.ingest.parsing.commitments import Hours, weekly_hours
from corridor.learn.ingest.parsing.deliveries import delivery
from corridor.learn.ingest.parsing.durations import Weeks, days, weeks
from corridor.learn.ingest.parsing.names import people
from corridor.learn.ingest.parsing.prices import known_currency
from corridor.learn.ingest.parsing.titles import is_deleted
from corridor.learn.ingest.records import PriceRecord, ResourceRecord, RunRecord
from corridor.learn.ingest.source import RawRecord, Rejected, Skip

from .payloads import Course, CourseAndOfferings, Offering

NO_PLACE = frozenset({"", "n/a", "online", "blended", "in person", "virtual", "tbd"})
FORMATS = {
    Delivery.IN_PERSON: (Format.SYNCHRONOUS,),
    Delivery.HYBRID: (Format.ASYNCHRONOUS, Format.SYNCHRONOUS),
}


def to_record(raw: RawRecord) -> ResourceRecord:
    if raw.kind == "offering":
        raise Skip("an offering of a course that is not listed")
    if raw.kind != "course":
        raise Rejected("neither a course nor an offering")
    given = CourseAndOfferings.model_validate(raw.data)
    course, offerings = given.course, given.offerings
    if is_deleted(course.Title):
        raise Skip("its title says that it is deleted")
    if not offerings:
        raise Skip("it has no offering")
    if not course.URL:
        raise Skip("it has no page")
    runs = tuple(run_record(offering, course) for offering in offerings)
    return ResourceRecord(
        key=raw.key,
        readable_id=course.Course_Id,
        resource_type=ResourceType.COURSE,
        platform="see",
        offered_by="see",
        title=course.Title,
        description=course.Description,
        url=course.URL,
        image=picture("", course.Image_Src, course.Title),
        last_modified=course.SourceLastModifiedDate,
        topics=topics(course.Topics),
        professional=True,
        certification=True,
        certification_type=CertificationType.PROFESSIONAL,
        continuing_ed_credits=next((offering.Continuing_Ed_Credits for offering in offerings if offering.Continuing_Ed_Credits), None),
        availability=Availability.DATED if any(run.availability is Availability.DATED for run in runs) else Availability.ANYTIME,
        delivery=tuple(way for run in runs for way in run.delivery),
        format=tuple(format for run in runs for format in run.format),
        pace=tuple(pace for run in runs for pace in run.pace),
        location=next((run.location for run in runs if run.location), ""),
        runs=runs,
    )


def run_record(offering: Offering, course: Course) -> RunRecord:
    way = delivery(offering.Delivery)
    if way is None:
        raise Rejected(f"delivery {offering.Delivery[:40]!r} of {offering.CO_Title} is not known")
    on_demand = "on-demand" in offering.Format.casefold()
    span = weeks(offering.Duration)
    hours = hours_of(offering, span)
    return RunRecord(
        run_id=offering.CO_Title,
        title=course.Title,
        description=course.Description,
        url=course.URL,
        start_date=offering.Start_Date,
        end_date=offering.End_Date,
        year=offering.Start_Date.year if offering.Start_Date else None,
        availability=Availability.ANYTIME if on_demand else Availability.DATED,
        delivery=(way,),
        format=FORMATS.get(way)
        or ((Format.SYNCHRONOUS,) if offering.Format.casefold().startswith("synchronous") else (Format.ASYNCHRONOUS,)),
        pace=(Pace.SELF_PACED if on_demand else Pace.INSTRUCTOR_PACED,),
        location="" if offering.Location.strip().casefold() in NO_PLACE else offering.Location,
        duration=offering.Duration,
        time_commitment=offering.Time_Commitment,
        min_weeks=span.least if span else None,
        max_weeks=span.most if span else None,
        min_weekly_hours=hours.least if hours else None,
        max_weekly_hours=hours.most if hours else None,
        prices=() if offering.Price is None else (PriceRecord(amount=offering.Price, currency=known_currency(offering.Currency)),),
        instructors=people(faculty(offering.Faculty_Name)),
    )


def hours_of(offering: Offering, span: Weeks | None) -> Hours | None:
    """Hours in a week: those of a day times its days, and hours without a unit of time as those of the whole course."""
    read = weekly_hours(offering.Time_Commitment, days(offering.Duration))
    if (
        not read
        or not span
        or span.most == 1
        or not re.fullmatch(r"\s*[\d.\s–-]+h(?:ou)?rs?\.?\s*", offering.Time_Commitment, re.IGNORECASE)
    ):
        return read
    return Hours(max(1, round(read.least / span.most)), max(1, round(read.most / span.least)))


def topics(text: str) -> tuple[str, ...]:
    """The last part of each path: Strategy of "Business: Strategy"."""
    return tuple(last for path in re.split(r"[;|]", text) if (last := path.rpartition(":")[2].strip()))


def faculty(text: str) -> list[str]:
    """Names between commas, suffixes kept with the name before them."""
    names: list[str] = []
    for part in filter(None, map(str.strip, text.split(","))):
        if names and re.fullmatch(r"(?:jr|sr|i{1,3}|iv|ph\.?d|m\.?d|mba)\.?", part, re.IGNORECASE):
            names[-1] += f" {part}"
        else:
            names.append(part)
    return names
