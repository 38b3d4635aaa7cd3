"""Interrupted runs: look at the disk, say what happened, and finish or take back."""

import time
from contextlib import suppress

import msgspec

from fileorg.content.compare import same_content
from fileorg.errors import (
    RefusedError,
    StorageError,
    StorageUnavailableError,
    UndecidedError,
)
from fileorg.events import EventSink, Noted, PhaseStarted, Progressed, RunStarted
from fileorg.journal.recovery import Resolution, resolve_copy, resolve_move
from fileorg.journal.schema import BATCH
from fileorg.journal.store import Journal
from fileorg.model.entry import FileEntry, Kind
from fileorg.model.location import Location, Root, shown
from fileorg.model.outcome import FORWARD, Outcome, RunKind, RunState, Status
from fileorg.model.plan import Action, ActionKind
from fileorg.model.reason import Reason
from fileorg.model.summary import RunSummary
from fileorg.move.acts import Rules, look, temporary
from fileorg.move.departure import return_departing, take_away
from fileorg.move.redundant import is_link_made, leads_to_original
from fileorg.move.transfer import FATAL
from fileorg.pipeline.costs import with_requests
from fileorg.pipeline.execute import execute, recount
from fileorg.pipeline.halves import complete_units
from fileorg.pipeline.interrupts import Interrupts
from fileorg.pipeline.lineage import History
from fileorg.pipeline.rewritten import is_of_a_bucket, settled
from fileorg.pipeline.state import State, boot_id
from fileorg.pipeline.workspace import Workspace, found_again
from fileorg.storage.base import Storage
from fileorg.storage.local_probe import mount_id

_BROKEN_DISK = FATAL | {Reason.IO_ERROR}
_COARSEST_NS = 2_000_000_000  # FAT keeps times to two seconds


class RecoverRequest(msgspec.Struct, frozen=True):
    """Which run to settle, and finish unless *only_settle*; *wait* in seconds for a lock."""

    run: str
    state: State
    wait: float = 0
    jobs: int | None = None
    only_settle: bool = False


def interrupted_runs(state: State) -> list[str]:
    """Return the ids of the runs that are to be finished, the oldest first.

    Those in doubt come before: they must be looked at before another one moves the same files.
    Where there is none, a journal that can't be used is an error: it may be that of one.
    """
    records = state.records()
    left = History(records).unfinished()
    unusable = [record for record in records if record.problem]
    if unusable and not left:
        for record in unusable:
            state.find(record.run)  # raises what is wrong with it, if that is still so
        left = History(state.records()).unfinished()
    left.reverse()
    left.sort(key=lambda record: record.state is RunState.INTERRUPTED)
    return [record.run for record in left]


def recover(request: RecoverRequest, sink: EventSink) -> RunSummary | None:
    """Settle an interrupted run and do what is left of it; None if there was no plan to finish.

    `RefusedError` if a later run has been at work on the same folders since it was settled.
    """
    if not request.only_settle:
        _check_not_overtaken(request)
    journal = request.state.open(request.run)
    with Interrupts() as interrupts, Workspace(roots_now(journal)) as work:
        if not request.only_settle:
            header, paths = journal.header(), tuple(root.path for root in work.roots)
            sink.tell(RunStarted(header.run, header.kind, paths, parent=header.parent))
        work.lock(request.state.locks, request.wait)
        journal.verify()
        if journal.progress().state is RunState.PLANNING:
            journal.discard()
            return None
        work.probe(request.run)
        settle(journal, work.storage, sink, decide=True)
        if request.only_settle:
            return with_requests(_close_settled(journal, work.roots), work)
        return with_requests(_finish(journal, work, sink, interrupts, request.jobs), work)


def _check_not_overtaken(request: RecoverRequest) -> None:
    history = History(request.state.records())
    later = history.overtaking(request.state.find(request.run))
    if later is not None:
        raise RefusedError(
            f"run {request.run} can't be finished: run {later.run} was at work there after it",
            f"run your command again for what is left; fileorg undo {request.run} takes back "
            "what it did",
        )


