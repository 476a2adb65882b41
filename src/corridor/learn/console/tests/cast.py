"""The cast of the console's tests: one of everything that its pages look after."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils.timezone import now

from corridor.accounts.models import User
from corridor.accounts.tests.cast import hashed
from corridor.kit.outbox.models import OutboxEvent
from corridor.learn.catalog.documents import TOPIC
from corridor.learn.catalog.models import LearningResource, Offeror, Platform
from corridor.learn.catalog.reference.load import load_reference
from corridor.learn.channels.models import Channel
from corridor.learn.console.access import CURATORS, make_curators
from corridor.learn.ingest.actions import retry_quarantine
from corridor.learn.ingest.models import MergeEntry, QuarantinedRecord
from corridor.learn.ingest.quarantine import Setback, keep
from corridor.learn.ingest.tests.cast import Given, course, read, reference_data
from corridor.learn.sources import source_named
from corridor.web.console.access import permissions

PAGE = "https://u.example/courses/heat"
XPRO_KEY = "course:course-v1:xPRO+FAC1"


def make_user(name: str, *wanted: str) -> User:
    user: User = get_user_model().objects.create(username=name, password=hashed("a long password"))
    if wanted:
        user.user_permissions.set(permissions(wanted))
    return user


def make_curator(name: str = "curator") -> User:
    make_curators()
    user = make_user(name)
    user.groups.add(Group.objects.get(name=CURATORS))
    return user


def set_aside() -> QuarantinedRecord:
    """A record of xPRO that is refused, as somebody took the platform that it names out of the reference data."""
    load_reference("mit")
    Platform.objects.filter(code="xpro").delete()
    data = {
        "id": 1,
        "title": "Factory Floors",
        "url": "/courses/course-v1:xPRO+FAC1/",
        "readable_id": "course-v1:xPRO+FAC1",
        "courseruns": [{"title": "Factory Floors", "courseware_id": "course-v1:xPRO+FAC1+R2", "run_tag": "R2", "current_price": 1299.0}],
        "platform": "xPRO",
    }
    keep("xpro", None, [Setback(XPRO_KEY, "course", {"course": data, "archives": {}}, "not tried yet")])
    retry_quarantine(source_named("xpro"))
    record = QuarantinedRecord.objects.get(source="xpro", resolved_at=None)
    assert "xpro" in record.reason
    return record


def mend_reference_data() -> None:
    """What the refused record names."""
    Platform.objects.get_or_create(code="xpro", defaults={"name": "xPRO"})
    Offeror.objects.get_or_create(code="xpro", defaults={"name": "MIT xPRO"})


@dataclass(frozen=True)
class World:
    """Where each kind of thing is."""

    record: QuarantinedRecord
    merge: MergeEntry
    resource: LearningResource
    channel: Channel

    def arguments(self, name: str) -> dict[str, Any]:
        """What an address of this name takes."""
        keys: dict[str, Any] = {
            "source": {"code": "xpro"},
            "read_now": {"code": "xpro"},
            "replay_source": {"code": "xpro"},
            "letters": {"topic": TOPIC},
            "replay_letters": {"topic": TOPIC},
            "run": {"pk": self.record.run_id},
            "run_data": {"pk": self.record.run_id},
            **{each: {"pk": self.record.pk} for each in ("record", "replay_record", "dismiss_record")},
            **{each: {"pk": self.merge.pk} for each in ("merge", "undo_merge")},
            **{each: {"pk": self.resource.pk} for each in ("resource", "show_resource", "hide_resource", "explain")},
            "channel": {"pk": self.channel.pk},
        }
        return dict(keys.get(name, {}))


def make_world() -> World:
    reference_data()
    record = set_aside()
    read(Given(), course("a", title="Heat", url=PAGE, topics=["Physics"]))
    read(Given(code="beta", name="Beta", precedence=20), course("b", title="Warmth", url=PAGE, platform="edx"))
    OutboxEvent.objects.create(topic=TOPIC, aggregate="0", error="the disk was full", attempts=24, dead_at=now())
    merge = MergeEntry.objects.get()
    return World(record, merge, merge.resource, Channel.objects.get(topic__name="Physics"))
