"""From a plan to its end: into the journal, onto the disk, and the sums; shared by every verb."""

import time
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from typing import TypeGuard

from fileorg.errors import (
    FileorgError,
    InterruptedRunError,
    StorageError,
    StorageUnavailableError,
)
from fileorg.events import EventSink, PhaseStarted
from fileorg.journal.reading import JournalReader
from fileorg.journal.schema import PLAN_CHUNK
from fileorg.journal.store import Journal, Row, chunks
from fileorg.model.entry import Skip
from fileorg.model.location import Location, Root
from fileorg.model.outcome import Outcome, RunState, Status
from fileorg.model.plan import Action, InPlace, Joint, NotChosen
from fileorg.model.reason import CONFLICTS, Reason, is_failure
from fileorg.model.summary import RunSummary
from fileorg.move.acts import Rules
from fileorg.move.executor import Executor, Stop
from fileorg.pipeline.interrupts import Interrupts
from fileorg.pipeline.orders import OrdersBeside
from fileorg.pipeline.tally import Tally
from fileorg.storage.base import Storage

Part = Row | InPlace
"""What a plan is made of: what the journal keeps, and what is only counted."""
_NO_TIME_TO_GIVE = {Reason.VANISHED, Reason.FOLDER_GONE, Reason.PERMISSION}
"""The folder is gone, or not ours to touch."""


def record(plan: Iterable[Part], create: Callable[[], Journal]) -> Journal | None:
    """Write a whole plan into a new journal and make it durable; None if it has no action.

    A plan that fails half way leaves no journal behind, nor does one without an action.
    """
    journal: Journal | None = None
    kept: list[Row] = []
    acts = False
    try:
        for chunk in chunks(plan):
            kept += (item for item in chunk if type(item) is Action or _has_row(item))
            acts = acts or any(isinstance(item, Action | Joint) for item in kept)
            if journal is None and (acts or len(kept) > PLAN_CHUNK):
                journal = create()
            if journal is not None:
                journal.record(kept)
                kept.clear()
        if journal is not None and acts:
            journal.planned()
    except BaseException:
        if journal is not None:
            journal.discard()
        raise
    if journal is not None and not acts:
        journal.discard()
        return None
    return journal


def _has_row(item: Part) -> TypeGuard[Row]:
    """Whether the journal keeps an item: not what is in place or left alone as it should be."""
    if isinstance(item, Skip):
        return is_failure(item.reason) or item.reason in CONFLICTS
    return not isinstance(item, InPlace)


def execute(
    journal: Journal,
    storage: Storage,
    rules: Rules,
    tally: Tally,
    sink: EventSink,
    interrupts: Interrupts,
    *,
    jobs: int | None = None,
    settled: Iterable[str] = (),
) -> RunSummary:
    """Execute what the journal holds and close it; return the sums of the run.

    `InterruptedRunError` and `StorageUnavailableError` leave a run that recover and undo know.
    """
    header, total = journal.header(), journal.progress().actions
    carries = tally.copies or len({root.device for root in storage.roots}) > 1
    to_carry = journal.bytes_to_carry() if carries else 0
    sink.tell(PhaseStarted("execute", total, bytes=to_carry))
    counting = _Counting(sink, tally)
    executor = Executor(journal, storage, rules, counting, interrupts.requested, jobs)
    with closing(journal), OrdersBeside(journal, fork=jobs != 1) as orders:
        executor.run()
        outcomes = executor.take_outcomes()
        state = RunState.FINISHED
        if executor.stopped is None:
            sink.tell(PhaseStarted("sync"))
            _restore_times(journal, storage, tally)
            _sync(storage, header.run)
        elif executor.stopped is Stop.SIGNAL and _is_synced(storage, header.run):
            state = RunState.INTERRUPTED
            journal.settle(outcomes, executor.high)
            tally = recount(journal, storage.roots)
        else:
            _leave_in_doubt(journal, outcomes)
            raise _stopped(executor, header.run, total, interrupts)
        tally.companions = journal.companions_done(outcomes)
        times = (header.started_ns, time.time_ns())
        summary = tally.summary(
            header.run, header.kind, state, times, parent=header.parent, settled=settled
        )
        journal.finish(state, outcomes, executor.high, summary, _left_at(journal, storage))
        orders.keep()
    if executor.stopped is not None:
        raise _stopped(executor, header.run, total, interrupts)
    return summary


