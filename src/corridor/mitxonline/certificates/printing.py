"""The certificate as a PDF."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from corridor.kit import typesetting

from .credentials import ISSUER
from .snapshots import Snapshot

TEMPLATE = Path(__file__).with_name("sheet.typ")


def sheet(said: Snapshot, *, number: UUID, issued: datetime, address: str) -> bytes:
    """Made anew each time: it takes hundredths of a second, and gives the same bytes."""
    values = {
        "title": f"{said.heading} of {said.learner}",
        "issuer": ISSUER,
        "heading": said.heading,
        "learner": said.learner,
        "lead": said.lead,
        "product": said.product_name,
        "detail": detail(said),
        "signatories": [{"name": each.name, "titles": each.titles} for each in said.signatories],
        "issued": f"{issued.day} {issued:%B %Y}",
        "number": str(number),
        "address": address,
        "faces": typesetting.faces(said.learner + said.product_name),
    }
    return typesetting.pdf(TEMPLATE, values, dated=issued)


def detail(said: Snapshot) -> str:
    """The line below the title: which run, when, and how much it counts."""
    held = [f"{datetime.fromisoformat(each):%B %Y}" for each in (said.start_date, said.end_date) if each]
    parts = [said.courseware_id or said.readable_id]
    if len(held) == 2:
        parts.append(f"held {held[0]} to {held[1]}")
    if said.ceus:
        parts.append(f"continuing education units: {said.ceus}")
    return ", ".join(parts)
