"""Documents made of facts, in the published shapes of versions 1 and 2. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from . import requirements, rules
from .facts import CourseFacts, Json, ModeFacts, Names, ProductFacts, ProgramFacts, ProgramName, ProspectusFacts, RunFacts
from .requirements import Node
from .vocabulary import LANGUAGES

# Where version 1 demands a course and a program has none.
NO_COURSE: Json = {"id": 0, "title": "", "readable_id": "-", "next_run_id": None, "departments": [], "programs": None, "courseruns": []}


@dataclass(frozen=True)
class Site:
    """Where pages of the catalogue lie, and below which address runs are taken, if there is one."""

    pages: str = "/mitxonline"
    courseware: str | None = None


@dataclass(frozen=True)
class Rendered:
    """Both versions of an object, and until when they are true."""

    v1: Json
    v2: Json
    valid_until: datetime | None = None


# --- runs


def run_base(run: RunFacts, site: Site, now: datetime) -> Json:
    """What every version tells of a run."""
    url = f"{site.courseware}/{run.courseware_id}/home" if site.courseware and run.has_courseware_url else None
    return {
        "id": run.id,
        "title": run.title,
        "run_tag": run.run_tag,
        "course_id": run.course_id,
        "course_number": rules.number_of_run(run.courseware_id),
        "courseware_id": run.courseware_id,
        "courseware_url": url,
        "start_date": run.start_date,
        "end_date": run.end_date,
        "enrollment_start": run.enrollment_start,
        "enrollment_end": run.enrollment_end,
        "expiration_date": run.expiration_date,
        "certificate_available_date": run.certificate_available_date,
        "upgrade_deadline": run.upgrade_deadline,
        "is_upgradable": rules.is_upgradable(run, now),
        "is_enrollable": run.is_public and rules.is_enrollable(run, now),
        "is_archived": rules.is_archived(run, now),
        "is_self_paced": run.is_self_paced,
        "live": run.live,
        "enrollment_modes": _modes(run.modes),
        "language": run.language,
        "language_label": LANGUAGES.get(run.language, run.language),
        "is_primary_language": run.is_primary_language,
        "variant_industry": run.variant_industry,
        "variant_length": run.variant_length,
    }


def run_v1(run: RunFacts, site: Site, now: datetime) -> Json:
    products = [{**product_of(each), "product_flexible_price": None} for each in run.products]
    return {**run_base(run, site, now), "products": products, "approved_flexible_price_exists": False}


def run_v2(run: RunFacts, site: Site, now: datetime) -> Json:
    products = [product_of(each) for each in run.products]
    return {
        **run_base(run, site, now),
        "products": products,
        "approved_flexible_price_exists": False,
        "b2b_contract": run.b2b_contract,
    }


def run(run: RunFacts, course: CourseFacts, site: Site, now: datetime) -> Rendered:
    """A run on its own: in version 1 with its course, in version 2 as variants are listed."""
    return Rendered(
        v1={**run_v1(run, site, now), "course": _course_v1(course, site, now)},
        v2=run_base(run, site, now),
        valid_until=rules.next_change(course.runs, now),
    )


def product_of(product: ProductFacts) -> Json:
    return {"id": product.id, "price": f"{product.price:.2f}", "description": product.description, "is_active": product.is_active}


def _modes(modes: Iterable[ModeFacts]) -> list[Json]:
    return [vars(mode) for mode in modes]


# --- courses


def course(course: CourseFacts, site: Site, now: datetime) -> Rendered:
    public = [run for run in course.runs if run.is_public]
    return Rendered(
        v1={**_course_v1(course, site, now), "courseruns": [run_v1(run, site, now) for run in public]},
        v2=course_v2(course, rules.canonical_runs(public), site, now),
        valid_until=rules.next_change(public, now),
    )


def _course_v1(course: CourseFacts, site: Site, now: datetime) -> Json:
    run = rules.next_run(course.runs, now)
    return {
        "id": course.id,
        "title": course.title,
        "readable_id": course.readable_id,
        "next_run_id": run.id if run else None,
        "departments": _named(course.departments),
        "page": _course_page(course, run, site),
        "programs": None,  # the contract has one program where a list is meant; version 2 tells it
    }


def _course_page(course: CourseFacts, run: RunFacts | None, site: Site) -> Json:
    page = course.prospectus
    price = next((product.price for product in run.products), None) if run else None
    return {
        "feature_image_src": page.feature_image_src or None,
        "page_url": f"{site.pages}/courses/{course.readable_id}/",
        "description": page.description,
        "live": page.live,
        "length": page.length,
        "effort": page.effort or None,
        "financial_assistance_form_url": page.financial_assistance_form_url,
        "current_price": None if price is None else round(price),
        "instructors": page.instructors,
    }


def course_v2(course: CourseFacts, runs: Sequence[RunFacts], site: Site, now: datetime) -> Json:
    """With these of its runs."""
    public = [run for run in course.runs if run.is_public]
    chosen, page = rules.next_run(public, now), course.prospectus
    current = [run for run in public if rules.is_enrollable(run, now)]
    products = [product for run in current for product in run.products]
    return {
        "id": course.id,
        "title": course.title,
        "readable_id": course.readable_id,
        "next_run_id": chosen.id if chosen else None,
        "departments": _named(course.departments),
        "page": _course_page(course, chosen, site),
        "programs": [program_name(each) for each in course.programs],
        "topics": [{"name": topic.name, "parent": topic.parent} for topic in course.topics],
        "certificate_type": rules.certificate_type(each.program_type for each in course.programs),
        "certificate_available": rules.offers_certificate(run.slugs for run in current),
        "availability": rules.availability(public, now),
        **_commitment(page, products),
        "duration": page.length,
        "include_in_learn_catalog": page.include_in_learn_catalog,
        "ingest_content_files_for_ai": page.ingest_content_files_for_ai,
        "possible_variant_sets": list(course.variants),
        "courseruns": [run_v2(run, site, now) for run in runs],
    }


def _commitment(page: ProspectusFacts, products: Iterable[ProductFacts]) -> Json:
    """What a course or a program takes: time, money, what to know before."""
    prices = rules.price_range(page.min_price, page.max_price, products)
    return {
        "required_prerequisites": bool(page.prerequisites.strip()),
        "duration": page.length or None,
        "min_weeks": page.min_weeks,
        "max_weeks": page.max_weeks,
        "min_price": _amount(prices.least),
        "max_price": _amount(prices.most),
        "time_commitment": page.effort or None,
        "min_weekly_hours": page.min_weekly_hours or None,
        "max_weekly_hours": page.max_weekly_hours or None,
    }


def _amount(price: Decimal | None) -> float | None:
    """As the contract has it here; two digits are exact in what JSON's readers make of it."""
    return None if price is None else float(price)


