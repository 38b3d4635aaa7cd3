"""What was done before: the runs, and one run with its files."""

from collections.abc import Iterator

import msgspec

from fileorg.journal.index import RunRecord
from fileorg.journal.store import Journal
from fileorg.model.evidence import Facts
from fileorg.model.location import Location, Root, exact_all, shown
from fileorg.model.outcome import FORWARD, Outcome, RunState, Status
from fileorg.model.plan import Action, ActionKind
from fileorg.model.reason import Reason
from fileorg.model.summary import RunSummary
from fileorg.pipeline.execute import recount
from fileorg.pipeline.lineage import History
from fileorg.pipeline.state import State
from fileorg.storage.locks import is_locked

FILE_KINDS = {
    ActionKind.MOVE,
    ActionKind.COPY,
    ActionKind.QUARANTINE,
    ActionKind.RESTORE,
    ActionKind.REMOVE_COPY,
    ActionKind.SET_ASIDE,
    ActionKind.LINK,
    ActionKind.CLONE,
    ActionKind.LEAVE_CLONE,
    ActionKind.REMOVE_LINK,
    ActionKind.BRING_BACK,
}


class RunLine(msgspec.Struct, frozen=True):
    """One run as the list shows it; *status* is in words."""

    record: RunRecord
    status: str


class FileLine(msgspec.Struct, frozen=True):
    """One file of a run: absolute paths as bytes, size in bytes, and the evidence that there is.

    *main* is where the file was that it went with; None where it went on its own.
    """

    source: bytes
    target: bytes
    size: int
    kind: ActionKind
    category: str
    status: Status
    reason: Reason | None
    main: bytes | None
    facts: Facts | None = None


class RunDetails(msgspec.Struct, frozen=True):
    """A run, its command line, and its sums."""

    command: tuple[str, ...]
    zone: str
    status: str
    summary: RunSummary


def list_runs(state: State) -> list[RunLine]:
    """Return every run, the newest first."""
    records = state.records()
    history = History(records)
    return [RunLine(record, _status(record, history)) for record in records]


def show_run(state: State, name: str) -> RunDetails:
    """Return one run with its sums; of a run that did not end, as its journal has them."""
    record = state.find(name)
    journal = state.open(record.run)
    try:
        header, summary = journal.header(), journal.summary(RunSummary)
        if summary is None or record.state is not RunState.FINISHED:
            roots = [held.root for held in journal.roots()]
            summary = recount(journal, roots).summary(
                record.run, record.kind, record.state, (record.started_ns, record.started_ns),
                parent=record.parent,
            )  # fmt: skip
    finally:
        journal.close()
    status = _status(record, History(state.records()))
    return RunDetails(header.command, header.zone, status, summary)


def files_of(
    state: State, name: str, *, status: Status | None = None, category: str | None = None
) -> Iterator[FileLine]:
    """Yield the files of a run in the order in which they were planned."""
    journal = state.open(state.find(name).run)
    try:
        roots = [held.root for held in journal.roots()]
        outcomes, progress = journal.outcomes(), journal.progress()
        for low in range(0, progress.actions, 1000):
            evidence = journal.evidence(low, low + 1000)
            for seq, action in journal.between(low, low + 1000):
                if action.kind not in FILE_KINDS or category not in {None, action.category}:
                    continue
                outcome = outcomes.get(seq) or Outcome(
                    seq, Status.DONE if seq < progress.high else Status.PENDING
                )
                if status in {None, outcome.status}:
                    yield _line(
                        action, outcome, roots, _main_before(journal, seq), evidence.get(seq)
                    )
    finally:
        journal.close()


def _main_before(journal: Journal, seq: int) -> Location | None:
    """Return where the main file of a companion was, None of any other file."""
    first = journal.unit_of(seq)
    if first is None or first == seq:
        return None
    return next(action.source for _, action in journal.between(first, first + 1))


def _line(
    action: Action,
    outcome: Outcome,
    roots: list[Root],
    main: Location | None,
    facts: Facts | None,
) -> FileLine:
    def absolute(location: Location) -> bytes:
        return roots[location.root].absolute(location)

    return FileLine(
        absolute(action.source),
        absolute(action.target),
        action.fingerprint.size,
        action.kind,
        action.category,
        outcome.status,
        outcome.reason,
        None if main is None else absolute(main),
        facts,
    )


def _status(record: RunRecord, history: History) -> str:
    if record.problem:
        return "unusable"
    if record.state in {RunState.PLANNING, RunState.RUNNING}:
        return "running" if is_locked(record.roots) else "interrupted"
    if record.kind in FORWARD and history.is_undone(record):
        return "undone"
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