def recount(journal: JournalReader, roots: Iterable[Root]) -> Tally:
    """Return the sums of a run from its rows, as far as it came."""
    tally = Tally(list(roots))
    outcomes, progress = journal.outcomes(), journal.progress()
    for low in range(0, progress.actions, PLAN_CHUNK):
        for seq, action in journal.between(low, low + PLAN_CHUNK):
            tally.plan(action)
            outcome = outcomes.get(seq)
            if outcome is None and seq >= progress.high:
                outcome = Outcome(seq, Status.PENDING, Reason.STOPPED)
            if outcome is not None:
                tally.happened(action, outcome)
    for numbers in journal.noted():
        for note in journal.notes(numbers):
            tally.plan(note)
    tally.plan(NotChosen(journal.not_chosen()))
    tally.companions = journal.companions_done()
    return tally


class _Counting:
    """Counts what is more than a plain success, and passes on what is wanted."""

    def __init__(self, sink: EventSink, tally: Tally) -> None:
        self._tally = tally
        self.wants_actions = sink.wants_actions
        self.tell = sink.tell
        self.planned = sink.planned
        self._pass_on = sink.happened if sink.wants_actions else None

    def happened(self, action: Action, outcome: Outcome | None) -> None:
        """Count one action."""
        if outcome is not None:
            self._tally.happened(action, outcome)
        if self._pass_on is not None:
            self._pass_on(action, outcome)


def _sync(storage: Storage, run: str) -> None:
    """Make all of a run durable; `StorageUnavailableError` leaves it to recovery."""
    try:
        storage.sync(range(len(storage.roots)))
    except StorageError as error:
        raise StorageUnavailableError(f"what was done may not last: {error}", _mend(run)) from error


def _is_synced(storage: Storage, run: str) -> bool:
    try:
        _sync(storage, run)
    except StorageUnavailableError:
        return False
    return True


def _stopped(executor: Executor, run: str, total: int, interrupts: Interrupts) -> FileorgError:
    """Return the error of a run that its disk or a signal has stopped."""
    if executor.stopped is Stop.FAULT:
        return StorageUnavailableError(executor.fault, _mend(run))
    return InterruptedRunError(
        f"stopped after {executor.high} of {total} steps; nothing is lost",
        f"fileorg recover {run} goes on, fileorg undo {run} takes it back",
        signal=interrupts.signal,
    )


def _mend(run: str) -> str:
    return f"every file is at its source or its target; mend it, then: fileorg recover {run}"


def _leave_in_doubt(journal: Journal, outcomes: list[Outcome]) -> None:
    """Leave a run that its disk has stopped as one that was killed.

    The disk may yet lose what seems done, and half-made files may stand there: only a look at
    it, when it is well, can tell.
    """
    with suppress(StorageUnavailableError):  # then they are found by that look too
        journal.note(outcomes)


def _restore_times(journal: Journal, storage: Storage, tally: Tally) -> None:
    if tally.failed and not (tally.planned or tally.made or tally.removed):
        return  # nothing was done, so the folders keep the times that they have
    for folder, mtime_ns in journal.times_to_restore().items():
        try:
            storage.set_folder_mtime(folder, mtime_ns)
        except StorageError as error:
            if error.reason not in _NO_TIME_TO_GIVE:
                tally.fail(folder, error.reason, str(error))


def _left_at(journal: Journal, storage: Storage) -> list[tuple[Location, int]]:
    """Return the modification times at which the run leaves the folders it touched."""
    times = []
    for found in journal.found_folders():
        try:
            times.append((found.location, storage.folder_facts(found.location).mtime_ns))
        except StorageError:
            continue  # the run removed it
    return times