def settle_interrupted(state: State, work: Workspace, sink: EventSink) -> list[str]:
    """Settle every interrupted run on the roots of a new one, and say so; return their ids.

    Nothing but half-made steps is touched. `UndecidedError` where the disk cannot say.
    """
    runs = []
    roots = [root.path for root in work.roots]
    for record in state.interrupted(roots):
        journal = state.open(record.run)
        others = roots_now(journal)
        with Workspace(others) as theirs:
            theirs.lock_beside(state.locks, roots)
            journal.verify()
            if journal.progress().state is RunState.PLANNING:
                journal.discard()
                continue
            theirs.probe(record.run)
            pending = settle(journal, theirs.storage, sink)
            if pending:
                _close_settled(journal, others)
            else:
                with Interrupts() as interrupts:
                    _finish(journal, theirs, sink, interrupts, 1)
            work.add_requests(theirs)
        left = f"{pending} of its steps were not done" if pending else "all was done"
        sink.tell(Noted(f"settled interrupted run {record.run}; {left}"))
        runs.append(record.run)
    return runs


def settle(journal: Journal, storage: Storage, sink: EventSink, *, decide: bool = False) -> int:
    """Write down what the disk says of the steps in doubt; return how many are still to be done.

    With *decide*, steps that the disk cannot say anything about are recorded as failed instead
    of ending in `UndecidedError`.
    """
    progress, known = journal.progress(), journal.outcomes()
    low = 0 if _may_have_lost_renames(journal) else progress.low
    if progress.state is not RunState.RUNNING:
        return _left_to_do(journal)
    sink.tell(PhaseStarted("settle", progress.high - low))
    observer = _Observer(storage, journal.header().run, journal)
    outcomes: list[Outcome] = []
    for start in range(low, progress.high, BATCH):
        for seq, action in journal.between(start, min(start + BATCH, progress.high)):
            before = known.get(seq)
            if before is not None and before.status in {Status.SKIPPED, Status.FAILED}:
                continue
            outcome = _observed(observer, seq, action, before)
            if outcome is not None:
                outcomes.append(outcome)
        sink.tell(Progressed("settle", start - low))
    unknown = [outcome for outcome in outcomes if outcome.reason is Reason.UNDECIDED]
    if unknown and not decide:
        run = journal.header().run
        raise UndecidedError(
            f"run {run} was interrupted and {len(unknown)} of its steps left no trace, "
            f"the first at {unknown[0].detail}",
            f"look there, then: fileorg recover {run}",
        )
    known |= {outcome.seq: outcome for outcome in outcomes}

    def status_of(seq: int) -> Status:
        return known[seq].status if seq in known else Status.DONE

    rules, steps = _rules(journal), range(low, progress.high)
    outcomes += complete_units(journal, storage, rules, steps, status_of)
    storage.sync(range(len(storage.roots)))  # what is settled is not looked at again
    journal.settle(outcomes, progress.high)
    return _left_to_do(journal)


def _observed(
    observer: "_Observer", seq: int, action: Action, before: Outcome | None
) -> Outcome | None:
    """Return what became of a step; one that can't be put right now is still to be done."""
    try:
        return observer.observe(seq, action, before)
    except StorageError as error:
        if error.reason in _BROKEN_DISK:
            raise StorageUnavailableError(
                f"{observer.place(action)}: {error}",
                f"mend it, then: fileorg recover {observer.run}",
            ) from error
        return Outcome(seq, Status.PENDING, error.reason, str(error))


