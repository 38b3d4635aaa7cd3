"""Executing a saved plan: each line is checked against the disk, and what drifted is left."""

import time
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import msgspec

from fileorg.events import TOLD_EACH, EventSink, PhaseStarted, Progressed, RunStarted
from fileorg.model.entry import Skip
from fileorg.model.outcome import RunKind, RunState
from fileorg.model.plan import Action, Joint
from fileorg.model.summary import RunSummary
from fileorg.move.acts import Rules
from fileorg.pipeline.costs import Foreseen, with_requests
from fileorg.pipeline.drift import Drift, Part
from fileorg.pipeline.execute import execute, record
from fileorg.pipeline.interrupts import Interrupts
from fileorg.pipeline.plan_file import PlanFile
from fileorg.pipeline.recover import settle_interrupted
from fileorg.pipeline.state import State, create_journal, new_run_id
from fileorg.pipeline.tally import Tally
from fileorg.pipeline.welcome import welcome
from fileorg.pipeline.workspace import Workspace, check_dangerous


class ApplyRequest(msgspec.Struct, frozen=True):
    """Which plan to execute: an open file and the name to call it by; *wait* in seconds."""

    plan: BinaryIO
    name: str
    state: State
    dry_run: bool = False
    force: bool = False
    wait: float = 0
    jobs: int | None = None
    command: tuple[str, ...] = ()


def apply(request: ApplyRequest, sink: EventSink) -> RunSummary:
    """Do what a saved plan says, as far as the disk is still as it was; return the sums.

    `UsageError` names the line of a bad plan; nothing was touched then.
    """
    started = time.time_ns()
    plan = PlanFile(request.plan, request.name)
    roots, other = plan.roots()
    check_dangerous([root.path for root in roots], force=request.force)
    run = new_run_id(started)
    paths = tuple(root.path for root in roots)
    sink.tell(RunStarted(run, RunKind.APPLY, paths, request.dry_run))
    with Interrupts() as interrupts, Workspace(roots) as work:
        settled: list[str] = []
        is_first = request.state.is_new()
        if not request.dry_run:
            request.state.prepare()
            work.lock(request.state.locks, request.wait)
            settled = settle_interrupted(request.state, work, sink)
        tally = Tally(roots)
        checked = Drift(work.storage, run, other).parts(plan.lines(request.state))
        parts = _counted(checked, tally, interrupts, sink)
        times = (started, started)
        sink.tell(PhaseStarted("plan"))
        if request.dry_run:
            foresight = Foreseen(request.state, roots)
            for item in foresight.seen(parts):
                if sink.wants_actions and isinstance(item, Action | Joint):
                    sink.planned(item)
            preview = tally.summary(run, RunKind.APPLY, RunState.FINISHED, times, dry_run=True)
            return with_requests(preview, work, foresight=foresight)
        journal = record(
            parts,
            lambda: create_journal(
                request.state, run, RunKind.APPLY, work.probe(run),
                command=request.command, now_ns=started, zone=plan.head.zone,
            ),
        )  # fmt: skip
        if journal is None:
            sums = tally.summary("", RunKind.APPLY, RunState.FINISHED, times, settled=settled)
        else:
            welcome(sink, is_first=is_first)
            sums = execute(
                journal, work.storage, Rules(run), tally, sink, interrupts,
                jobs=request.jobs, settled=settled,
            )  # fmt: skip
        return with_requests(sums, work)


def _counted(
    parts: Iterable[Part], tally: Tally, interrupts: Interrupts, sink: EventSink
) -> Iterator[Part]:
    """Count a plan as it passes, tell how far it is, and give way to a signal."""
    for number, item in enumerate(parts):
        tally.plan(item)
        if type(item) is Skip and sink.wants_actions:
            sink.planned(item)
        yield item
        if number % TOLD_EACH == 0:
            interrupts.check()
            sink.tell(Progressed("plan", number))
