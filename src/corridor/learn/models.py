"""Every table of the Learn system; each is defined in the domain it belongs to."""

from .catalog.models import (
    ContentTag,
    Department,
    Instructor,
    LearningResource,
    Offeror,
    Platform,
    Relationship,
    ResourceDocument,
    Run,
    RunInstructor,
    School,
    Topic,
    TopicMapping,
    ViewEvent,
)
from .channels.models import Channel
from .content.models import ContentFile
from .discovery.models import Boost, SynonymSet, TextVector
from .ingest.models import IngestRun, MergeBarrier, MergeEntry, QuarantinedRecord, SourceRecord, SourceSetting

__all__ = [
    "Boost",
    "Channel",
    "ContentFile",
    "ContentTag",
    "Department",
    "IngestRun",
    "Instructor",
    "LearningResource",
    "MergeBarrier",
    "MergeEntry",
    "Offeror",
    "Platform",
    "QuarantinedRecord",
    "Relationship",
    "ResourceDocument",
    "Run",
    "RunInstructor",
    "School",
    "SourceRecord",
    "SourceSetting",
    "SynonymSet",
    "TextVector",
    "Topic",
    "TopicMapping",
    "ViewEvent",
]
