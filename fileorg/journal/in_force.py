"""Which steps of a run are in force: done, and taken back by no later run of its line.

The line of a run is the run itself, then its undos and redos. An undo may take back only a part.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from fileorg.journal.reading import Step
from fileorg.journal.rollback import INVERSE, Line, done_test
from fileorg.journal.schema import PLAN_CHUNK
from fileorg.journal.store import Journal
from fileorg.model.location import Location
from fileorg.model.outcome import Outcome, RunKind, Status, is_copy_left
from fileorg.model.plan import Action, ActionKind
from fileorg.model.reason import Reason
from fileorg.model.summary import RunSummary

_BACK_ANYWAY = {Reason.IN_PLACE, Reason.VANISHED}


class InForce:
    """A journal, and which of its steps are in force."""

    def __init__(self, journal: Journal, later: Iterable["_TakenBack"]) -> None:
        self.journal = journal
        self.outcomes = journal.outcomes()
        self.high = journal.progress().high
        self._later = tuple(later)
        self._was_done = done_test(self.outcomes, self.high)

    def has(self, step: Step) -> bool:
        """Whether a step of the journal is in force."""
        seq, action = step
        return self._was_done(seq) and not any(taken.has(action) for taken in self._later)

    def of_kind(self, kind: ActionKind) -> Iterator[Step]:
        """Yield the steps of a kind that are in force, the last first."""
        return filter(self.has, self.journal.of_kind(kind))

    def line(self) -> Line:
        """Return what takes all of them back."""
        journal = self.journal
        return Line(
            self.of_kind, self.outcomes, self.high, journal.keep_before, journal.unit_of,
            self._left(),
        )  # fmt: skip

    def _left(self) -> list[Step]:
        """Return the steps that failed and left a copy, which nothing has removed since."""
        numbers = sorted(filter(lambda seq: is_copy_left(self.outcomes[seq]), self.outcomes))
        steps = [step for seq in numbers for step in self.journal.between(seq, seq + 1)]
        copies = [(s, msgspec.structs.replace(a, kind=ActionKind.COPY)) for s, a in steps]
        return [step for step in copies if not any(taken.has(step[1]) for taken in self._later)]


def in_force(line: Iterable[Journal], *, undone: bool = False) -> Iterator[InForce]:
    """Yield the journals of a line, which begins with the newest, as far as they are in force.

    With *undone* those are undos, which a redo takes back; else the run and its redos.
    """
    later: list[_TakenBack] = []
    for journal in line:
        header = journal.header()
        if (header.kind is RunKind.UNDO) is undone:
            yield InForce(journal, later)
        elif header.parent:
            taken = _TakenBack(journal)
            if taken.is_all:
                return
            later.append(taken)


def moved_since(forces: Iterable[InForce]) -> dict[Location, Location]:
    """Return where the files are by now that runs kept and then moved, by where they were."""
    every = list(forces)
    kept = {action.source for f in every for _, action in f.journal.of_kind(ActionKind.KEEP)}
    moves = (move for f in every if kept for _, move in f.of_kind(ActionKind.MOVE))
    return {move.source: move.target for move in moves if move.source in kept}


class _TakenBack:
    """What an undo or redo has taken back: some steps, or all but some."""

    def __init__(self, journal: Journal) -> None:
        summary = journal.summary(RunSummary)
        self._has_failed = summary is None or summary.failed > 0
        self._is_part = journal.not_chosen() > 0
        self._named: defaultdict[ActionKind, set[Location]] = defaultdict(set)
        outcomes, progress = journal.outcomes(), journal.progress()
        for seq, action in _steps(journal, outcomes, progress.high, part=self._is_part):
            if _is_back(outcomes.get(seq), tried=seq < progress.high) is self._is_part:
                self._named[INVERSE[action.kind]].add(action.source)

    @property
    def is_all(self) -> bool:
        """Whether nothing was left, and nothing failed that is no step, such as a folder's time."""
        return not (self._is_part or self._named or self._has_failed)

    def has(self, action: Action) -> bool:
        """Whether a step of an earlier run of the line was taken back."""
        return (action.target in self._named.get(action.kind, ())) is self._is_part


def _steps(
    journal: Journal, outcomes: dict[int, Outcome], high: int, *, part: bool
) -> Iterator[Step]:
    """Yield the steps of which it has to be known what became of them."""
    actions = journal.progress().actions
    for seq in sorted(outcomes) if not part else ():
        if seq < high:
            yield from journal.between(seq, seq + 1)
    for low in range(0 if part else high, actions, PLAN_CHUNK):
        yield from journal.between(low, min(low + PLAN_CHUNK, actions))


def _is_back(outcome: Outcome | None, *, tried: bool) -> bool:
    if outcome is None:
        return tried
    skipped = outcome.status is Status.SKIPPED and outcome.reason in _BACK_ANYWAY
    return outcome.status is Status.DONE or skipped
