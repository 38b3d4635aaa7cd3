"""What was done before: the runs, and how each of them stands."""

import msgspec

from fileorg.journal.index import RunRecord
from fileorg.model.location import exact_all, shown
from fileorg.model.outcome import FORWARD, RunState
from fileorg.pipeline.lineage import History
from fileorg.pipeline.state import State
from fileorg.storage.locks import is_locked


class RunLine(msgspec.Struct, frozen=True):
    """One run as the list shows it; *status* is in words."""

    record: RunRecord
    status: str


def list_runs(state: State) -> list[RunLine]:
    """Return every run, the newest first."""
    records = state.records()
    history = History(records)
    return [RunLine(record, status_of(record, history, state)) for record in records]


def status_of(record: RunRecord, history: History, state: State) -> str:
    """Return how a run stands, in words."""
    if record.problem:
        return "unusable"
    if record.state in {RunState.PLANNING, RunState.RUNNING}:
        return "running" if is_locked(record.roots, state.locks) else "interrupted"
    if record.kind in FORWARD and history.is_settled_undo(record):
        return "undone"
    if record.kind in FORWARD and (history.is_undone(record) or history.is_partly_undone(record)):
        return "partly undone"
    if record.state is RunState.INTERRUPTED:
        return "interrupted"
    return "done, some failed" if record.failed else "done"


def record_wire(line: RunLine) -> dict[str, object]:
    """Return one run of the list for a program; times in nanoseconds UTC, paths as text."""
    record = line.record
    exact = exact_all(record.roots)
    return {
        "run": record.run,
        "kind": record.kind.value,
        "status": line.status,
        "parent": record.parent,
        "roots": [shown(root) for root in record.roots],
        **({} if exact is msgspec.UNSET else {"roots_b64": exact}),
        "started_ns": record.started_ns,
        "files": record.done,
        "failed": record.failed,
        "bytes": record.bytes,
        "problem": record.problem,
    }
