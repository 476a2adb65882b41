"""Loading the demo: reference data, every provider by way of the pipeline, the words and featured lists of channels."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from corridor.kit import clock
from corridor.learn.catalog.models import LearningResource
from corridor.learn.catalog.reference.load import load_reference
from corridor.learn.catalog.vocabulary import ChannelType, ResourceType
from corridor.learn.channels.actions import edit_channel
from corridor.learn.channels.models import Channel
from corridor.learn.ingest.actions import run_source
from corridor.learn.ingest.models import IngestRun

from .sources import parsed, sources

FOLDER = Path(__file__).parent
Words = Mapping[str, Mapping[str, Any]]  # by channel type, then by what the channel is about


def load_demo(note: Callable[[str], None] = lambda doing: None) -> list[IngestRun]:
    """Load the demo, or bring its dates up to this week. Gives the run of each provider; `note` is told what is being done.

    Repeated in the same week it writes nothing but the reports of its runs. One that was cut short is completed by the next.
    """
    note("units, departments and topics")
    load_reference(FOLDER / "reference")
    words = parsed((FOLDER / "channels.yaml").read_bytes())
    describe_channels(words)
    runs = []
    for source in sources():
        note(source.name)
        runs.append(run_source(source))
    feature_lists(words)
    return runs


def is_unfinished() -> bool:
    """Whether a load of the demo was begun and cut short."""
    runs = IngestRun.objects.filter(source__in=[source.code for source in sources()])
    begun = set(runs.values_list("source", flat=True))
    return bool(begun) and len(set(runs.filter(status=IngestRun.Status.SUCCEEDED).values_list("source", flat=True))) < len(sources())


def describe_channels(words: Words) -> None:
    """Give channels that have none their descriptions and headings."""
    with transaction.atomic():
        silent = Channel.objects.filter(public_description="").select_related("topic").select_for_update(of=("self",))
        told = [channel for channel in silent if _describe(channel, words.get(channel.channel_type, {}))]
        Channel.objects.bulk_update(told, ["public_description", "configuration", "updated_on"])


def _describe(channel: Channel, words: Mapping[str, Any]) -> bool:
    """Whether there are words for the channel."""
    said = words.get(channel.topic.name if channel.topic else channel.department_id or channel.unit_id or "")
    if channel.channel_type == ChannelType.UNIT and said:
        channel.public_description = said["description"]
        channel.configuration = {**channel.configuration, "heading": said["heading"]}
    elif said:
        channel.public_description = said
    channel.updated_on = clock.now()
    return bool(said)


def feature_lists(words: Words) -> None:
    """Have units that feature nothing feature the lists that the library keeps for them."""
    paths = LearningResource.objects.filter(resource_type=ResourceType.LEARNING_PATH)
    lists = dict(paths.filter(source_records__source="demo_library").values_list("readable_id", "id"))
    for channel in Channel.objects.filter(unit__in=words["unit"], featured_list=None):
        if path := lists.get(words["unit"][str(channel.unit_id)].get("featured_list", "")):
            edit_channel(channel.id, {"featured_list_id": path})
