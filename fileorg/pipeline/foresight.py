"""What a step that takes something back will meet, told before anything is done."""

from collections.abc import Sequence

from fileorg.errors import StorageError
from fileorg.journal.in_force import InForce
from fileorg.journal.rollback import INVERSE, inverse
from fileorg.journal.standing import difference
from fileorg.model.entry import FileEntry
from fileorg.model.location import Location, text
from fileorg.model.outcome import Outcome, Status
from fileorg.model.plan import Action, ActionKind, Joint, steps_in
from fileorg.model.reason import Reason
from fileorg.move.acts import Rules, holds_back, look
from fileorg.move.redundant import why_link_stays
from fileorg.storage.base import ReadableStorage, is_rewritten

_PUT_BACK = {ActionKind.MOVE, ActionKind.RESTORE, ActionKind.BRING_BACK}
_ASIDE = {ActionKind.QUARANTINE, ActionKind.SET_ASIDE}
_LEAVES = {ActionKind.MOVE, ActionKind.REMOVE_COPY, ActionKind.REMOVE_LINK} | _ASIDE
_NO_FILE = {ActionKind.MAKE_FOLDER, ActionKind.REMOVE_FOLDER, ActionKind.KEEP}
_REPLACED = {Reason.CHANGED, Reason.NOT_OURS}
_MOVE, _BACK = ActionKind.MOVE, Rules("", rollback=True)


class Occupied:
    """Tells of the steps of a plan, in their order, which place is taken that they put back to."""

    def __init__(self, forces: Sequence[InForce], storage: ReadableStorage) -> None:
        self._storage = storage
        self._leaving: set[Location] = set()
        aside = _ASIDE | {INVERSE[kind] for kind in _ASIDE}
        self._may_leave = any(any(f.journal.of_kind(kind)) for f in forces for kind in aside)

    def holder(self, step: Action) -> FileEntry | None:
        """Return what has the place of a file that is put back and will not have left by then."""
        if self._may_leave and step.kind in _LEAVES and self._does_leave(step):
            self._leaving.add(step.source)
        if step.kind not in _PUT_BACK or step.target in self._leaving:
            return None
        found = seen(self._storage, step.target)
        return None if found is None or found.is_known_as(step.fingerprint) else found

    def _does_leave(self, step: Action) -> bool:
        """Whether a step takes away what it finds; of links it takes none but its own."""
        if step.kind is not ActionKind.REMOVE_LINK:
            return True
        found = seen(self._storage, step.source)
        return found is not None and why_link_stays(self._storage, found, step) is None


class Foresight:
    """Tells of the steps of a plan, in their order, how each of them would end."""

    def __init__(
        self, forces: Sequence[InForce], storage: ReadableStorage, *, include_changed: bool
    ) -> None:
        self._storage = storage
        self._occupied = Occupied(forces, storage)
        self._include_changed = include_changed

    def outcomes(self, item: Action | Joint) -> list[tuple[Action, Outcome | None]]:
        """Return how each step of an item would end; None is a plain success.

        Where one file of a unit can't be moved back, none of it is.
        """
        ended = [(step, self._outcome(step)) for step in steps_in(item)]
        blocked = next((s for s, o in ended if s.kind is _MOVE and holds_back(o, _BACK)), None)
        if blocked is None or not isinstance(item, Joint):
            return ended
        stays = Outcome(0, Status.SKIPPED, Reason.UNIT, text(blocked.source.name))
        return [(step, stays if outcome is None else outcome) for step, outcome in ended]

    def _outcome(self, step: Action) -> Outcome | None:
        if step.kind in _NO_FILE:
            return None
        source, target = seen(self._storage, step.source), seen(self._storage, step.target)
        holder = self._occupied.holder(step)
        there = holder if step.kind in _PUT_BACK else target
        done = inverse(INVERSE[step.kind], step, None)
        by_content = is_rewritten(self._storage, step.source.root)
        reason = difference(done, None, there, source, by_content=by_content)
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
        return look(storage, place)
    except StorageError:
        return None
