"""Lists whose servers tell their changes: what is known, and what a page of changes makes of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

TOMBSTONE = "tombstone"  # of an item that is gone: when that was told
ANEW_AFTER = timedelta(days=7)


@dataclass
class Followed:
    """The items of a list by number as of a cursor, and since when their changes have been followed."""

    cursor: int = 0
    begun: str = ""
    items: dict[str, Any] = field(default_factory=dict)

    def is_old(self, now: datetime) -> bool:
        """Whether it is time to read the list from its start again, lest an error stays for good."""
        return not self.begun or datetime.fromisoformat(self.begun) < now - ANEW_AFTER


def tells_changes(page: Any) -> bool:
    """Whether an answer comes from a server that tells changes, rather than from one that passes over what it does not know."""
    return isinstance(page, dict) and isinstance(page.get("cursor"), int) and isinstance(page.get("tombstones"), list)


def take(known: Followed, page: Mapping[str, Any]) -> bool:
    """Bring what is known up to date with a page. Gives whether there is more.

    What is gone keeps what was last known of it beside the tombstone, so that it can be taken off by its name.
    """
    for item in page.get("results") or ():
        if isinstance(item, dict) and isinstance(item.get("id"), int):
            known.items[str(item["id"])] = item
    for stone in page["tombstones"]:
        number = str(stone.get("id")) if isinstance(stone, dict) else ""
        if number in known.items:
            known.items[number] = {**known.items[number], TOMBSTONE: str(stone.get("changed_at"))}
    ahead = page["cursor"] > known.cursor
    known.cursor = max(known.cursor, page["cursor"])
    return ahead and bool(page.get("next"))