def _named(names: Iterable[str]) -> list[Json]:
    return [{"name": name} for name in names]


# --- programs


def program_name(program: ProgramName) -> Json:
    return {
        "id": program.id,
        "title": program.title,
        "readable_id": program.readable_id,
        "type": program.program_type,
        "display_mode": program.display_mode,
    }


def program(program: ProgramFacts, names: Names, first_course: Json | None, site: Site) -> Rendered:
    """`first_course` is version 1 of the first course that it requires."""
    return Rendered(v1=_program_v1(program, first_course, site), v2=_program_v2(program, names, site))


def _program_v1(program: ProgramFacts, first_course: Json | None, site: Site) -> Json:
    parts = requirements.split(program.tree)
    none = {
        **NO_COURSE,
        "page": _course_page(CourseFacts(id=0, title="", readable_id="-", live=False, prospectus=ProspectusFacts()), None, site),
    }
    return {
        "id": program.id,
        "title": program.title,
        "readable_id": program.readable_id,
        "courses": first_course or none,  # the contract has one course where a list is meant; `requirements` has them all
        "requirements": {"required": _numbers(parts.required), "electives": _numbers(parts.electives)},
        "req_tree": requirements.to_wire_v1(program.tree, program.id),
        "page": _program_page(program, site),
        "program_type": program.program_type or None,
        "departments": _named(program.departments),
        "live": program.live,
        "enrollment_modes": _modes(program.modes),
    }


def _numbers(nodes: Iterable[Node]) -> list[int]:
    return [node.course for node in nodes if node.course is not None]


def _program_page(program: ProgramFacts, site: Site) -> Json:
    page = program.prospectus
    return {
        "feature_image_src": page.feature_image_src or None,
        "page_url": f"{site.pages}/programs/{program.readable_id}/",
        "financial_assistance_form_url": page.financial_assistance_form_url,
        "description": page.description,
        "live": page.live,
        "include_in_learn_catalog": page.include_in_learn_catalog,
        "length": page.length,
        "effort": page.effort or None,
        "price": page.price_text,
        "list_price": "" if page.list_price is None else f"{page.list_price:.2f}",
    }


def _program_v2(program: ProgramFacts, names: Names, site: Site) -> Json:
    page = program.prospectus
    return {
        "id": program.id,
        "title": program.title,
        "readable_id": program.readable_id,
        "courses": list(requirements.courses(program.tree)),
        "collections": list(program.collections),
        "programs": [program_name(each) for each in program.programs],
        "requirements": _requirements(program.tree, names),
        "req_tree": requirements.to_wire(program.tree, program.id),
        "page": _program_page(program, site),
        "program_type": program.program_type or None,
        "certificate_type": rules.certificate_type([program.program_type]),
        "certificate_available": rules.offers_certificate([{mode.mode_slug for mode in program.modes}]),
        "departments": _named(program.departments),
        "live": program.live,
        "display_mode": program.display_mode,
        "topics": _named(program.topics),
        "availability": program.availability,
        "start_date": program.start_date,
        "end_date": program.end_date,
        "enrollment_start": program.enrollment_start,
        "enrollment_end": program.enrollment_end,
        **_commitment(page, program.products),
        "enrollment_modes": _modes(program.modes),
        "products": [product_of(each) for each in program.products],
        "include_in_learn_catalog": page.include_in_learn_catalog,
    }


def _requirements(tree: Sequence[Node], names: Names) -> Json:
    parts = requirements.split(tree)

    def told(nodes: Iterable[Node], kind: str) -> list[Json]:
        ids = (getattr(node, kind) for node in nodes)
        known = names.courses if kind == "course" else names.programs
        return [{"id": id, "readable_id": known[id]} for id in ids if id is not None]

    return {
        f"{kind}s": {"required": told(parts.required, kind), "electives": told(parts.electives, kind)} for kind in ("course", "program")
    }


# --- departments and collections


def department(id: int, name: str, slug: str, course_ids: Sequence[int], program_ids: Sequence[int]) -> Rendered:
    """With the live courses and programs that belong to it."""
    return Rendered(
        v1={"id": id, "name": name, "courses": len(course_ids), "programs": len(program_ids)},
        v2={"id": id, "name": name, "slug": slug, "course_ids": list(course_ids), "program_ids": list(program_ids)},
    )


def collection(told: Json, programs: Iterable[tuple[int, str]]) -> Rendered:
    """`programs` gives numbers and titles in their order. There is no version 1 of it but this."""
    shown = {**told, "programs": [{"id": id, "title": title, "order": order} for order, (id, title) in enumerate(programs)]}
    return Rendered(v1=shown, v2=shown)