class _Observer:
    """Looks at both ends of a step and puts right what is half made."""

    def __init__(self, storage: Storage, run: str, journal: Journal) -> None:
        self._storage = storage
        self.run = run
        self._note = journal.note
        self._started_ns = journal.header().started_ns
        self._ways = [held.way for held in journal.roots()]
        self._facts = {folder.location: folder.facts for folder in journal.found_folders()}

    def place(self, action: Action) -> str:
        """Return where a step's file was, as a person reads it."""
        return shown(self._storage.roots[action.source.root].absolute(action.source))

    def observe(self, seq: int, action: Action, before: Outcome | None) -> Outcome | None:
        """Return the outcome to write down; None where the step was plainly done."""
        if is_of_a_bucket(self._storage, action):
            return settled(self._storage, self._note, seq, action, before)
        match action.kind:
            case ActionKind.MAKE_FOLDER:
                return self._made_folder(seq, action, before)
            case ActionKind.REMOVE_FOLDER | ActionKind.REMOVE_COPY | ActionKind.REMOVE_LINK:
                return self._removed(seq, action)
            case ActionKind.KEEP | ActionKind.LEAVE_CLONE:
                return None
            case ActionKind.CLONE:
                return Outcome(seq, Status.PENDING)  # it may be done twice
            case ActionKind.LINK:
                return self._linked(seq, action)
            case ActionKind.COPY:
                self._clear_part(seq, action)
                return self._copied(seq, action)
            case _:
                return self._moved(seq, action, before)

    def _removed(self, seq: int, action: Action) -> Outcome | None:
        return_departing(self._storage, self.run, seq, action.source)
        found = look(self._storage, action.source)
        is_there = found is not None and (
            action.kind is not ActionKind.REMOVE_LINK  # what it stood for may be back already
            or is_link_made(self._storage, found, action)
        )
        return Outcome(seq, Status.PENDING) if is_there else None

    def _made_folder(self, seq: int, action: Action, before: Outcome | None) -> Outcome | None:
        found = look(self._storage, action.target)
        if found is None:
            return Outcome(seq, Status.PENDING)
        if before is not None and before.status is Status.DONE:
            return None
        self._storage.dress_folder(action.target, self._facts.get(action.target))
        return Outcome(seq, Status.DONE, inode=found.fingerprint.inode)

    def _linked(self, seq: int, action: Action) -> Outcome:
        found = look(self._storage, action.target)
        if found is not None and leads_to_original(self._storage, found, action):
            return Outcome(seq, Status.DONE, inode=found.fingerprint.inode)
        return Outcome(seq, Status.PENDING)  # what stands there may be set aside first

    def _moved(self, seq: int, action: Action, before: Outcome | None) -> Outcome | None:
        self._end_detour(seq, action)
        self._clear_part(seq, action)
        return_departing(self._storage, self.run, seq, action.source)
        source, target = look(self._storage, action.source), look(self._storage, action.target)
        made_anew = before is not None and before.status is Status.DONE and before.inode != 0
        if made_anew and source is None and target is not None:
            return None
        # Inode numbers of two devices say nothing of each other.
        if self._crosses(action) or (before is not None and before.status is Status.COPIED):
            return self._copied(seq, action)
        resolution = resolve_move(
            action.fingerprint, source, target, listed=self._listed(action, source, target)
        )
        if resolution is Resolution.DONE:
            return None
        if resolution is Resolution.HALF and source is not None and target is not None:
            if self._is_one_file(source, target):
                self._storage.remove(action.source, source)
                return None
            resolution = Resolution.BLOCKED
        if resolution is Resolution.BLOCKED and target is not None:
            self._clear_placeholder(target)
        if resolution is Resolution.UNKNOWN:
            return Outcome(seq, Status.FAILED, Reason.UNDECIDED, self.place(action))
        return Outcome(seq, Status.PENDING)

    def _copied(self, seq: int, action: Action) -> Outcome:
        source, target = look(self._storage, action.source), look(self._storage, action.target)
        resolution = resolve_copy(action.kind, source, target, action.fingerprint)
        made = target.fingerprint.inode if target is not None else 0
        if resolution is Resolution.DONE:
            return Outcome(seq, Status.DONE, inode=made)
        if resolution is Resolution.HALF and source is not None and target is not None:
            self._storage.sync([action.target.root])
            if same_content(self._storage, source, target):
                take_away(self._storage, self.run, seq, source)
                return Outcome(seq, Status.DONE, inode=made)
        if resolution is Resolution.BLOCKED and target is not None:
            self._clear_placeholder(target)
        if resolution is Resolution.UNKNOWN:
            return Outcome(seq, Status.FAILED, Reason.UNDECIDED, self.place(action))
        return Outcome(seq, Status.PENDING)

    def _end_detour(self, seq: int, action: Action) -> None:
        """Take a file from the temporary name of a case-only rename to its new name, or back."""
        detour = temporary(action.target, self.run, seq, "case")
        if look(self._storage, detour) is None or look(self._storage, action.source) is not None:
            return
        free = look(self._storage, action.target) is None
        self._storage.rename(detour, action.target if free else action.source)

    def _clear_part(self, seq: int, action: Action) -> None:
        """Remove the unfinished copy of a file whose original is still there."""
        part = temporary(action.target, self.run, seq, "part")
        found = look(self._storage, part)
        if found is not None and look(self._storage, action.source) is not None:
            self._storage.remove(part, found)

    def _is_one_file(self, source: FileEntry, target: FileEntry) -> bool:
        """Whether two names are those of one file, which a file without a number has to prove."""
        if source.fingerprint.inode:
            return True
        is_linked = self._ways[target.location.root] == "link"
        return is_linked and same_content(self._storage, source, target)

    def _listed(
        self, action: Action, source: FileEntry | None, target: FileEntry | None
    ) -> tuple[bool, bool]:
        """Return which of the names of a step are listed; asked only where both have a file."""
        if source is None or target is None:  # a folder of thousands is not listed for each of them
            return source is not None, target is not None
        return self._is_listed(action.source), self._is_listed(action.target)

    def _is_listed(self, location: Location) -> bool:
        try:
            return location.name in self._storage.names(location.folder)
        except StorageError:
            return False

    def _clear_placeholder(self, target: FileEntry) -> None:
        """Remove the empty file or folder that the last rung of the ladder leaves when killed."""
        way, made = self._ways[target.location.root], target.fingerprint.mtime_ns
        if way == "rename" or made < self._started_ns - _COARSEST_NS:
            return
        with suppress(StorageError):  # not empty: somebody else's
            if target.kind is Kind.FOLDER:
                self._storage.remove_folder(target.location, target.fingerprint.inode)
            elif target.kind is Kind.FILE and target.fingerprint.size == 0:
                self._storage.remove(target.location, target)

    def _crosses(self, action: Action) -> bool:
        """Whether a step had to copy: its two folders lie on two devices, or on two mounts."""
        source, target = action.source, action.target
        roots = self._storage.roots
        if roots[source.root].device != roots[target.root].device:
            return True
        places = source.folder, target.folder
        mounts = {mount_id(roots[place.root].absolute(place)) for place in places} - {""}
        return len(mounts) > 1


