"""A catalogue of files and their declared mapping, as a source."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any

from corridor.learn.ingest.errors import MappingInvalid
from corridor.learn.ingest.records import ResourceRecord
from corridor.learn.ingest.source import Fetcher, FetchFailed, Gap, RawRecord

from . import declaration
from .declaration import Declaration
from .expressions import getter
from .mapper import KEYLESS, UNREADABLE, Mapper
from .rows import Unreadable, rows
from .text import NOTHING, cleaned

Data = dict[str, Any]


@dataclass
class GenericSource:
    """One catalogue that a declaration describes."""

    declared: Declaration
    mapping_revision: int | str
    address: str
    code: str = field(init=False)
    name: str = field(init=False)
    schedule: str = field(init=False)
    precedence: int = field(init=False)
    complete: bool = field(init=False)

    def __post_init__(self) -> None:
        declared = self.declared
        self.code, self.name, self.schedule = declared.source, declared.name, declared.schedule
        self.precedence, self.complete = declared.precedence, declared.complete
        self.nothing = NOTHING | {text.casefold() for text in declared.nothing}
        self.key = getter(declared.key, declared.tables)
        self.mapper = Mapper(declared)

    def map(self, raw: RawRecord) -> ResourceRecord:
        return self.mapper.record(raw)

    def platforms(self) -> Mapping[str, str]:
        return {self.declared.platform.code: self.declared.platform.name or self.name}

    def offerors(self) -> Mapping[str, str]:
        offeror = self.declared.offered_by
        return {offeror.code: offeror.name or self.name} if offeror else {}

    def places(self) -> Iterable[str]:
        """Other files are looked for beside this one."""
        return [str(Path(self.address).parent)] if self.declared.join and Path(self.address).is_file() else []

    # --- reading

    def fetch(self, fetcher: Fetcher) -> Iterator[RawRecord | Gap]:
        found = self._joined(fetcher, self._rows(fetcher, self.declared.file))
        if self.declared.group:
            found = self._grouped(found)
        unreadable = 0
        for number, row in enumerate(found, 1):
            if isinstance(row, Unreadable):
                unreadable += 1
                yield RawRecord(f"row {number}", UNREADABLE, {"text": row.text, "reason": row.reason})
            elif isinstance(key := self.key(row), bool) or not isinstance(key, str | int | float):
                yield RawRecord(f"row {number}", KEYLESS, row)
            else:
                yield RawRecord(str(key), "row", row)
        if unreadable:
            yield Gap("", f"whose records {unreadable} unreadable rows are: nothing counts as missing until they are mended")

    def _rows(self, fetcher: Fetcher, pattern: str) -> Iterator[Data | Unreadable]:
        for address in self._files(fetcher, pattern):
            with fetcher.open(address) as stream:
                for row in rows(stream, address, self.declared):
                    yield row if isinstance(row, Unreadable) else cleaned(row, self.nothing)

    def _files(self, fetcher: Fetcher, pattern: str) -> list[str]:
        if self.address.startswith(("http://", "https://")):
            return [self.address]
        listed = list(fetcher.list(self.address))
        if listed == [self.address] and pattern == self.declared.file:
            return listed
        found = [address for address in listed if fnmatch(address, f"*/{pattern}") or fnmatch(PurePosixPath(address).name, pattern)]
        if not pattern or not found:
            raise FetchFailed(
                f"there is no file {pattern} below {self.address}" if pattern else f"{self.address} is no file; name one in `file`"
            )
        return found

    def _joined(self, fetcher: Fetcher, found: Iterator[Data | Unreadable]) -> Iterator[Data | Unreadable]:
        """Rows with those of other files that belong to them, in a column of the join's name."""
        parts = [(name, lookup.by, self._by_value(fetcher, lookup)) for name, lookup in self.declared.join.items()]
        for row in found:
            if not isinstance(row, Unreadable):
                row |= {name: others.get(str(row.get(by)), []) for name, by, others in parts}
            yield row

    def _by_value(self, fetcher: Fetcher, lookup: declaration.Lookup) -> Mapping[str, list[Data]]:
        beside = GenericSource(self.declared.model_copy(update={"file": lookup.file, "join": {}}), 0, self._folder())
        found: defaultdict[str, list[Data]] = defaultdict(list)
        for row in beside._rows(fetcher, lookup.file):
            if not isinstance(row, Unreadable):
                found[str(row.get(lookup.its or lookup.by))].append(row)
        return found

    def _folder(self) -> str:
        return next(iter(self.places()), self.address)

    def _grouped(self, found: Iterator[Data | Unreadable]) -> Iterator[Data | Unreadable]:
        assert self.declared.group
        by, into = getter(self.declared.group.by, self.declared.tables), self.declared.group.into
        groups: defaultdict[Any, list[Data]] = defaultdict(list)
        for row in found:
            if isinstance(row, Unreadable):
                yield row
            else:
                groups[by(row)].append(row)
        for members in groups.values():
            yield {**members[0], into: members}


def from_file(path: Path, address: str = "") -> GenericSource:
    """The source that a mapping file declares, read from an address instead of its own if one is given. Raises MappingInvalid."""
    declared, revision = declaration.load(path)
    own = declared.address
    if own and "://" not in own:
        own = str(path.parent / Path(own).expanduser())
    return GenericSource(declared, revision, address or own or str(path.parent))


def from_folder(folder: Path, address: str = "") -> list[GenericSource]:
    """The sources of all mapping files in a folder, by code. Raises MappingInvalid for one that cannot be used or comes twice."""
    found: dict[str, GenericSource] = {}
    for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        source = from_file(path, address)
        if source.code in found:
            raise MappingInvalid(f"{path}: another file of this folder declares the source {source.code}, too")
        found[source.code] = source
    if not found:
        raise MappingInvalid(f"There are no mapping files (*.yaml) in {folder}.")
    return list(found.values())
