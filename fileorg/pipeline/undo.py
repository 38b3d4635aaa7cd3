"""Taking back a run, and doing it again: the inverse of its rows, as a run of its own."""

import time
from collections.abc import Iterable, Iterator
from contextlib import suppress

import msgspec

from fileorg.errors import (
    StorageError,
    StorageUnavailableError,
)
from fileorg.events import EventSink, Noted, PhaseStarted
from fileorg.journal.index import RunRecord
from fileorg.journal.rollback import rollback
from fileorg.journal.store import Journal
from fileorg.model.entry import FolderFacts, Skip
from fileorg.model.location import Location, Root, shown
from fileorg.model.outcome import Outcome, RunKind, RunState
from fileorg.model.plan import NO_FINGERPRINT, Action, ActionKind, FolderFound, FolderTime, Joint
from fileorg.model.reason import Reason
from fileorg.model.summary import RunSummary
from fileorg.move.acts import Rules
from fileorg.pipeline.execute import execute, record
from fileorg.pipeline.interrupts import Interrupts
from fileorg.pipeline.lineage import History, describe
from fileorg.pipeline.recover import roots_now, settle_interrupted
from fileorg.pipeline.renumbered import Renumbered
from fileorg.pipeline.state import State, create_journal, new_run_id
from fileorg.pipeline.tally import Tally
from fileorg.pipeline.workspace import Workspace
from fileorg.storage.base import Storage

Part = Action | Joint | FolderFound | FolderTime | Skip


class UndoRequest(msgspec.Struct, frozen=True):
    """Which run to take back, or with *redo* to do again; `last` is an answer too."""

    run: str
    state: State
    redo: bool = False
    root: bytes | None = None
    include_changed: bool = False
    dry_run: bool = False
    wait: float = 0
    jobs: int | None = None
    command: tuple[str, ...] = ()


def undo(request: UndoRequest, sink: EventSink) -> RunSummary:
    """Put a run back, or do it again; return the sums, in which each thing left is named.

    Only the very files that the run moved are touched, and no place that is taken.
    """
    started = time.time_ns()
    history = History(request.state.records())
    chosen = history.choose(request.run, request.state, redo=request.redo, root=request.root)
    kind = RunKind.REDO if request.redo else RunKind.UNDO
    if not request.redo and history.is_settled_undo(chosen):
        sink.tell(Noted(f"{describe(chosen)} is undone already"))
        return Tally([]).summary("", kind, RunState.FINISHED, (started, started), parent=chosen.run)
    sink.tell(Noted(f"{kind.value} of {describe(chosen)}"))
    with Interrupts() as interrupts, Workspace(_roots(request.state, chosen)) as work:
        settled: list[str] = []
        if not request.dry_run:
            work.lock(request.wait)
            settled = settle_interrupted(request.state, work, sink)
        run, tally = new_run_id(started), Tally(work.roots)
        basis = request.state.open(history.basis(chosen, redo=request.redo).run)
        try:
            basis.verify()
            sink.tell(PhaseStarted("plan"))
            left = _left_times(request.state, basis, history.undos(chosen))
            times: list[FolderTime] = []
            renumbered = Renumbered(request.state, history.records, chosen)
            plan = _plan(basis, work.storage, left, renumbered)
            plan = _counted(plan, tally, times, interrupts)
            if request.dry_run:
                for _ in plan:
                    pass
                return tally.summary(
                    run, kind, RunState.FINISHED, (started, started),
                    dry_run=True, parent=chosen.run,
                )  # fmt: skip
            journal = record(
                plan,
                lambda: create_journal(
                    request.state, run, kind, work.probe(run),
                    command=request.command, now_ns=started, parent=chosen.run,
                ),
            )  # fmt: skip
        finally:
            basis.close()
        if journal is None:
            _give_times_back(work.storage, times)
            return tally.summary("", kind, RunState.FINISHED, (started, started), settled=settled)
        rules = Rules(run, rollback=True, include_changed=request.include_changed)
        return execute(
            journal, work.storage, rules, tally, sink, interrupts,
            jobs=request.jobs, settled=settled,
        )  # fmt: skip


def _roots(state: State, chosen: RunRecord) -> list[Root]:
    journal = state.open(chosen.run)
    try:
        return roots_now(journal)
    finally:
        journal.close()


def _left_times(
    state: State, basis: Journal, undos: Iterable[RunRecord]
) -> dict[Location, int | None]:
    """Return the times at which a run, or an undo of it that left something, left its folders.

    None is any time: an undo that was interrupted did not come to give back the one it owed.
    """
    left: dict[Location, int | None] = dict(basis.left_times())
    for run in undos:
        if state.journal_path(run.run).exists():  # settling drops one that had no plan
            journal = state.open(run.run)
            times = journal.left_times() if run.state is RunState.FINISHED else {}
            left |= {folder: times.get(folder) for folder in journal.times_to_restore()}
            journal.close()
    return left


