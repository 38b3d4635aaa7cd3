"""Moves that are made together or not at all: every file is looked at before the first moves."""

from fileorg.errors import StorageError
from fileorg.model.location import text
from fileorg.model.outcome import Outcome, Status, is_done
from fileorg.model.plan import Action
from fileorg.model.reason import Reason
from fileorg.move.acts import Ready, Rules, carry, holds_back, ready
from fileorg.move.transfer import FATAL
from fileorg.storage.base import Storage

Step = tuple[int, Action]
Outcomes = dict[int, Outcome | None]
"""What came of steps by their numbers; None is a plain success."""


def move_united(storage: Storage, steps: list[Step], rules: Rules) -> Outcomes:
    """Move the files of a unit; where one can't be moved, those before it go back.

    What the disk as a whole refused, or lies on another device, is the last that was tried.
    """
    seen = {seq: ready(storage, seq, action, rules) for seq, action in steps}
    blocked = {seq: answer for seq, answer in seen.items() if holds_back(answer, rules)}
    if blocked:
        known = {seq: answer for seq, answer in seen.items() if isinstance(answer, Outcome)}
        return staying(steps, min(blocked)) | known
    done: Outcomes = {}
    for seq, action in steps:
        answer = seen[seq]
        outcome: Outcome | None
        if isinstance(answer, Ready):
            outcome = carry(storage, seq, action, answer.found, rules, answer.reason)
        else:
            outcome = answer
        if not holds_back(outcome, rules):
            done[seq] = outcome
        elif outcome is not None and outcome.reason in {Reason.CROSSES_DEVICES, *FATAL}:
            return done | {seq: outcome}
        else:
            moved = [step for step in steps if step[0] in done and is_done(done[step[0]])]
            back = staying(steps, seq) | done | taken_back(storage, moved, done, action)
            return back | {seq: outcome}
    return done


def staying(steps: list[Step], because_of: int) -> Outcomes:
    """Return that the steps of a unit are not taken, because one of them can't be."""
    detail = text(dict(steps)[because_of].source.name)
    return {seq: Outcome(seq, Status.SKIPPED, Reason.UNIT, detail) for seq, _ in steps}


def taken_back(storage: Storage, moved: list[Step], done: Outcomes, because_of: Action) -> Outcomes:
    """Give files that were *moved* back their old names; return what became of the steps.

    One that can't go back has moved, as *done* says.
    """
    outcomes: Outcomes = {}
    for seq, action in reversed(moved):
        try:
            storage.rename(action.target, action.source)
        except StorageError:
            outcomes[seq] = done[seq]
        else:
            detail = text(because_of.source.name)
            outcomes[seq] = Outcome(seq, Status.SKIPPED, Reason.UNIT, detail)
    return outcomes
