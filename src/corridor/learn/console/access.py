"""What curators may do, and the group that may do all of it."""

from enum import StrEnum
from typing import Any

from corridor.web.console.access import make_group

CURATORS = "Curators"


class May(StrEnum):
    """What the pages ask for."""

    READ_SOURCES = "learn.change_sourcesetting"
    MEND_RECORDS = "learn.change_quarantinedrecord"
    PART_RECORDS = "learn.change_mergeentry"
    EDIT_RESOURCES = "learn.change_learningresource"
    ADD_SYNONYMS = "learn.add_synonymset"
    EDIT_SYNONYMS = "learn.change_synonymset"
    DELETE_SYNONYMS = "learn.delete_synonymset"
    ADD_BOOSTS = "learn.add_boost"
    EDIT_BOOSTS = "learn.change_boost"
    DELETE_BOOSTS = "learn.delete_boost"
    EDIT_CHANNELS = "learn.change_channel"
    LOOK_AFTER_INDEX = "kit.change_outboxevent"


def make_curators(**_: Any) -> None:
    """Make the group that may use all of these pages, unless there is one."""
    make_group(CURATORS, May)
