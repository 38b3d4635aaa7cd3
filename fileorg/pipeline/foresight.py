"""What a step that takes something back will meet, told before anything is done."""

from collections.abc import Sequence

from fileorg.errors import StorageError
from fileorg.journal.in_force import InForce
from fileorg.journal.rollback import INVERSE, inverse
from fileorg.journal.standing import difference
from fileorg.model.entry import FileEntry
from fileorg.model.location import Location
from fileorg.model.outcome import Outcome, Status
from fileorg.model.plan import Action, ActionKind
from fileorg.model.reason import Reason
from fileorg.storage.base import ReadableStorage

_PUT_BACK = {ActionKind.MOVE, ActionKind.RESTORE, ActionKind.BRING_BACK}
_ASIDE = {ActionKind.QUARANTINE, ActionKind.SET_ASIDE}
_LEAVES = {ActionKind.MOVE, ActionKind.REMOVE_COPY, ActionKind.REMOVE_LINK} | _ASIDE
_NO_FILE = {ActionKind.MAKE_FOLDER, ActionKind.REMOVE_FOLDER, ActionKind.KEEP}
_REPLACED = {Reason.CHANGED, Reason.NOT_OURS}


class Occupied:
    """Tells of the steps of a plan, in their order, which place is taken that they put back to."""

    def __init__(self, forces: Sequence[InForce], storage: ReadableStorage) -> None:
        self._storage = storage
        self._leaving: set[Location] = set()
        aside = _ASIDE | {INVERSE[kind] for kind in _ASIDE}
        self._may_leave = any(any(f.journal.of_kind(kind)) for f in forces for kind in aside)

    def holder(self, step: Action) -> FileEntry | None:
        """Return what has the place of a file that is put back and will not have left by then."""
        if self._may_leave and step.kind in _LEAVES:
            self._leaving.add(step.source)
        if step.kind not in _PUT_BACK or step.target in self._leaving:
            return None
        found = seen(self._storage, step.target)
        return None if found is None or found.is_known_as(step.fingerprint) else found


class Foresight:
    """Tells of the steps of a plan, in their order, how each of them would end."""

    def __init__(
        self, forces: Sequence[InForce], storage: ReadableStorage, *, include_changed: bool
    ) -> None:
        self._storage = storage
        self._occupied = Occupied(forces, storage)
        self._include_changed = include_changed

    def outcome(self, step: Action) -> Outcome | None:
        """Return how a step would end; None is a plain success."""
        if step.kind in _NO_FILE:
            return None
        source, target = seen(self._storage, step.source), seen(self._storage, step.target)
        holder = self._occupied.holder(step)
        there = holder if step.kind in _PUT_BACK else target
        done = inverse(INVERSE[step.kind], step, None)
        reason = difference(done, None, there, source)
        if reason in {None, Reason.EDITED} or (reason in _REPLACED and self._include_changed):
            return None
        is_back = target is not None and target.is_known_as(step.fingerprint)
        if reason is Reason.VANISHED and (is_back or step.kind is ActionKind.REMOVE_COPY):
            return Outcome(0, Status.SKIPPED, Reason.IN_PLACE if is_back else reason)
        if step.kind is ActionKind.REMOVE_LINK:
            return Outcome(0, Status.SKIPPED, reason)
        return Outcome(0, Status.FAILED, Reason.TARGET_EXISTS if reason is Reason.TAKEN else reason)


def seen(storage: ReadableStorage, place: Location) -> FileEntry | None:
    """Return what stands at a place; None where nothing does, or it can't be told."""
    try:
        return storage.stat(place)
    except StorageError:
        return None
