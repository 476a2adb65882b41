"""What of the catalogue a page shows, as its address says it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from .errors import NotInCatalogue

HOME = "/mitxonline/"
COURSES, PROGRAMS = "courses", "programs"
KINDS = {COURSES: "Courses", PROGRAMS: "Programs"}
OPEN, UPCOMING, SELF_PACED = "open", "upcoming", "self-paced"
STATES = {OPEN: "Open for enrolment", UPCOMING: "Starting later", SELF_PACED: "At your own pace"}
PAGE_SIZE = 20
LAST_PAGE = 10_000


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Each field is a parameter of the address; programs have no state."""

    kind: str = COURSES
    department: str = ""  # its slug
    topic: str = ""
    state: str = ""
    page: int = 1

    @property
    def address(self) -> str:
        """Without what is so anyway."""
        said = {each.name: value for each in fields(self) if (value := getattr(self, each.name)) != each.default}
        return f"{HOME}?{urlencode(said)}" if said else HOME

    @property
    def offset(self) -> int:
        return (self.page - 1) * PAGE_SIZE

    def but(self, **changed: str) -> "Asked":
        """The same with these, from its first page on."""
        other = replace(self, page=1, **changed)
        return replace(other, state="") if other.kind == PROGRAMS else other

    def on_page(self, page: int) -> "Asked":
        return replace(self, page=page)


def asked(parameters: Mapping[str, str]) -> Asked:
    """Parameters that are not known are passed over, as links of others carry them. Raises NotInCatalogue."""
    given = {name: parameters.get(name, "").replace("\x00", "") for name in ("kind", "department", "topic", "state")}
    kind = given["kind"] or COURSES
    if kind not in KINDS:
        raise NotInCatalogue("shelf", kind)
    if given["state"] and given["state"] not in STATES:
        raise NotInCatalogue("shelf", given["state"])
    state = given["state"] if kind == COURSES else ""
    return Asked(kind=kind, department=given["department"], topic=given["topic"], state=state, page=_page(parameters.get("page") or "1"))


def _page(written: str) -> int:
    number = int(written) if written.isascii() and written.isdecimal() and len(written) < 9 else 0
    if not 1 <= number <= LAST_PAGE:
        raise NotInCatalogue("page", written)
    return number
