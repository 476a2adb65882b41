"""What pages offer of a run or a program to whoever looks, and how they call it. Pure, of published documents."""

from collections.abc import Mapping
from dataclasses import dataclass

from corridor.mitxonline.catalog import telling
from corridor.mitxonline.catalog.facts import Json
from corridor.mitxonline.catalog.vocabulary import Mode


@dataclass(frozen=True)
class Offer:
    """Ways into a run or program, or up within it. `said` is for who is in it already."""

    path: str  # where enrolling is asked for
    name: str = ""  # of what, where several stand together
    said: str = ""
    can_enroll: bool = False
    product: int | None = None
    price: str = ""
    courseware: str | None = None


def of_run(run: Json, mode: str | None) -> Offer:
    """`mode` is that of the enrollment of whoever looks."""
    sold = telling.product(run) if run["is_upgradable"] and mode != Mode.VERIFIED and (mode or run["is_enrollable"]) else None
    return Offer(
        path=f"/mitxonline/enroll/run/{run['id']}/",
        name=run["run_tag"],
        said=IN_RUN[mode] if mode else "",
        can_enroll=mode is None and bool(run["is_enrollable"]) and (telling.is_free(run) or not run["enrollment_modes"]),
        product=sold["id"] if sold else None,
        price=telling.money(sold["price"]) if sold else "",
        courseware=run["courseware_url"] if mode else None,
    )


IN_RUN: dict[str, str] = {Mode.AUDIT: "You are enrolled, free of charge", Mode.VERIFIED: "You are enrolled, on the verified track"}


def of_program(program: Json, mode: str | None, *, open_now: bool) -> Offer:
    sold = next((each for each in program["products"] if each["is_active"]), None) if program["certificate_available"] else None
    buys = sold if sold and mode != Mode.VERIFIED and open_now else None
    return Offer(
        path=f"/mitxonline/enroll/program/{program['id']}/",
        said=IN_PROGRAM[mode] if mode else "",
        can_enroll=mode is None and open_now,
        product=buys["id"] if buys else None,
        price=telling.money(buys["price"]) if buys else "",
    )


IN_PROGRAM: dict[str, str] = {
    Mode.AUDIT: "You are enrolled in this program",
    Mode.VERIFIED: "This program is yours: take its courses on the verified track",
}


def best(offers: Mapping[int, Offer], run: int | None) -> Offer | None:
    """The one at the head of a page: of the run that the course stands for, else of one that whoever looks is in."""
    if run is not None and run in offers:
        return offers[run]
    return next((each for each in offers.values() if each.said), None)
