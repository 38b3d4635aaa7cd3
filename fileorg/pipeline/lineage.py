"""How runs bear on one another: what is undone, done again, overtaken, or still to be finished."""

import time
from collections.abc import Iterator
from typing import Self

from fileorg.errors import FileorgError, UnknownRunError
from fileorg.journal.index import RunRecord
from fileorg.journal.store import Journal
from fileorg.model.location import overlap, shown
from fileorg.model.outcome import FORWARD, RunKind, RunState
from fileorg.pipeline.state import State


class History:
    """The runs, the newest first: an undo takes back one or a part of it, a redo revives it."""

    def __init__(self, records: list[RunRecord]) -> None:
        self.records = records

    def is_undone(self, record: RunRecord) -> bool:
        """Whether the last that was done about a run is an undo of all that was left of it."""
        return self._last_undo_left(record) == 0

    def is_partly_undone(self, record: RunRecord) -> bool:
        """Whether the last that was done about a run is an undo that was asked for a part."""
        return bool(self._last_undo_left(record))

    def is_settled_undo(self, record: RunRecord) -> bool:
        """Whether a run is undone and nothing of it was left where it is."""
        last = self._last_word(record)
        return self.is_undone(record) and last is not None and not last.failed

    def line(self, record: RunRecord) -> list[RunRecord]:
        """Return the undos and redos of a run that came to act, the newest first, then itself."""
        return [
            *(child for child in self._children(record) if child.state is not RunState.PLANNING),
            record,
        ]

    def family(self, record: RunRecord) -> list[RunRecord]:
        """Return every undo and redo of a run, the newest first, then itself."""
        return [*self._children(record), record]

    def choose(self, name: str, state: State, *, redo: bool, root: bytes | None) -> RunRecord:
        """Return the run that is meant to be undone; `UnknownRunError` where there is none.

        With *redo* the one to do again. *name* may be `last`, which *root* narrows. Of a run that
        is partly undone there is something to undo, and to redo.
        """
        if name != "last":
            found = state.find(name)
            if found.kind not in FORWARD:
                found = state.find(found.parent)
            if redo and not self._has_undone(found):
                raise UnknownRunError(f"{found.run}: it is not undone, so there is nothing to redo")
            return found
        for run in self.records:
            if run.problem:
                _refuse_unusable(run, state)
            if run.kind not in FORWARD or not _changed_something(run):
                continue
            if root is not None and not overlap(run.roots, (root,)):
                continue
            if self._has_undone(run) if redo else self._is_to_be_undone(run):
                return run
        where = f" in {shown(root)}" if root is not None else ""
        what = "redo" if redo else "undo"
        raise UnknownRunError(f"there is no run{where} to {what}", "'fileorg runs' lists them")

    def unfinished(self) -> list[RunRecord]:
        """Return the runs that did not end, and were neither taken back nor overtaken."""
        return [
            record
            for record in self.records
            if record.state is not RunState.FINISHED
            and not record.problem
            and not self._was_answered(record)
            and self.overtaking(record) is None
        ]

    def overtaking(self, record: RunRecord) -> RunRecord | None:
        """Return a later run that changed something on the same folders since a run was settled.

        What such a run has left undone was planned for a disk that is no longer there.
        """
        if record.state is not RunState.INTERRUPTED:
            return None
        for later in self.records:
            if later.run == record.run:
                break
            is_other = later.parent != record.run
            if is_other and _changed_something(later) and overlap(later.roots, record.roots):
                return later
        return None

    def _was_answered(self, record: RunRecord) -> bool:
        """Whether an undo of all of a run has begun to move."""
        return any(
            child.kind is RunKind.UNDO
            and child.state is not RunState.PLANNING
            and not child.not_chosen
            for child in self._children(record)
        )

    def _is_to_be_undone(self, record: RunRecord) -> bool:
        """Whether a run still stands, or its last undo left something, and was the last try."""
        if not self.is_undone(record):
            return True
        last = next(self._children(record), None)
        return last is self._last_word(record) and last is not None and last.failed > 0

    def _has_undone(self, record: RunRecord) -> bool:
        return self._last_undo_left(record) is not None

    def _last_undo_left(self, record: RunRecord) -> int | None:
        """Return how many files the undo was not asked for that was the last word about a run."""
        last = self._last_word(record)
        if last is None or last.kind is not RunKind.UNDO or last.state is not RunState.FINISHED:
            return None
        return last.not_chosen

    def _last_word(self, record: RunRecord) -> RunRecord | None:
        return next((c for c in self._children(record) if _changed_something(c)), None)

    def _children(self, record: RunRecord) -> Iterator[RunRecord]:
        return (child for child in self.records if child.parent == record.run)


class Lineage:
    """The journals of a run's line, the newest first, opened and checked as they are asked for."""

    def __init__(self, state: State, line: list[RunRecord]) -> None:
        self._state = state
        self._records = [r for r in line if state.journal_path(r.run).exists()]
        self.opened: list[Journal] = []

    def __enter__(self) -> Self:
        """Begin with none."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close those that were opened."""
        for journal in self.opened:
            journal.close()

    def __iter__(self) -> Iterator[Journal]:
        return map(self._journal, range(len(self._records)))

    def children(self) -> Iterator[Journal]:
        """Yield all but the run itself."""
        return map(self._journal, range(len(self._records) - 1))

    def _journal(self, number: int) -> Journal:
        while len(self.opened) <= number:
            self.opened.append(self._state.open(self._records[len(self.opened)].run))
            self.opened[-1].verify()
        return self.opened[number]


def describe(record: RunRecord) -> str:
    """Return a run with its root and local time, as a person would name it."""
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(record.started_ns // 10**9))
    return f"run {record.run} of {when} in {', '.join(shown(root) for root in record.roots)}"


def _refuse_unusable(record: RunRecord, state: State) -> None:
    """Raise what is wrong with a journal: it may be that of the run that `last` means."""
    try:
        state.find(record.run)
    except FileorgError as error:
        error.remedy = "so 'last' can't be told; name the run: 'fileorg runs' lists them"
        raise


def _changed_something(record: RunRecord) -> bool:
    is_in_doubt = record.state is RunState.RUNNING
    return record.done > 0 or record.folders > 0 or record.copies_left > 0 or is_in_doubt
