"""Taking back a run, or a part of it, and doing it again: as a run of its own."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

import msgspec

from fileorg.errors import StorageError
from fileorg.events import TOLD_EACH, EventSink, Noted, PhaseStarted, Progressed, RunStarted
from fileorg.journal.in_force import InForce, in_force, moved_since
from fileorg.journal.index import RunRecord
from fileorg.model.entry import Skip
from fileorg.model.location import Root
from fileorg.model.outcome import RunKind, RunState, is_done
from fileorg.model.plan import Action, ActionKind, FolderTime, Joint, NotChosen, TakenPolicy
from fileorg.model.summary import RunSummary
from fileorg.move.acts import Rules
from fileorg.pipeline.choosing import Choice, Chooser
from fileorg.pipeline.costs import Foreseen, with_requests
from fileorg.pipeline.execute import execute, record
from fileorg.pipeline.foresight import Foresight
from fileorg.pipeline.interrupts import Interrupts
from fileorg.pipeline.lineage import History, Lineage, describe
from fileorg.pipeline.recover import roots_now, settle_interrupted
from fileorg.pipeline.renumbered import Renumbered
from fileorg.pipeline.state import State, create_journal, new_run_id
from fileorg.pipeline.taking_back import Part, TakingBack, left_times
from fileorg.pipeline.tally import Tally
from fileorg.pipeline.workspace import Workspace
from fileorg.storage.base import Storage


class UndoRequest(msgspec.Struct, frozen=True):
    """Which run to take back, or with *redo* to do again; `last` is an answer too.

    The *choice* says which files, *on_conflict* what happens to one whose old place is taken.
    """

    run: str
    state: State
    redo: bool = False
    root: bytes | None = None
    include_changed: bool = False
    dry_run: bool = False
    wait: float = 0
    jobs: int | None = None
    command: tuple[str, ...] = ()
    choice: Choice = Choice()
    on_conflict: TakenPolicy = TakenPolicy.SKIP


def undo(request: UndoRequest, sink: EventSink) -> RunSummary:
    """Put a run back, or do it again; return the sums, in which each thing left is named.

    Only the very files that the run moved are touched, and no place that is taken.
    """
    started = time.time_ns()
    at = (started, started)
    history = History(request.state.records())
    chosen = history.choose(request.run, request.state, redo=request.redo, root=request.root)
    kind = RunKind.REDO if request.redo else RunKind.UNDO
    run = new_run_id(started)
    sink.tell(RunStarted(run, kind, chosen.roots, request.dry_run, chosen.run))
    if not request.redo and history.is_settled_undo(chosen):
        sink.tell(Noted(f"{describe(chosen)} is undone already"))
        return Tally([]).summary("", kind, RunState.FINISHED, at, parent=chosen.run)
    sink.tell(Noted(f"{kind.value} of {describe(chosen)}"))
    with Interrupts() as interrupts, Workspace(_roots(request.state, chosen)) as work:
        settled: list[str] = []
        if not request.dry_run:
            work.lock(request.state.locks, request.wait)
            settled = settle_interrupted(request.state, work, sink)
        tally = Tally(work.roots)
        times: list[FolderTime] = []
        with Lineage(request.state, history.line(chosen)) as line:
            sink.tell(PhaseStarted("plan"))
            journals = line.children() if request.redo else iter(line)
            forces = list(in_force(journals, undone=request.redo))
            renumbered = Renumbered(request.state, history.records, chosen)
            plan = _plan(request, line, forces, work, renumbered)
            plan = _counted(plan, tally, times, interrupts, sink)
            if request.dry_run:
                foreseen = Foreseen(request.state, work.roots, request.redo, work.requests)
                changed = request.include_changed
                foresight = Foresight(forces, work.storage, include_changed=changed)
                _preview(plan, foresight, tally, sink, foreseen.see)
                preview = tally.summary(
                    run, kind, RunState.FINISHED, at, dry_run=True, parent=chosen.run
                )
                return with_requests(preview, work, foresight=foreseen)
            journal = record(
                plan,
                lambda: create_journal(
                    request.state, run, kind, work.probe(run),
                    command=request.command, now_ns=started, parent=chosen.run,
                ),
            )  # fmt: skip
        if journal is None:
            _give_times_back(work.storage, times)
            sums = tally.summary("", kind, RunState.FINISHED, at, settled=settled)
        else:
            changed, restores = request.include_changed, not request.redo
            rules = Rules(run, rollback=True, include_changed=changed, restores=restores)
            sums = execute(
                journal, work.storage, rules, tally, sink, interrupts,
                jobs=request.jobs, settled=settled,
            )  # fmt: skip
        return with_requests(sums, work)


def _roots(state: State, chosen: RunRecord) -> list[Root]:
    journal = state.open(chosen.run)
    try:
        return roots_now(journal)
    finally:
        journal.close()


def _plan(
    request: UndoRequest,
    line: Lineage,
    forces: list[InForce],
    work: Workspace,
    renumbered: Renumbered,
) -> Iterator[Part]:
    moved = moved_since(in_force(line)) if request.redo and _keeps(forces) else {}
    numbered = request.on_conflict is TakenPolicy.RENAME
    back = TakingBack(forces, work.storage, left_times(line.opened), moved, renumbered, numbered)
    if request.choice.is_all:
        return back.all()
    replaced = (a.source for f in forces for _, a in f.of_kind(ActionKind.QUARANTINE))
    return back.part(Chooser(request.choice, work.roots, replaced))


def _keeps(forces: Iterable[InForce]) -> bool:
    return any(any(force.journal.of_kind(ActionKind.KEEP)) for force in forces)


def _preview(
    plan: Iterable[Part],
    foresight: Foresight,
    tally: Tally,
    sink: EventSink,
    see: Callable[[Action], object],
) -> None:
    """Count a plan as the disk would let it end, and show it; let the steps of it be seen."""
    for item in plan:
        if not isinstance(item, Action | Joint):
            continue
        ended = foresight.outcomes(item)
        rest = tuple(step for step, outcome in ended if outcome is None)
        for step, outcome in ended:
            if outcome is not None:
                tally.happened(step, outcome)
                if sink.wants_actions:
                    sink.happened(step, outcome)
        tally.companions -= sum(not is_done(outcome) for _, outcome in ended[1:])
        for step in rest:
            see(step)
        if rest and sink.wants_actions:
            sink.planned(Joint(rest) if isinstance(item, Joint) else item)


def _give_times_back(storage: Storage, times: Iterable[FolderTime]) -> None:
    """Give folders their times where that is all there is to do: a run failed in each step."""
    for folder in times:
        with suppress(StorageError):
            storage.set_folder_mtime(folder.location, folder.mtime_ns)


def _counted(
    plan: Iterable[Part],
    tally: Tally,
    times: list[FolderTime],
    interrupts: Interrupts,
    sink: EventSink,
) -> Iterator[Part]:
    """Yield a plan; its steps go to *tally*, what folders get back to *times*."""
    for number, item in enumerate(plan):
        if isinstance(item, Action | Joint | NotChosen | Skip):
            tally.plan(item)
        elif isinstance(item, FolderTime):
            times.append(item)
        if isinstance(item, Skip) and sink.wants_actions:
            sink.planned(item)
        yield item
        if number % TOLD_EACH == 0:
            interrupts.check()
            sink.tell(Progressed("plan", number))
