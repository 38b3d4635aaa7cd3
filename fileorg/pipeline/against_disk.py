"""A run's journal against the disk: which steps no longer stand, and which left no trace."""

from collections.abc import Iterator

from fileorg.errors import StorageError
from fileorg.journal.in_force import InForce
from fileorg.journal.recovery import Resolution, resolve_copy, resolve_move, resolve_rewrite
from fileorg.journal.schema import BATCH
from fileorg.journal.standing import difference
from fileorg.journal.store import Journal
from fileorg.model.location import QUARANTINE
from fileorg.model.outcome import Outcome
from fileorg.model.plan import Action, ActionKind
from fileorg.model.reason import Reason
from fileorg.move.acts import look
from fileorg.storage.base import ReadableStorage, are_rewritten, in_one_service, is_rewritten

_MOVES = {ActionKind.MOVE, ActionKind.QUARANTINE, ActionKind.RESTORE}
_MADE = {ActionKind.MAKE_FOLDER, ActionKind.COPY, ActionKind.LINK}
_TARGETS = _MOVES | _MADE | {ActionKind.SET_ASIDE, ActionKind.BRING_BACK}


def differences(force: InForce, storage: ReadableStorage) -> Iterator[tuple[bytes, Reason | None]]:
    """Yield the place of each step that is in force, and what differs there, if anything does."""
    journal, outcomes, progress = force.journal, force.outcomes, force.journal.progress()
    linked = {action.target for _, action in journal.of_kind(ActionKind.LINK)}
    purged = any(outcome.reason is Reason.PURGED for outcome in outcomes.values())
    for low in range(0, progress.low, BATCH):
        for seq, action in journal.between(low, min(low + BATCH, progress.low)):
            if not force.has((seq, action)):
                continue
            outcome = outcomes.get(seq)
            place = action.target if action.kind in _TARGETS else action.source
            try:
                source, target = look(storage, action.source), look(storage, action.target)
                by_content = is_rewritten(storage, place.root)
                reason = difference(action, outcome, source, target, by_content=by_content)
            except StorageError as error:
                reason = error.reason
            if reason is Reason.TAKEN and action.kind is ActionKind.SET_ASIDE:
                reason = None if action.source in linked else reason
            elif reason is Reason.VANISHED and purged and _is_purged(action, outcome):
                reason = None
            if reason is Reason.TAKEN:
                place = action.source
            yield storage.roots[place.root].absolute(place), reason


def lost_steps(journal: Journal, storage: ReadableStorage) -> Iterator[bytes]:
    """Yield the sources of steps in the window of which the disk cannot say what happened."""
    outcomes, progress = journal.outcomes(), journal.progress()
    for seq, action in journal.between(progress.low, progress.high):
        if action.kind not in _MOVES | {ActionKind.COPY} or seq in outcomes:
            continue
        try:
            source, target = look(storage, action.source), look(storage, action.target)
        except StorageError:
            continue  # what can't be looked at now may be decided yet
        roots = action.source.root, action.target.root
        within = are_rewritten(storage, *roots)
        if within:
            told = in_one_service(storage, *roots)
            found = resolve_rewrite(action.kind, source, target, action.fingerprint, 0, told=told)
        else:
            found = resolve_move(action.fingerprint, source, target, listed=(True, True))
        if found is Resolution.UNKNOWN and not within:
            found = resolve_copy(action.kind, source, target, action.fingerprint)
        if found is Resolution.UNKNOWN:
            yield storage.roots[action.source.root].absolute(action.source)


def _is_purged(action: Action, outcome: Outcome | None) -> bool:
    """Whether what is missing went with a purge: what was set aside, or a folder for it."""
    if action.kind is ActionKind.MAKE_FOLDER:
        path = action.target.path
        return path.startswith(QUARANTINE) or QUARANTINE.startswith(path)
    return outcome is not None and outcome.reason is Reason.PURGED
