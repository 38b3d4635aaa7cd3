"""From the rows of a run to the plan that takes it back (pure)."""

from collections.abc import Callable, Iterator
from itertools import groupby

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

StepsOf = Callable[[ActionKind], Iterator[tuple[int, Action]]]
KeepOf = Callable[[int], Action | None]
UnitOf = Callable[[int], int | None]


def rollback(
    steps_of: StepsOf,
    outcomes: dict[int, Outcome],
    high: int,
    keep_of: KeepOf = lambda _: None,
    unit_of: UnitOf = lambda _: None,
) -> Iterator[Action | Joint]:
    """Yield the inverse of every action that was done, kind by kind, in an order that is safe.

    Folders come first and go last, duplicates are set aside where the run found them, and what was
    set aside returns after what took its place has left. *steps_of* gives the actions of a kind,
    the last first, *keep_of* the file beside which one is redundant, and *unit_of* the first step
    of a unit; all below *high* were tried.
    """
    was_done = done_test(outcomes, high)
    kept: Action | None = None
    for kind in _ORDER:
        if kind in _UNITED:
            yield from _by_unit(kind, steps_of(INVERSE[kind]), outcomes, was_done, unit_of)
            continue
        for seq, action in steps_of(INVERSE[kind]):
            if not was_done(seq):
                continue
            if kind in _BESIDE_ANOTHER and (keep := keep_of(seq)) is not None and keep != kept:
                kept = keep
                yield keep
            yield inverse(kind, action, outcomes.get(seq))


def _by_unit(
    kind: ActionKind,
    steps: Iterator[tuple[int, Action]],
    outcomes: dict[int, Outcome],
    was_done: Callable[[int], bool],
    unit_of: UnitOf,
) -> Iterator[Action | Joint]:
    """Yield the inverse of what was done; that of a unit as one, its main file first."""
    done = ((seq, action) for seq, action in steps if was_done(seq))
    for first, members in groupby(done, lambda step: unit_of(step[0])):
        inverted = (inverse(kind, action, outcomes.get(seq)) for seq, action in members)
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
