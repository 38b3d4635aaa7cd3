"""From the rows of a run to the plan that takes it back (pure)."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from fileorg.model.entry import Fingerprint
from fileorg.model.outcome import Outcome, Status
from fileorg.model.plan import Action, ActionKind, Joint

INVERSE = {
    ActionKind.MAKE_FOLDER: ActionKind.REMOVE_FOLDER,
    ActionKind.REMOVE_FOLDER: ActionKind.MAKE_FOLDER,
    ActionKind.MOVE: ActionKind.MOVE,
    ActionKind.COPY: ActionKind.REMOVE_COPY,
    ActionKind.REMOVE_COPY: ActionKind.COPY,
    ActionKind.QUARANTINE: ActionKind.RESTORE,
    ActionKind.RESTORE: ActionKind.QUARANTINE,
    ActionKind.KEEP: ActionKind.KEEP,
    ActionKind.SET_ASIDE: ActionKind.BRING_BACK,
    ActionKind.BRING_BACK: ActionKind.SET_ASIDE,
    ActionKind.LINK: ActionKind.REMOVE_LINK,
    ActionKind.REMOVE_LINK: ActionKind.LINK,
    ActionKind.CLONE: ActionKind.LEAVE_CLONE,
    ActionKind.LEAVE_CLONE: ActionKind.CLONE,
}
_ORDER = (
    ActionKind.MAKE_FOLDER,
    ActionKind.QUARANTINE,
    ActionKind.SET_ASIDE,
    ActionKind.LINK,
    ActionKind.CLONE,
    ActionKind.LEAVE_CLONE,
    ActionKind.MOVE,
    ActionKind.COPY,
    ActionKind.REMOVE_COPY,
    ActionKind.RESTORE,
    ActionKind.REMOVE_LINK,
    ActionKind.BRING_BACK,
    ActionKind.REMOVE_FOLDER,
)
_UNITED = {ActionKind.MOVE, ActionKind.COPY, ActionKind.REMOVE_COPY}
"""What is done to files of a unit; the roll back of a roll back has to know of it."""

_BESIDE_ANOTHER = {
    ActionKind.SET_ASIDE, ActionKind.LINK, ActionKind.CLONE, ActionKind.LEAVE_CLONE,
    ActionKind.REMOVE_LINK, ActionKind.BRING_BACK,
}  # fmt: skip

Steps = Iterator[tuple[int, Action]]


class Line(NamedTuple):
    """A journal as a roll back reads it.

    *steps_of* gives the actions of a kind, the last first, *keep_of* the file beside which one is
    redundant, and *unit_of* the first step of a unit; all below *high* were tried. *left* are the
    steps that failed and left a copy.
    """

    steps_of: Callable[[ActionKind], Steps]
    outcomes: dict[int, Outcome]
    high: int
    keep_of: Callable[[int], Action | None] = lambda _: None
    unit_of: Callable[[int], int | None] = lambda _: None
    left: Sequence[tuple[int, Action]] = ()


def rollback(lines: Sequence[Line]) -> Iterator[Action | Joint]:
    """Yield what takes back all that was done, and copies that were left, in a safe order by kind.

    Folders come first and go last, duplicates are set aside where the run found them, and what was
    set aside returns after what took its place has left. Of several journals the newest is first.
    """
    was_done = [done_test(line.outcomes, line.high) for line in lines]
    kept: Action | None = None
    for kind in _ORDER:
        for line, done in zip(lines, was_done, strict=True):
            if kind is ActionKind.REMOVE_COPY:
                for seq, action in line.left:
                    yield inverse(kind, action, line.outcomes[seq])
            if kind in _UNITED:
                yield from _by_unit(kind, line, done)
                continue
            for seq, action in line.steps_of(INVERSE[kind]):
                if not done(seq):
                    continue
                keep = line.keep_of(seq) if kind in _BESIDE_ANOTHER else None
                if keep is not None and keep != kept:
                    kept = keep
                    yield keep
                yield inverse(kind, action, line.outcomes.get(seq))


def _by_unit(
    kind: ActionKind, line: Line, was_done: Callable[[int], bool]
) -> Iterator[Action | Joint]:
    """Yield the inverse of what was done; that of a unit as one, its main file first."""
    done = (step for step in line.steps_of(INVERSE[kind]) if was_done(step[0]))
    for first, members in groupby(done, lambda step: line.unit_of(step[0])):
        inverted = (inverse(kind, action, line.outcomes.get(seq)) for seq, action in members)
        if first is None:
            yield from inverted
        else:
            yield Joint(tuple(reversed(tuple(inverted))))


def inverse(kind: ActionKind, action: Action, outcome: Outcome | None) -> Action:
    """Return the action of *kind* that takes *action* back; a made inode replaces the planned."""
    mark = action.fingerprint
    if outcome is not None and outcome.inode:
        mark = Fingerprint(mark.size, mark.mtime_ns, mark.ctime_ns, outcome.inode)
    return Action(kind, action.target, action.source, mark, action.category, action.entry_kind)


def done_test(outcomes: dict[int, Outcome], high: int) -> Callable[[int], bool]:
    """Return what tells of a step whether it was done; all below *high* were tried."""

    def was_done(seq: int) -> bool:
        outcome = outcomes.get(seq)
        return seq < high if outcome is None else outcome.status is Status.DONE

    return was_done
