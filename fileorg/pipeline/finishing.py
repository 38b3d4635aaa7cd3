"""What `recover` does with runs that were interrupted: finishes them, or takes them back."""

from contextlib import closing

import msgspec

from fileorg.errors import UsageError
from fileorg.events import EventSink
from fileorg.model.outcome import RunState
from fileorg.model.summary import RunSummary
from fileorg.pipeline.costs import after
from fileorg.pipeline.recover import RecoverRequest, interrupted_runs, recover
from fileorg.pipeline.state import State
from fileorg.pipeline.undo import UndoRequest, undo


class FinishRequest(msgspec.Struct, frozen=True):
    """How to finish interrupted runs, or with *rollback* take them back; *wait* in seconds."""

    state: State
    rollback: bool = False
    wait: float = 0
    jobs: int | None = None
    command: tuple[str, ...] = ()


def runs_to_finish(state: State, run: str | None) -> list[str]:
    """Return the ids of every interrupted run, or of the one that is named.

    `UsageError` where that one has ended.
    """
    if run is None:
        return interrupted_runs(state)
    record = state.find(run)
    if record.state is RunState.FINISHED:
        with closing(state.open(record.run)) as journal:
            journal.verify()
        raise UsageError(
            f"run {record.run} was not interrupted", f"fileorg undo {record.run} takes it back"
        )
    return [record.run]


def finish(run: str, request: FinishRequest, sink: EventSink) -> RunSummary | None:
    """Finish one run, or take it back; None if it had no plan to finish."""
    state, wait, jobs = request.state, request.wait, request.jobs
    summary = recover(RecoverRequest(run, state, wait, jobs, request.rollback), sink)
    if summary is None or not request.rollback:
        return summary
    return after(
        summary, undo(UndoRequest(run, state, wait=wait, jobs=jobs, command=request.command), sink)
    )
