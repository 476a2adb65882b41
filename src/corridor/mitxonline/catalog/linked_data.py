"""What the pages of the catalogue say to machines in the words of schema.org. Pure; nothing that is not known is told."""

from collections.abc import Sequence
from dataclasses import dataclass

from .cards import summary
from .facts import Json
from .rules import course_number
from .telling import effort, is_free, product

LONGEST = 500
PROVIDER: Json = {"@type": "Organization", "name": "MITx Online"}


@dataclass(frozen=True)
class Part:
    """A page that another leads to."""

    name: str
    address: str


def _known(told: Json) -> Json:
    return {name: value for name, value in told.items() if value not in (None, "", [], {})}


def course(body: Json, address: str, runs: Sequence[Json], teachers: Sequence[str]) -> Json:
    best = next((run for run in runs if run["id"] == body["next_run_id"]), None)
    return _known(
        {
            "@type": "Course",
            "@id": address,
            "url": address,
            "name": body["title"],
            "description": summary(body, LONGEST) or body["title"],
            "courseCode": course_number(body["readable_id"]),
            "provider": PROVIDER,
            "about": [topic["name"] for topic in body["topics"]],
            "inLanguage": list(dict.fromkeys(language(run) for run in runs)),
            "isAccessibleForFree": True if best and is_free(best) else None,
            "educationalCredentialAwarded": "Certificate of Completion" if body["certificate_available"] else None,
            "offers": offers(best, address) if best else [],
            "hasCourseInstance": [instance(run, body, address, teachers) for run in runs],
        }
    )


def language(run: Json) -> str:
    return str(run["language"] or "en").replace("_", "-")


def instance(run: Json, body: Json, address: str, teachers: Sequence[str]) -> Json:
    hours = body["max_weekly_hours"] or body["min_weekly_hours"]
    return _known(
        {
            "@type": "CourseInstance",
            "@id": f"{address}#run-{run['id']}",
            "name": run["title"],
            "courseMode": "Online",
            "inLanguage": language(run),
            "startDate": run["start_date"],
            "endDate": run["end_date"],
            "courseWorkload": f"PT{hours}H" if hours and hours.isdecimal() else None,
            "description": effort(body),
            "instructor": [{"@type": "Person", "name": name} for name in teachers],
            "offers": offers(run, address),
            "url": address,
        }
    )


def offers(run: Json, address: str) -> list[Json]:
    """To take part, and for the certificate while it is sold."""
    told = [_offer("0.00", "Free", address)] if is_free(run) else []
    if (sold := product(run)) and run["is_upgradable"]:
        told.append(_offer(sold["price"], "Paid", address) | _known({"name": "Certificate", "priceValidUntil": run["upgrade_deadline"]}))
    return told


def _offer(price: str, category: str, address: str) -> Json:
    return {"@type": "Offer", "category": category, "price": price, "priceCurrency": "USD", "url": address}


def program(body: Json, address: str, courses: Sequence[Part]) -> Json:
    sold = [each for each in body["products"] if each["is_active"]] if body["certificate_available"] else []
    return _known(
        {
            "@type": "EducationalOccupationalProgram",
            "@id": address,
            "url": address,
            "name": body["title"],
            "description": summary(body, LONGEST) or body["title"],
            "provider": PROVIDER,
            "startDate": body["start_date"],
            "endDate": body["end_date"],
            "educationalCredentialAwarded": body["certificate_type"] if body["certificate_available"] else None,
            "offers": [_offer(each["price"], "Paid", address) for each in sold],
            "hasCourse": [_named(part) for part in courses],
        }
    )


def _named(part: Part) -> Json:
    return {"@type": "Course", "name": part.name, "url": part.address}