def _plan(
    basis: Journal, storage: Storage, left: dict[Location, int | None], renumbered: Renumbered
) -> Iterator[Part]:
    """Yield the inverse of a run, with folders made again where they are missing."""
    found = {item.location: item.facts for item in basis.found_folders()}
    yield from _folders_now(storage, found, left)
    progress, outcomes = basis.progress(), basis.outcomes()
    inverse = rollback(basis.of_kind, outcomes, progress.high, basis.keep_before, basis.unit_of)
    steps = (renumbered.item(item, storage.roots) for item in inverse)
    gone = _purged(basis, outcomes, storage)
    yield from _with_folders((step for step in steps if not _is_purged(step, gone)), storage)
    yield from (Skip(place, Reason.PURGED) for place in sorted(gone))


def _purged(basis: Journal, outcomes: dict[int, Outcome], storage: Storage) -> set[Location]:
    """Return the places of what was set aside and is gone from quarantine by a purge."""
    steps = {seq for seq, outcome in outcomes.items() if outcome.reason is Reason.PURGED}
    purged: set[Location] = set()
    for seq, action in basis.of_kind(ActionKind.SET_ASIDE) if steps else ():
        if seq not in steps:
            continue
        try:
            storage.stat(action.target)
        except StorageError as error:
            if error.reason in {Reason.VANISHED, Reason.FOLDER_GONE}:
                purged.add(action.source)
    return purged


def _is_purged(step: Action | Joint, purged: set[Location]) -> bool:
    """Whether a step would bring back what is gone, or remove the link that stands in its place."""
    if isinstance(step, Joint):
        return False
    if step.kind is ActionKind.BRING_BACK:
        return step.target in purged
    return step.kind is ActionKind.REMOVE_LINK and step.source in purged


def _give_times_back(storage: Storage, times: Iterable[FolderTime]) -> None:
    """Give folders their times where that is all there is to do: a run failed in each step."""
    for folder in times:
        with suppress(StorageError):
            storage.set_folder_mtime(folder.location, folder.mtime_ns)


def _folders_now(
    storage: Storage, found: dict[Location, FolderFacts], left: dict[Location, int | None]
) -> Iterator[Part]:
    """Yield how each touched folder is now, and the time it gets back.

    A folder whose time somebody changed since it was *left* keeps its new one.
    """
    for folder, before in found.items():
        now = _facts(storage, folder)
        yield FolderFound(folder, before if now is None else now)
        if now is None or left.get(folder) in {None, now.mtime_ns}:
            yield FolderTime(folder, before.mtime_ns)


def _with_folders(steps: Iterable[Action | Joint], storage: Storage) -> Iterator[Part]:
    ready: set[Location] = set()
    for step in steps:
        if isinstance(step, Joint):
            for folder in sorted({action.target.folder for action in step.actions}):
                yield from _missing_folders(folder, storage, ready)
            yield step
            continue
        if step.kind is ActionKind.MAKE_FOLDER:
            if step.target in ready or _facts(storage, step.target) is not None:
                continue
            yield from _missing_folders(step.target.folder, storage, ready)
            ready.add(step.target)
        elif step.kind not in {ActionKind.REMOVE_FOLDER, ActionKind.KEEP, ActionKind.REMOVE_LINK}:
            yield from _missing_folders(step.target.folder, storage, ready)
        yield step


def _missing_folders(folder: Location, storage: Storage, ready: set[Location]) -> Iterator[Action]:
    missing = []
    while folder.path and folder not in ready:
        ready.add(folder)
        if _facts(storage, folder) is not None:
            break
        missing.append(folder)
        folder = folder.folder
    for new in reversed(missing):
        yield Action(ActionKind.MAKE_FOLDER, new, new, NO_FINGERPRINT)


def _facts(storage: Storage, folder: Location) -> FolderFacts | None:
    try:
        return storage.folder_facts(folder)
    except StorageError as error:
        if error.reason in {Reason.VANISHED, Reason.FOLDER_GONE}:
            return None
        path = shown(storage.roots[folder.root].absolute(folder))
        raise StorageUnavailableError(f"{path}: {error}", "nothing was moved; try again") from error


def _counted(
    plan: Iterable[Part], tally: Tally, times: list[FolderTime], interrupts: Interrupts
) -> Iterator[Part]:
    """Yield a plan; its steps go to *tally*, what folders get back to *times*."""
    for number, item in enumerate(plan):
        if isinstance(item, Action | Joint | Skip):
            tally.plan(item)
        elif isinstance(item, FolderTime):
            times.append(item)
        yield item
        if number % 10_000 == 0:
            interrupts.check()
