"""What a report says, as values; their JSON is published as docs/report.schema.json (pure)."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable
from typing import Literal

import msgspec

from fileorg.model.evidence import Told, evidence_wire
from fileorg.model.location import exact, shown
from fileorg.model.outcome import Status
from fileorg.model.plan import CARRIES
from fileorg.model.summary import RunSummary
from fileorg.pipeline.viewing import FileLine, GroupLine, RunDetails
from fileorg.report.sums import Sum

FORMAT = "fileorg-report"
VERSION = 1

_FIRST_YEAR = 1980
_NO_YEAR = 0
_SECOND_NS = 1_000_000_000
UNDATED = "Undated"


class Place(msgspec.Struct, frozen=True):
    """A path as text, and in base64 where the text alone would not give it back."""

    path: str
    path_b64: str | msgspec.UnsetType = msgspec.UNSET


class File(msgspec.Struct, frozen=True):
    """One file of a run; size in bytes, time in nanoseconds UTC.

    One that was not even planned has no kind, and its target is where it is; a folder that
    could not be made or removed is among them, and its size and time say nothing. There is
    *evidence* of one that was judged by more than its name and time, and one that goes with
    another says where that was.
    """

    source: Place
    target: Place
    size: int
    mtime_ns: int
    kind: str | None
    category: str
    status: Literal["done", "skipped", "failed", "pending", "copied"]
    reason: str | None
    detail: str
    evidence: Told | msgspec.UnsetType = msgspec.UNSET
    main: Place | msgspec.UnsetType = msgspec.field(name="with", default=msgspec.UNSET)


class Group(msgspec.Struct, frozen=True):
    """A file that was kept, and what was done about those that hold the same."""

    keep: Place
    size: int
    redundant: tuple[File, ...]


class Run(msgspec.Struct, frozen=True):
    """How a run stands, and what asked for it."""

    status: str
    command: tuple[str, ...]
    zone: str


class Report(msgspec.Struct, frozen=True):
    """A whole report; `version` rises when a reader of the old one would go wrong."""

    format: Literal["fileorg-report"]
    version: Literal[1]
    fileorg: str
    run: Run
    summary: RunSummary
    by_outcome: tuple[Sum, ...]
    by_category: tuple[Sum, ...]
    duplicates: tuple[Group, ...]
    files: tuple[File, ...]
    by_year: tuple[Sum, ...]


def file_of(line: FileLine) -> File:
    """Return one file as a report has it."""
    return File(
        _place(line.source),
        _place(line.target),
        line.size,
        line.mtime_ns,
        None if line.kind is None else line.kind.name.lower(),
        line.category,
        line.status.name.lower(),  # type: ignore[arg-type]
        None if line.reason is None else line.reason.value,
        line.detail,
        msgspec.UNSET if line.facts is None else evidence_wire(line.facts),
        msgspec.UNSET if line.main is None else _place(line.main),
    )


def group_of(line: GroupLine) -> Group:
    """Return one group as a report has it."""
    redundant = tuple(file_of(one) for one in line.redundant)
    return Group(_place(line.keep.target), line.keep.size, redundant)


def run_of(details: RunDetails) -> Run:
    """Return how a run stands as a report has it."""
    return Run(details.status, details.command, details.zone)


def _place(path: bytes) -> Place:
    return Place(shown(path), exact(path))


class Years:
    """Counts what was done by the year of its date, in one zone.

    That is the date that was found, else the last change, of which nothing counts that is later
    than the run itself.
    """

    def __init__(self, zone: dt.tzinfo, until_ns: int) -> None:
        last = dt.datetime.fromtimestamp(until_ns // _SECOND_NS, zone).year
        years = range(_FIRST_YEAR, last + 2)
        self._zone = zone
        self._starts = [
            int(dt.datetime(year, 1, 1, tzinfo=zone).timestamp()) * _SECOND_NS for year in years
        ]
        self._found: dict[int, tuple[int, int]] = {}

    def count(self, lines: Iterable[FileLine]) -> None:
        """Count files."""
        for line in lines:
            if line.status is Status.DONE and line.kind in CARRIES:
                year = self._year_of(line)
                files, size = self._found.get(year, (0, 0))
                self._found[year] = files + 1, size + line.size

    def sums(self) -> list[Sum]:
        """Return the years that have files, and at the end those without a credible one."""
        undated = self._found.get(_NO_YEAR)
        sums = [Sum(str(year), *self._found[year]) for year in sorted(self._found) if year]
        return [*sums, Sum(UNDATED, *undated)] if undated else sums

    def _year_of(self, line: FileLine) -> int:
        date = None if line.facts is None else line.facts.date
        if date is not None:
            return date.clock(self._zone).year
        place = bisect_right(self._starts, line.mtime_ns)
        return _FIRST_YEAR + place - 1 if 0 < place < len(self._starts) else _NO_YEAR
