"""Steps of an interrupted run where nothing can be renamed: what became of them, and their end."""

from collections.abc import Iterator

import msgspec

from fileorg.content.compare import same_content
from fileorg.journal.recovery import Resolution, resolve_rewrite
from fileorg.journal.store import Journal, Step
from fileorg.model.entry import FileEntry
from fileorg.model.location import shown
from fileorg.model.outcome import Outcome, Status, is_done
from fileorg.model.plan import Action, ActionKind
from fileorg.model.reason import Reason
from fileorg.move.acts import Rules, look
from fileorg.move.rewriting import Rewriting
from fileorg.move.transfer import Note
from fileorg.storage.base import Storage, are_rewritten, in_one_service

_OF_FILES = {
    ActionKind.MOVE, ActionKind.COPY, ActionKind.QUARANTINE, ActionKind.RESTORE,
    ActionKind.REMOVE_COPY, ActionKind.SET_ASIDE, ActionKind.BRING_BACK,
}  # fmt: skip


def is_of_a_bucket(storage: Storage, action: Action) -> bool:
    """Whether a step is made by copying and removing objects."""
    within = are_rewritten(storage, action.source.root, action.target.root)
    return within and action.kind in _OF_FILES


def settled(
    storage: Storage, note: Note, seq: int, action: Action, before: Outcome | None
) -> Outcome | None:
    """Return what became of a step; None where it was plainly done.

    The source of a move is removed if its copy is proven to be there; what only a comparison
    proves is written down before, for nothing proves it afterwards.
    """
    source, target = look(storage, action.source), look(storage, action.target)
    if action.kind is ActionKind.REMOVE_COPY:
        return None if source is None else Outcome(seq, Status.PENDING)
    copied = 0 if before is None else before.inode
    expected = action.fingerprint
    told = in_one_service(storage, action.source.root, action.target.root)
    found = resolve_rewrite(action.kind, source, target, expected, copied, told=told)
    if source is not None and target is not None:
        if found is Resolution.DOUBTFUL and same_content(storage, source, target):
            is_copy = action.kind is ActionKind.COPY
            found = Resolution.DONE if is_copy else Resolution.HALF
        if found is Resolution.HALF:
            made = target.fingerprint.inode
            if made not in {expected.inode if told else 0, copied}:
                before = Outcome(seq, Status.COPIED, inode=made)
                note([before])
            storage.remove(action.source, source)
            found = Resolution.DONE
    if found is Resolution.DONE and target is not None:
        return _done(seq, action, target, before)
    if found is Resolution.UNKNOWN:
        place = storage.roots[action.source.root].absolute(action.source)
        return Outcome(seq, Status.FAILED, Reason.UNDECIDED, shown(place))
    return Outcome(seq, Status.PENDING)


def complete(
    journal: Journal, storage: Storage, rules: Rules, done: list[Step], pending: list[Step]
) -> Iterator[Outcome]:
    """Yield what became of a unit that is half done: the rest follows, or it goes back."""
    units = dict.fromkeys((seq for seq, _ in pending), pending[0][0])
    outcomes = list(Rewriting(storage, journal.note, rules).carry(pending, units))
    if len(outcomes) == len(pending) and all(map(is_done, outcomes)):
        yield from outcomes
        return
    back = msgspec.structs.replace(rules, rollback=True, restores=not rules.restores)
    steps = [(seq, _reversed(action, look(storage, action.target))) for seq, action in done]
    for outcome in Rewriting(storage, lambda _: None, back).carry(steps):
        if is_done(outcome):
            yield Outcome(outcome.seq, Status.PENDING)


def _reversed(action: Action, there: FileEntry | None) -> Action:
    mark = action.fingerprint if there is None else there.fingerprint
    return msgspec.structs.replace(
        action, source=action.target, target=action.source, fingerprint=mark
    )


def _done(seq: int, action: Action, target: FileEntry, before: Outcome | None) -> Outcome | None:
    made = target.fingerprint.inode
    is_new = made != action.fingerprint.inode
    if before is None and not is_new:
        return None
    return Outcome(seq, Status.DONE, inode=made if is_new else 0)
