"""What a certificate says, as it was when it was issued: no later change of a course, a page or a name reaches it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from corridor.mitxonline.catalog.rules import certificate_type

Kind = Literal["course", "program"]


@dataclass(frozen=True)
class Signature:
    name: str
    title_1: str = ""
    title_2: str = ""
    title_3: str = ""
    organization: str = ""
    signature_image: str = ""

    @property
    def titles(self) -> list[str]:
        return [each for each in (self.title_1, self.title_2, self.title_3, self.organization) if each]


@dataclass(frozen=True)
class Snapshot:
    """Dates are ISO 8601, or empty. `grade` is kept for us: certificates do not tell it."""

    kind: Kind
    learner: str
    heading: str
    lead: str  # what the learner did, up to the name of the product
    product_name: str
    title: str
    readable_id: str
    address: str
    criteria: str
    courseware_id: str = ""
    start_date: str = ""
    end_date: str = ""
    ceus: str = ""
    signatories: tuple[Signature, ...] = ()
    grade: Mapping[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        return f"{self.lead} {self.product_name}."

    def told(self) -> dict[str, Any]:
        return asdict(self)


def read(told: Mapping[str, Any]) -> Snapshot:
    return Snapshot(**{**told, "signatories": tuple(Signature(**each) for each in told["signatories"])})


@dataclass(frozen=True)
class Template:
    """What staff say of the certificates of a course or program."""

    product_name: str = ""
    ceus: str = ""
    criteria: str = ""
    signatories: Sequence[Signature] = ()


def of_course(
    *, learner: str, title: str, readable_id: str, courseware_id: str, dates: tuple[str, str], program_types: Sequence[str],
    address: str, template: Template, grade: Mapping[str, str],
) -> Snapshot:  # fmt: skip
    return Snapshot(
        kind="course",
        learner=learner,
        heading=certificate_type(program_types),
        lead="has successfully completed all requirements of the course",
        product_name=template.product_name or title,
        title=title,
        readable_id=readable_id,
        courseware_id=courseware_id,
        address=address,
        criteria=template.criteria or "Passed the course on its verified track, by the grade that the course sets for passing.",
        start_date=dates[0],
        end_date=dates[1],
        ceus=template.ceus,
        signatories=tuple(template.signatories),
        grade=grade,
    )


def of_program(*, learner: str, title: str, readable_id: str, program_type: str, address: str, template: Template) -> Snapshot:
    kind = program_type if "program" in program_type.casefold() else f"{program_type} program".strip()
    return Snapshot(
        kind="program",
        learner=learner,
        heading=certificate_type([program_type]),
        lead=f"has successfully completed all requirements of the {kind}",
        product_name=template.product_name or title,
        title=title,
        readable_id=readable_id,
        address=address,
        criteria=template.criteria or "Earned what the program requires, each part on its verified track.",
        ceus=template.ceus,
        signatories=tuple(template.signatories),
    )
