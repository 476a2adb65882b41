"""A row made into a record, as a declaration says."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from corridor.learn.ingest.records import ResourceRecord
from corridor.learn.ingest.source import RawRecord, Rejected, Skip

from . import fields
from .declaration import Declaration
from .expressions import Get, Source, getter

UNREADABLE, KEYLESS = "unreadable", "keyless"
Data = dict[str, Any]


class Mapper:
    """A declaration, made into functions once."""

    def __init__(self, declared: Declaration) -> None:
        self.declared = declared
        self.zone = ZoneInfo(declared.timezone)
        self.own = self._compiled(declared.record)
        self.of_runs = self._compiled(declared.runs.fields) if declared.runs else []
        self.runs = self._list(declared.runs.each) if declared.runs and declared.runs.each else None
        self.children = self._list(declared.children.each) if declared.children else None
        self.child = getter(declared.children.readable_id, declared.tables) if declared.children else None
        self.unwanted = [(getter(each.value, declared.tables), re.compile(each.matches), each.why) for each in declared.unwanted]

    def record(self, raw: RawRecord) -> ResourceRecord:
        """Raises Skip, Rejected and ValidationError."""
        row = raw.data
        if raw.kind == UNREADABLE:
            raise Rejected(row["reason"])
        if raw.kind == KEYLESS:
            raise Rejected("the row has no key: `key` says nothing of it, or what is neither text nor a number")
        self._check_wanted(row)
        said = self._said(self.own, row)
        old_numbers = said.pop("old_numbers", None)
        return ResourceRecord.model_validate(
            {
                "key": raw.key,
                "readable_id": raw.key,
                "platform": self.declared.platform.code,
                "offered_by": self.declared.offered_by.code if self.declared.offered_by else "",
                **said,
                **({"details": {"old_numbers": old_numbers}} if old_numbers else {}),
                **self._runs(row, said),
                **self._children(row),
            }
        )

    def _check_wanted(self, row: Data) -> None:
        for get, pattern, why in self.unwanted:
            value = get(row)
            if value not in (None, [], "") and pattern.search(str(value)):
                raise Skip(why)

    def _runs(self, row: Data, said: Data) -> Data:
        if not self.declared.runs:
            return {}
        entries = [row] if self.runs is None else _entries(row, self.runs)
        return {"runs": [{"title": said.get("title"), **self._said(self.of_runs, entry)} for entry in entries]}

    def _children(self, row: Data) -> Data:
        declared = self.declared.children
        if not declared or not self.children or not self.child:
            return {}
        of_all = {"resource_type": declared.resource_type, "relation_type": declared.relation_type, "platform": declared.platform}
        names = dict.fromkeys(str(name) for entry in _entries(row, self.children) if (name := self.child(entry)) is not None)
        return {"children": [{"readable_id": name, **of_all} for name in names]}

    def _said(self, compiled: Iterable[tuple[str, Get]], row: Data) -> Data:
        """What the fields say, and what else follows from their words where nothing says it itself."""
        own: Data = {}
        derived: Data = {}
        for name, get in compiled:
            for field, value in fields.read(name, get(row), self.zone).items():
                (own if field == name else derived)[field] = value
        return derived | own

    def _compiled(self, given: Mapping[str, Source]) -> list[tuple[str, Get]]:
        return [(name, getter(source, self.declared.tables)) for name, source in given.items()]

    def _list(self, path: str) -> Get:
        return getter(path, {})


def _entries(row: Data, listed: Get) -> list[Data]:
    """Entries of a list in a row, each with the columns of the row that it does not have itself."""
    found = listed(row)
    entries = found if isinstance(found, list) else [] if found is None else [found]
    return [{**row, **entry} if isinstance(entry, dict) else {**row, "value": entry} for entry in entries]
