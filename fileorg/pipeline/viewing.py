"""One run as it is looked at: its sums, its files in any order, and what is redundant in it."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from types import TracebackType
from typing import Self

import msgspec

from fileorg.errors import ConfigError
from fileorg.journal.reading import Step
from fileorg.journal.viewing import Choice
from fileorg.model.entry import Skip
from fileorg.model.evidence import Facts
from fileorg.model.location import Location
from fileorg.model.outcome import Outcome, RunKind, RunState, Status
from fileorg.model.plan import NO_FILES, Action, ActionKind
from fileorg.model.reason import Reason, is_failure
from fileorg.model.summary import RunSummary
from fileorg.pipeline.execute import recount
from fileorg.pipeline.history import status_of
from fileorg.pipeline.lineage import History
from fileorg.pipeline.orders import Order, order_of
from fileorg.pipeline.state import State
from fileorg.pipeline.zone import resolve_zone

BATCH = 1000

_URGENCY = (Status.FAILED, Status.PENDING, Status.COPIED, Status.SKIPPED, Status.DONE)
"""In which order --sort status lists them: what needs a look comes first."""


class Sort(StrEnum):
    """What the files of a run can be sorted by."""

    PATH = "path"
    TARGET = "target"
    SIZE = "size"
    CATEGORY = "category"
    STATUS = "status"


class Listing(msgspec.Struct, frozen=True):
    """Which files are listed and how; without *sort* as they were planned."""

    status: Status | None = None
    category: str | None = None
    sort: Sort | None = None
    reverse: bool = False


class FileLine(msgspec.Struct, frozen=True):
    """One file of a run: absolute paths as bytes, size in bytes, time in nanoseconds UTC.

    One that failed or was left alone before it was planned has no kind, and nothing is known of it
    but why; a folder that failed is there, too, and *is_measured* says that size and time are
    known. *facts* are there of one that was judged by more than its name and time, and *main* of
    one that goes with another: where that was.
    """

    source: bytes
    target: bytes
    size: int
    mtime_ns: int
    kind: ActionKind | None
    category: str
    status: Status
    reason: Reason | None
    detail: str
    facts: Facts | None = None
    main: bytes | None = None

    @property
    def is_measured(self) -> bool:
        """Whether it is a file whose size and time were read."""
        return self.kind is not None and self.kind not in NO_FILES


class GroupLine(msgspec.Struct, frozen=True):
    """A file that was kept, and what was done about those that hold the same."""

    keep: FileLine
    redundant: tuple[FileLine, ...]


class RunDetails(msgspec.Struct, frozen=True):
    """A run, its command line, and its sums."""

    command: tuple[str, ...]
    zone: str
    status: str
    summary: RunSummary


class RunView:
    """One run, opened to look at; a context manager. Each row that it gives was checked."""

    def __init__(self, state: State, name: str) -> None:
        """Open the run of that name; `UnknownRunError` where there is none."""
        self._state = state
        self._record = state.find(name)
        self._journal = state.view(self._record.run)
        try:
            self._roots = [held.root for held in self._journal.roots()]
            self.details = self._details()
        except BaseException:
            self._journal.close()
            raise

    def __enter__(self) -> Self:
        """Give the run."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close its journal."""
        self._journal.close()

    def zone(self) -> dt.tzinfo:
        """Return the zone that the run read dates in, the system's where it had none."""
        try:
            return resolve_zone(self.details.zone or "system")[1]
        except ConfigError:  # it had one that is not known here
            return resolve_zone("system")[1]

    def cells(self) -> "Counter[tuple[Status, str]]":
        """Return how many files there are of each status and category."""
        cells: Counter[tuple[Status, str]] = Counter()
        for step in self.details.summary.steps:
            cells[Status[step.status.upper()], step.category] += step.files
        return cells

    def count(self, listing: Listing) -> int:
        """Return how many files a listing has."""
        return self._count(_choice(listing)) + sum(map(len, self._rest(listing)))

    def files(
        self, listing: Listing, start: int = 0, count: int | None = None
    ) -> Iterator[FileLine]:
        """Yield the files of a listing, or *count* of them from *start* on.

        What was not planned, and folders that failed, come last, whatever the order.
        """
        rest, steps = self._rest(listing), self._count(_choice(listing))
        more = sum(map(len, rest))
        stop = steps + more if count is None else start + count
        before = more if listing.reverse else 0
        low, high = (min(max(place - before, 0), steps) for place in (start, stop))
        if listing.reverse:
            yield from self._last([some[::-1] for some in reversed(rest)], start, stop)
        for batch in self._steps(listing, low, high):
            yield from self._lines(batch)
        if not listing.reverse:
            yield from self._last(rest, start - steps, stop - steps)

    def groups(self, start: int = 0, count: int | None = None) -> Iterator[GroupLine]:
        """Yield what was redundant, by the file that was kept; *count* groups from *start* on.

        The target of a kept file is where the run left it.
        """
        groups, moves = self.details.summary.groups, self._record.kind is not RunKind.DEDUPE
        by_path = order_of(self._state, self._journal, "path") if groups and moves else None
        stop = groups if count is None else min(start + count, groups)
        for low in range(start, stop, BATCH):
            for keep in self._journal.keeps(min(stop - low, BATCH), low):
                (kept,) = self._lines([keep])
                if by_path is not None:
                    place = self._left_at(keep[1].source, by_path)
                    kept = msgspec.structs.replace(kept, target=self._absolute(place))
                yield GroupLine(kept, tuple(self._lines(self._journal.beside(keep[0]))))

    def _left_at(self, location: Location, by_path: Order) -> Location:
        """Return where the run left the file that was there when it began."""
        key = location.folder, location.name
        found = self._journal.steps_at(by_path.search(key, self._journal.source_of))
        for (_, action), outcome in zip(found, self._journal.ended(found), strict=True):
            if action.kind is ActionKind.MOVE and outcome.status is Status.DONE:
                return action.target
        return location

    # in order

    def _steps(self, listing: Listing, start: int, stop: int) -> Iterator[list[Step]]:
        choice, reverse = _choice(listing), listing.reverse
        match listing.sort:
            case None:
                yield from self._planned(choice, start, stop, reverse=reverse)
            case Sort.CATEGORY | Sort.STATUS:
                yield from self._by_cell(listing, start, stop)
            case by:
                yield from self._kept(by, choice, start, stop, reverse=reverse)

    def _by_cell(self, listing: Listing, start: int, stop: int) -> Iterator[list[Step]]:
        choice = _choice(listing)
        cells = [cell for cell in self.cells().items() if choice.has(*cell[0])]
        place = _by_category if listing.sort is Sort.CATEGORY else _by_status
        cells.sort(key=lambda cell: place(cell[0]), reverse=listing.reverse)
        for cell, files in cells:
            if start < files and stop > 0:
                low, high = max(start, 0), min(stop, files)
                yield from self._planned(Choice(*cell), low, high, reverse=listing.reverse)
            start, stop = start - files, stop - files

    def _planned(
        self, choice: Choice, start: int, stop: int, *, reverse: bool
    ) -> Iterator[list[Step]]:
        """Yield steps as they were planned; what lies deep inside is found by a kept order."""
        if start > BATCH:
            yield from self._kept("plan", choice, start, stop, reverse=reverse)
            return
        low, high = 0, self._journal.progress().actions
        skip, left = start, stop - start
        while left > 0:
            steps = self._journal.steps(
                choice, min(left, BATCH), (low, high), skip, backwards=reverse
            )
            if not steps:
                return
            yield steps
            last, skip, left = steps[-1][0], 0, left - len(steps)
            low, high = (low, last) if reverse else (last + 1, high)

    def _kept(
        self, by: str, choice: Choice, start: int, stop: int, *, reverse: bool
    ) -> Iterator[list[Step]]:
        order = order_of(self._state, self._journal, by)
        numbers = order.chosen(choice, start, stop, self._count(choice), reverse=reverse)
        for low in range(0, len(numbers), BATCH):
            yield self._journal.steps_at(numbers[low : low + BATCH])

    def _count(self, choice: Choice) -> int:
        return sum(files for cell, files in self.cells().items() if choice.has(*cell))

    # as values

    def _rest(self, listing: Listing) -> list[range | list[Step]]:
        """Return what is listed last, if it is meant: numbers of notes, and folders that failed."""
        failed, left = self._journal.noted()
        rest: list[range | list[Step]] = []
        if _choice(listing).has(Status.FAILED, ""):
            rest += [failed, self._journal.failed_beside_files()]
        if _choice(listing).has(Status.SKIPPED, ""):
            rest.append(left)
        return rest

    def _last(self, rest: list[range | list[Step]], start: int, stop: int) -> Iterator[FileLine]:
        """Yield some of what is listed last, by its place among all of that."""
        for some in rest:
            part = some[max(start, 0) : max(stop, 0)]
            if isinstance(part, range):
                yield from map(self._noted, self._journal.notes(part))
            else:
                yield from self._lines(part)
            start, stop = start - len(some), stop - len(some)

    def _noted(self, note: Skip) -> FileLine:
        path = self._absolute(note.location)
        status = Status.FAILED if is_failure(note.reason) else Status.SKIPPED
        return FileLine(path, path, 0, 0, None, "", status, note.reason, note.detail)

    def _details(self) -> RunDetails:
        record, journal = self._record, self._journal
        header, summary = journal.header(), journal.summary(RunSummary)
        if summary is None or record.state is not RunState.FINISHED:
            tally = recount(journal, self._roots)
            times = (record.started_ns, record.started_ns)
            summary = tally.summary(
                record.run, record.kind, record.state, times, parent=record.parent
            )
        elif summary.planned and not summary.steps:  # of a fileorg that did not keep them
            steps = recount(journal, self._roots).summary("", record.kind, record.state, (0, 0))
            summary = msgspec.structs.replace(summary, steps=steps.steps)
        status = status_of(record, History(self._state.records()), self._state)
        return RunDetails(header.command, header.zone, status, summary)

    def _lines(self, steps: list[Step]) -> Iterator[FileLine]:
        numbers = [seq for seq, _ in steps]
        facts, mains = self._journal.evidence(numbers), self._journal.mains(numbers)
        for (seq, action), outcome in zip(steps, self._journal.ended(steps), strict=True):
            yield self._line(action, outcome, facts.get(seq), mains.get(seq))

    def _line(
        self, action: Action, outcome: Outcome, facts: Facts | None, main: Action | None
    ) -> FileLine:
        return FileLine(
            self._absolute(action.source),
            self._absolute(action.target),
            action.fingerprint.size,
            action.fingerprint.mtime_ns,
            action.kind,
            action.category,
            outcome.status,
            outcome.reason,
            outcome.detail,
            facts,
            None if main is None else self._absolute(main.source),
        )

    def _absolute(self, location: Location) -> bytes:
        return self._roots[location.root].absolute(location)


def _choice(listing: Listing) -> Choice:
    return Choice(listing.status, listing.category)


def _by_category(cell: tuple[Status, str]) -> tuple[str, int]:
    return cell[1], _URGENCY.index(cell[0])


def _by_status(cell: tuple[Status, str]) -> tuple[int, str]:
    return _URGENCY.index(cell[0]), cell[1]
