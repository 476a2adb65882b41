"""The rows of a sheet, done one by one: a bad one is told with its line, and the others go on."""

import csv
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from django.db import transaction

from corridor.accounts.models import User
from corridor.kit.errors import Problem

from .errors import NotStaff, RowRefused, SheetUnreadable

MOMENTS = ("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y")  # as spreadsheets write them


class Outcome(StrEnum):
    DONE = "done"
    BEFORE = "before"  # done before, or not to be done
    REFUSED = "refused"


@dataclass(frozen=True)
class Row:
    """A line of a sheet; what is not there is empty."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def needed(self, column: str) -> str:
        """Raises RowRefused where nothing is written."""
        if not self[column]:
            raise RowRefused(f"Nothing is written under “{column}”.")
        return self[column]

    def moment(self, column: str) -> datetime | None:
        """In UTC. Raises RowRefused for what is no date."""
        for form in MOMENTS if self[column] else ():
            try:
                return datetime.strptime(self[column], form).replace(tzinfo=UTC)
            except ValueError:
                continue
        if self[column]:
            raise RowRefused(f"“{self[column]}” under “{column}” is no date. Write it as 12/31/2026 09:00:00.")
        return None


@dataclass(frozen=True)
class Told:
    """What became of a row; `made` is what staff hand on."""

    line: int
    outcome: Outcome
    said: str
    made: Sequence[str] = ()


Act = Callable[[Row], Told]


def read(file: Path, columns: Collection[str]) -> list[Row]:
    """The rows of a CSV file. Raises SheetUnreadable when it has not these columns."""
    try:
        with file.open(newline="", encoding="utf-8-sig") as text:
            sheet = csv.DictReader(text, restkey="", restval="")
            if missing := [column for column in columns if column not in (sheet.fieldnames or ())]:
                raise SheetUnreadable(f"{file} has no column “{missing[0]}”. It needs: {', '.join(columns)}.")
            return [Row(sheet.line_num, {name: (cell or "").strip() for name, cell in row.items() if name}) for row in sheet]
    except (UnicodeDecodeError, csv.Error) as error:
        raise SheetUnreadable(f"{file} is no sheet of comma-separated values: {error}") from error


def work(rows: Sequence[Row], act: Act, *, apply: bool) -> list[Told]:
    """Do each row in a transaction of its own. Without `apply` all is done and taken back, so that what is told is what would be."""
    kept: AbstractContextManager[None] = nullcontext() if apply else _taken_back()
    with kept:
        return [_done(row, act) for row in rows]


def _done(row: Row, act: Act) -> Told:
    try:
        with transaction.atomic():
            return act(row)
    except Problem as problem:
        return Told(row.line, Outcome.REFUSED, problem.message)


@contextmanager
def _taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def staff(email: str, permission: str) -> User:
    """Who answers for it. Raises NotStaff."""
    person = User.objects.filter(email__iexact=email).first() or User.objects.filter(username=email).first()
    if person is None or not person.has_perm(permission):
        raise NotStaff(email)
    return person
