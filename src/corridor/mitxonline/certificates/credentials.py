"""A certificate as an Open Badge 3.0, which is a W3C verifiable credential. Pure."""

from datetime import datetime
from uuid import UUID

from . import status_list
from .proofs import Json, moment
from .snapshots import Snapshot

CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
ISSUER = "MITx Online"
ACHIEVEMENTS = {"course": "Course", "program": "LearningProgram"}


def document(certificate: UUID, number: int, said: Snapshot, *, issued: datetime, issuer: str, status_address: str) -> Json:
    """Yet to be signed. `number` is the certificate's place on the status lists."""
    return {
        "@context": CONTEXTS,
        "id": f"urn:uuid:{certificate}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": said.product_name,
        "issuer": {"id": issuer, "type": ["Profile"], "name": ISSUER},
        "validFrom": moment(issued),
        "credentialSubject": subject(said),
        "credentialStatus": status_list.entry(number, status_address),
    }


def subject(said: Snapshot) -> Json:
    """Who earned what. A person is named in plain text, as on the certificate, for it is made to be shown."""
    dates = {"activityStartDate": said.start_date, "activityEndDate": said.end_date}
    return {
        "type": ["AchievementSubject"],
        "identifier": [{"type": "IdentityObject", "identityHash": said.learner, "identityType": "name", "hashed": False}],
        **{name: moment(datetime.fromisoformat(date)) for name, date in dates.items() if date},
        "achievement": {
            "id": said.address,
            "type": ["Achievement"],
            "achievementType": ACHIEVEMENTS[said.kind],
            "name": said.product_name,
            "description": said.sentence,
            "criteria": {"narrative": said.criteria},
        },
    }