def _finish(
    journal: Journal, work: Workspace, sink: EventSink, interrupts: Interrupts, jobs: int | None
) -> RunSummary:
    tally = recount(journal, work.roots)
    tally.retry_pending()
    return execute(journal, work.storage, _rules(journal), tally, sink, interrupts, jobs=jobs)


def _rules(journal: Journal) -> Rules:
    header = journal.header()
    is_undo = header.kind is RunKind.UNDO
    return Rules(header.run, rollback=header.kind not in FORWARD, restores=is_undo)


def _close_settled(journal: Journal, roots: list[Root]) -> RunSummary:
    header = journal.header()
    times = (header.started_ns, time.time_ns())
    summary = recount(journal, roots).summary(
        header.run, header.kind, RunState.INTERRUPTED, times, parent=header.parent
    )
    journal.finish(RunState.INTERRUPTED, (), journal.progress().high, summary)
    journal.close()
    return summary


def _left_to_do(journal: Journal) -> int:
    progress = journal.progress()
    waiting = sum(o.status is Status.PENDING for o in journal.outcomes().values())
    return progress.actions - progress.high + waiting


def roots_now(journal: Journal) -> list[Root]:
    """Return a run's roots as they are now: the same folders, on whatever device number."""
    return [found_again(held.root) for held in journal.roots()]


def _may_have_lost_renames(journal: Journal) -> bool:
    """Whether the machine or a mount went away since, so that no outcome row can be trusted."""
    if journal.header().boot != boot_id():
        return not all(held.root.reach for held in journal.roots())
    return any(
        not held.mount or mount_id(held.root.path) != held.mount
        for held in journal.roots()
        if not held.root.reach
    )
