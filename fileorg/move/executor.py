"""Executing a plan from its journal: the only caller of the verbs that change a storage.

The order is that of docs/journal-format.md: no step of a batch before the commit that names it.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from itertools import chain

import msgspec

from fileorg.events import TOLD_EACH, EventSink, Progressed
from fileorg.journal.schema import BATCH
from fileorg.journal.store import Journal, Step
from fileorg.model.location import text
from fileorg.model.outcome import Outcome, Status
from fileorg.model.plan import Action, ActionKind
from fileorg.model.reason import Reason
from fileorg.move import acts
from fileorg.move.acts import Rules
from fileorg.move.departure import remove_copy
from fileorg.move.redundant import Redundant
from fileorg.move.redundant_objects import disproved
from fileorg.move.rewriting import Rewriting
from fileorg.move.transfer import FATAL, NO_UNITS, Transfer
from fileorg.move.united import move_united
from fileorg.storage.base import Storage
from fileorg.workers import Crew, ForkedCrew, InlineCrew, can_fork

FORK_FROM = 4 * BATCH
_MOVERS = 2  # renames hold one lock a file system; a third process only waits for it
_FIRST = frozenset({
    ActionKind.MAKE_FOLDER, ActionKind.QUARANTINE, ActionKind.KEEP, ActionKind.SET_ASIDE,
    ActionKind.LINK, ActionKind.CLONE, ActionKind.LEAVE_CLONE,
})  # fmt: skip
_LAST = frozenset(ActionKind) - _FIRST - {ActionKind.MOVE, ActionKind.COPY}
_IO_ERRORS_IN_A_ROW = 3


class Stop(Enum):
    """Why the executor went no further."""

    SIGNAL = "signal"
    FAULT = "fault"


class Moved(msgspec.Struct, frozen=True, array_like=True):
    """What came of one batch of moves; *tried* counts the steps that were taken."""

    outcomes: list[Outcome]
    tried: int


def move_batch(storage: Storage, rules: Rules, steps: list[Step]) -> Moved:
    """Move files one by one; stop early when the disk is full, read-only or failing.

    What goes plainly goes at once; the exceptions among them are looked at one by one.
    """
    outcomes: list[Outcome] = []
    actions = [action for _, action in steps]
    tried = errors_in_a_row = 0
    while tried < len(steps):
        plain = storage.rename_each(actions[tried:], by_ctime=not rules.rollback)
        tried += plain.done
        if plain.done:
            errors_in_a_row = 0
        if tried == len(steps):
            break
        seq, action = steps[tried]
        tried += 1
        outcome = acts.move_exception(storage, seq, action, rules, plain)
        if outcome is None:
            errors_in_a_row = 0
            continue
        outcomes.append(outcome)
        errors_in_a_row = errors_in_a_row + 1 if outcome.reason is Reason.IO_ERROR else 0
        if outcome.reason in FATAL or errors_in_a_row >= _IO_ERRORS_IN_A_ROW:
            break
    return Moved(outcomes, tried)


class Executor:
    """Carries out what a journal still has to do."""

    def __init__(
        self,
        journal: Journal,
        storage: Storage,
        rules: Rules,
        sink: EventSink,
        interrupted: Callable[[], bool] = lambda: False,
        jobs: int | None = None,
    ) -> None:
        self._journal = journal
        self._storage = storage
        self._rules = rules
        self._sink = sink
        self._interrupted = interrupted
        self._jobs = jobs
        self._facts = {found.location: found.facts for found in journal.found_folders()}
        self._redundant = Redundant(storage, journal, rules)
        self._transfer = Transfer(storage, journal.note, rules, self._carried)
        self._rewriting = Rewriting(storage, journal.note, rules, interrupted)
        self._outcomes: list[Outcome] = []
        self._flight: deque[list[Step]] = deque()
        self._low = 0
        self._high = journal.progress().high
        self._done, self._bytes = self._high, 0
        self.stopped: Stop | None = None
        self.fault = ""

    def run(self) -> None:
        """Execute every step that is left; afterwards `stopped` says if something came between.

        The last outcomes are kept for `Journal.finish` or `settle`: see `take_outcomes`.
        """
        crew = self._crew()
        try:
            for batch in self._journal.steps(BATCH):
                if self._interrupted():
                    self.stopped = Stop.SIGNAL
                    break
                self._begin(batch)
                self._execute(crew, batch)
                if self.stopped is not None:
                    break
            self._drain(crew)
        finally:
            self._redundant.close()
            crew.close()

    def take_outcomes(self) -> list[Outcome]:
        """Return the outcomes that are not yet in the journal, for the commit that ends the run."""
        taken, self._outcomes = self._outcomes, []
        return taken

    @property
    def high(self) -> int:
        """The first step that was never begun."""
        return self._high

    # one batch

    def _begin(self, batch: list[Step]) -> None:
        """Commit the intents of a batch with the outcomes so far, and look at the roots again."""
        self._storage.refresh()
        waiting = [steps[0][0] for steps in self._flight if steps]
        self._low = min([batch[0][0], *waiting])
        self._high = max(self._high, batch[-1][0] + 1)
        self._journal.advance(self._low, self._high, self.take_outcomes())

    def _execute(self, crew: Crew[list[Step], Moved], batch: list[Step]) -> None:
        units = self._journal.units(batch[0][0], batch[-1][0] + 1)
        united: dict[int, list[Step]] = {}
        moves: list[Step] = []
        aside: list[Step] = []
        for place, step in enumerate(batch):
            kind = step[1].kind
            if kind is ActionKind.MOVE:
                first = units.get(step[0])
                (moves if first is None else united.setdefault(first, [])).append(step)
            elif kind is ActionKind.SET_ASIDE and self._rewriting.takes(step[1]):
                aside.append(step)
            elif kind in _FIRST:
                self._inline(step)
                if self.stopped is not None:  # what goes into a missing folder is not tried
                    earlier = chain(aside, moves, *united.values())
                    self._put_off(seq for seq, _ in (*earlier, *batch[place + 1 :]))
                    return
        if aside:
            self._set_aside(aside)
        if self._rewriting.is_needed:
            moves = self._rewritten(moves, united, units)
        if moves:
            while len(self._flight) >= crew.capacity:
                self._collect(crew)
            self._flight.append(moves)
            crew.submit(moves)
        for steps in united.values():
            self._move_united(steps)
        copies = [step for step in batch if step[1].kind is ActionKind.COPY]
        if copies:
            self._copy(copies, units)
        last = [step for step in batch if step[1].kind in _LAST]
        if last:
            self._drain(crew)
            for step in last:
                if self.stopped is None:
                    self._inline(step)
                else:
                    self._put_off([step[0]])

    def _rewritten(
        self, moves: list[Step], united: dict[int, list[Step]], units: Mapping[int, int]
    ) -> list[Step]:
        """Make the moves that are no renames, those of units too; return the others."""
        takes = self._rewriting.takes
        of_units = [first for first, steps in united.items() if takes(steps[0][1])]
        steps = [step for step in moves if takes(step[1])]
        steps += chain.from_iterable(united.pop(first) for first in of_units)
        self._rewrite(sorted(steps), units)
        return [step for step in moves if not takes(step[1])]

    def _set_aside(self, steps: list[Step]) -> None:
        """Move objects aside that are proven redundant."""
        failed = disproved(self._storage, self._journal, self._rules, steps)
        for seq, action in steps:
            if seq in failed:
                self._note(action, failed[seq])
        self._rewrite([step for step in steps if step[0] not in failed])

    def _move_united(self, steps: list[Step]) -> None:
        """Move the files of a unit, or carry all of them to another device."""
        outcomes = {} if self.stopped else move_united(self._storage, steps, self._rules)
        if any(o is not None and o.reason is Reason.CROSSES_DEVICES for o in outcomes.values()):
            self._carry(steps, dict.fromkeys((seq for seq, _ in steps), steps[0][0]))
            return
        for seq, action in steps:
            if seq in outcomes:
                self._note(action, outcomes[seq])
        self._put_off(seq for seq, _ in steps if seq not in outcomes)

    def _inline(self, step: Step) -> None:
        seq, action = step
        storage = self._storage
        outcome: Outcome | None
        match action.kind:
            case ActionKind.MAKE_FOLDER:
                facts = self._facts.get(action.target)
                outcome = acts.make_folder(storage, seq, action, facts)
            case ActionKind.REMOVE_FOLDER:
                outcome = acts.remove_folder(storage, seq, action)
            case ActionKind.REMOVE_COPY:
                outcome = remove_copy(storage, self._rules.run, seq, action)
            case ActionKind.KEEP:
                outcome = None
            case (
                ActionKind.SET_ASIDE | ActionKind.LINK | ActionKind.CLONE
                | ActionKind.LEAVE_CLONE | ActionKind.REMOVE_LINK
            ):  # fmt: skip
                outcome = self._redundant.act(seq, action)
                for earlier, withdrawn in self._redundant.take_withdrawn():
                    self._outcomes.append(withdrawn)
                    self._sink.happened(earlier, withdrawn)
            case _ if self._rewriting.is_needed and self._rewriting.takes(action):
                self._rewrite([step])
                return
            case _:
                outcome = acts.move(storage, seq, action, self._rules)
        self._note(action, outcome)

    def _collect(self, crew: Crew[list[Step], Moved]) -> None:
        moved = crew.collect()
        steps = self._flight.popleft()
        if not moved.outcomes and not self._sink.wants_actions:
            self._advance(len(steps))
            return
        exceptions = {outcome.seq: outcome for outcome in moved.outcomes}
        across = [
            step
            for step in steps
            if step[0] in exceptions and exceptions[step[0]].reason is Reason.CROSSES_DEVICES
        ]
        crossing = {seq for seq, _ in across}
        for seq, action in steps[: moved.tried]:
            if seq not in crossing:
                self._note(action, exceptions.get(seq))
        if moved.tried < len(steps):
            self._fail(steps[moved.tried - 1][1], moved.outcomes[-1])
            self._put_off(seq for seq, _ in steps[moved.tried :])
        if across:
            self._carry(across)

    def _carry(self, steps: list[Step], units: Mapping[int, int] = NO_UNITS) -> None:
        waiting = dict(steps)
        for outcome in self._transfer.carry(steps, units):
            self._note(waiting.pop(outcome.seq), outcome)
        self._put_off(waiting)

    def _rewrite(self, steps: list[Step], units: Mapping[int, int] = NO_UNITS) -> None:
        """Move or copy files where nothing can be renamed."""
        waiting = dict(steps)
        for outcome in self._rewriting.carry(steps if self.stopped is None else [], units):
            action = waiting.pop(outcome.seq)
            self._note(action, None if outcome == Outcome(outcome.seq, Status.DONE) else outcome)
            if self._rewriting.is_over and self.stopped is None:
                self._fail(action, outcome)
        if waiting and self.stopped is None:
            self.stopped = Stop.SIGNAL
        self._put_off(waiting)

    def _copy(self, steps: list[Step], units: Mapping[int, int]) -> None:
        others = self._rewritten(steps, {}, units) if self._rewriting.is_needed else steps
        if others:
            self._carry(others, units)

    def _drain(self, crew: Crew[list[Step], Moved]) -> None:
        while self._flight:
            self._collect(crew)

    def _note(self, action: Action, outcome: Outcome | None) -> None:
        if outcome is not None:
            if outcome.status is Status.FAILED and outcome.reason in FATAL:
                self._fail(action, outcome)
                # It is to be tried again when the disk is mended.
                outcome = Outcome(outcome.seq, Status.PENDING, outcome.reason, outcome.detail)
            self._outcomes.append(outcome)
        if outcome is not None or self._sink.wants_actions:
            self._sink.happened(action, outcome)
        self._advance(1)

    def _advance(self, steps: int) -> None:
        self._done += steps
        if self._done // TOLD_EACH != (self._done - steps) // TOLD_EACH:
            self._tell()

    def _carried(self, size: int) -> None:
        self._bytes += size
        self._tell()

    def _tell(self) -> None:
        self._sink.tell(Progressed("execute", self._done, self._bytes))

    def _put_off(self, steps: Iterable[int]) -> None:
        self._outcomes.extend(Outcome(seq, Status.PENDING, Reason.STOPPED) for seq in steps)

    def _fail(self, action: Action, outcome: Outcome) -> None:
        self.stopped = Stop.FAULT
        if not self.fault:
            place = self._storage.roots[action.target.root].absolute(action.target)
            why = outcome.detail or (outcome.reason.value if outcome.reason else "")
            self.fault = f"stopped on the way to {text(place)}: {why}"

    def _crew(self) -> Crew[list[Step], Moved]:
        def work(steps: list[Step]) -> Moved:
            return move_batch(self._storage, self._rules, steps)

        count = _MOVERS if self._jobs is None else min(self._jobs, _MOVERS)
        left = self._journal.progress().actions - self._high
        if count == 1 or left < FORK_FROM or self._rewriting.is_all or not can_fork():
            return InlineCrew(work)

        def work_apart(steps: list[Step]) -> Moved:
            self._storage.refresh()
            return work(steps)

        return ForkedCrew(work_apart, list[Step], Moved, count)
