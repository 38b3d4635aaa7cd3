"""Dropping old journals: a run's with those of its undos and redos, once nothing needs them."""

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from fileorg.config.schema import Config
from fileorg.config.values import parse_age
from fileorg.errors import FileorgError, RunBusyError, UsageError
from fileorg.journal.files import remove_file
from fileorg.journal.index import RunRecord
from fileorg.model.location import QUARANTINE, is_remote, join, shown
from fileorg.model.outcome import FORWARD
from fileorg.model.plan import ActionKind
from fileorg.pipeline.lineage import History
from fileorg.pipeline.state import State
from fileorg.storage.locks import Locks

_ASIDE = (ActionKind.SET_ASIDE, ActionKind.QUARANTINE)


class PruneRequest(msgspec.Struct, frozen=True):
    """Which journals to drop: those of runs that ended before a moment, but for the newest runs."""

    state: State
    before_ns: int
    keep: int
    dry_run: bool = False


class KeptRun(msgspec.Struct, frozen=True):
    """A run whose journals stay although they are old, and why."""

    run: str
    reason: str


class PruneSummary(msgspec.Struct, frozen=True):
    """What was dropped, or would be; *runs* are those that are no undo or redo of another."""

    runs: int
    journals: int
    bytes: int
    kept: tuple[KeptRun, ...]
    dry_run: bool = False


def age_of(config: Config, older_than: str | None) -> int:
    """Return from how many nanoseconds on a run is old: as asked, else as `retention` says.

    `UsageError` where that is no age.
    """
    try:
        return parse_age(config.retention if older_than is None else older_than)
    except ValueError as error:
        raise UsageError(str(error)) from error


def prune(request: PruneRequest) -> PruneSummary:
    """Drop the journals of old runs that nothing depends on; those can't be taken back any more."""
    runs = journals = size = 0
    kept: list[KeptRun] = []
    unfinished = {record.run for record in History(request.state.records()).unfinished()}
    for line in _old(request):
        reason = _needed(line, request.state, unfinished)
        paths = [request.state.journal_path(record.run) for record in reversed(line)]
        room = sum(path.stat().st_size for path in paths)
        if reason is None and not request.dry_run:
            reason = _drop(line, paths, request.state.locks)
        if reason is not None:
            kept.append(KeptRun(line[-1].run, reason))
            continue
        runs, journals, size = runs + 1, journals + len(line), size + room
    if not request.dry_run:
        request.state.records()  # writes the list anew
    return PruneSummary(runs, journals, size, tuple(kept), request.dry_run)


def _drop(line: list[RunRecord], paths: list[Path], beside: Path) -> str | None:
    """Remove the journals of a line, the run's first; return why not where it is at work now.

    What is left of a line without its run is of no run, and goes the next time.
    """
    locks = Locks(beside)
    try:
        roots = {root for record in line for root in record.roots}
        locks.take({root for root in roots if is_remote(root) or os.path.isdir(root)}, 0)
        for path in paths:
            remove_file(path)
    except RunBusyError as error:
        return error.message
    finally:
        locks.close()
    return None


def _old(request: PruneRequest) -> Iterator[list[RunRecord]]:
    """Yield the lines that are old enough, the newest first; an undo of no run is a line, too."""
    records = request.state.records()
    history, known = History(records), {record.run for record in records}
    heads = [record for record in records if record.kind in FORWARD or record.parent not in known]
    for head in heads[request.keep :]:
        line = history.family(head)
        if all(max(record.started_ns, record.ended_ns) < request.before_ns for record in line):
            yield line


def _needed(line: list[RunRecord], state: State, unfinished: set[str]) -> str | None:
    """Return what depends on a line, or None."""
    for record in line:
        if record.problem:
            return record.problem
        if record.run in unfinished:
            return f"run {record.run} was interrupted: fileorg recover {record.run}"
        for root in record.roots:
            if os.path.lexists(join(root, join(QUARANTINE, record.run.encode()))):
                return f"files of it are in quarantine in {shown(root)}"
            if is_remote(root) and _sets_aside(state, record):
                return f"files of it are in quarantine in {shown(root)}, as far as is known"
            if not os.path.isdir(root) and _sets_aside(state, record):
                return f"{shown(root)} is not there, and files of it may be in quarantine"
    return None


def _sets_aside(state: State, record: RunRecord) -> bool:
    try:
        journal = state.open(record.run)
    except FileorgError:
        return True
    try:
        return any(any(journal.of_kind(kind)) for kind in _ASIDE)
    finally:
        journal.close()
