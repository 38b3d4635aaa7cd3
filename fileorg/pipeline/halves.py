"""Units of which an interrupted run moved a part: the rest follows, or the part goes back."""

from collections.abc import Callable, Iterator

from fileorg.journal.store import Journal, Step
from fileorg.model.outcome import Outcome, Status
from fileorg.model.plan import ActionKind
from fileorg.model.reason import Reason
from fileorg.move import acts
from fileorg.move.acts import Rules
from fileorg.move.transfer import Transfer
from fileorg.move.united import taken_back
from fileorg.pipeline.rewritten import complete, is_of_a_bucket
from fileorg.storage.base import Storage

_TOGETHER = {ActionKind.MOVE, ActionKind.COPY}
"""What can leave a unit in two places; a copy is removed from beside an original that is whole."""

StatusOf = Callable[[int], Status]


def complete_units(
    journal: Journal, storage: Storage, rules: Rules, steps: range, status_of: StatusOf
) -> Iterator[Outcome]:
    """Yield what became of the steps of units that are half done, of all among *steps*.

    A recovery may die here, too: each of these steps is in the window that it looks at again.
    """
    units: dict[int, list[int]] = {}
    for seq, first in journal.units(steps.start, steps.stop).items():
        units.setdefault(first, []).append(seq)
    for numbers in units.values():
        states = {status_of(seq) for seq in numbers}
        if {Status.DONE, Status.PENDING} <= states:
            members = [s for seq in numbers for s in journal.between(seq, seq + 1)]
            if members[0][1].kind in _TOGETHER:
                yield from _complete(journal, storage, rules, members, status_of)


def _complete(
    journal: Journal, storage: Storage, rules: Rules, members: list[Step], status_of: StatusOf
) -> Iterator[Outcome]:
    done = [step for step in members if status_of(step[0]) is Status.DONE]
    pending = [step for step in members if status_of(step[0]) is Status.PENDING]
    if is_of_a_bucket(storage, pending[0][1]):
        yield from complete(journal, storage, rules, done, pending)
        return
    transfer = Transfer(storage, journal.note, rules)
    if pending[0][1].kind is ActionKind.COPY:
        yield from transfer.carry(pending)
        return
    for number, (seq, action) in enumerate(pending):
        outcome = acts.move(storage, seq, action, rules)
        if outcome is not None and outcome.reason is Reason.CROSSES_DEVICES:
            yield from transfer.carry(pending[number:])
            return
        if outcome is not None and outcome.status is Status.FAILED:
            moved = done + pending[:number]
            back = taken_back(storage, moved, dict.fromkeys(seq for seq, _ in moved), action)
            yield from (Outcome(seq, Status.PENDING) for seq, o in back.items() if o is not None)
            return
        yield outcome or Outcome(seq, Status.DONE)
