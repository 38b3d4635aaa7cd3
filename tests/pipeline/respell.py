"""A run that changes only the spelling of a name; no layout of today plans one."""

import time
from collections.abc import Sequence

from fileorg.events import Silent
from fileorg.model.location import Location, Root
from fileorg.model.outcome import RunKind
from fileorg.model.plan import Action, ActionKind, FolderFound
from fileorg.move.acts import Rules
from fileorg.pipeline.execute import execute, record
from fileorg.pipeline.interrupts import Interrupts
from fileorg.pipeline.state import State, create_journal, new_run_id
from fileorg.pipeline.tally import Tally
from fileorg.pipeline.workspace import Workspace


def respell(state: State, roots: Sequence[Root], old: Location, new: Location) -> None:
    """Run a plan of this one step."""
    now = time.time_ns()
    run = new_run_id(now)
    state.prepare()
    with Interrupts() as interrupts, Workspace(roots) as work:
        found = work.storage.stat(old)
        plan, tally = Action(ActionKind.MOVE, old, new, found.fingerprint), Tally(work.roots)
        tally.plan(plan)
        journal = record(
            [FolderFound(old.folder, work.storage.folder_facts(old.folder)), plan],
            lambda: create_journal(
                state, run, RunKind.ORGANIZE, work.probe(run), command=(), now_ns=now
            ),
        )
        assert journal is not None
        execute(journal, work.storage, Rules(run), tally, Silent(), interrupts)
