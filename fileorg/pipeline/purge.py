"""Freeing the space of what a run set aside: each file is proven redundant once more, then gone.

This can't be taken back. It may be killed at any step: what is left stays in quarantine.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from fileorg.errors import StorageError
from fileorg.journal.in_force import InForce, in_force, moved_since
from fileorg.journal.index import RunRecord
from fileorg.journal.reading import Step
from fileorg.journal.schema import BATCH
from fileorg.journal.store import Journal
from fileorg.model.entry import FileEntry
from fileorg.model.location import Location, shown
from fileorg.model.outcome import FORWARD
from fileorg.model.plan import Action, ActionKind
from fileorg.model.reason import Reason
from fileorg.model.summary import Failure
from fileorg.move.acts import look
from fileorg.move.redundant import Original
from fileorg.move.redundant_objects import disproof
from fileorg.pipeline.lineage import History, Lineage
from fileorg.pipeline.recover import roots_now
from fileorg.pipeline.state import State
from fileorg.pipeline.workspace import Workspace
from fileorg.storage.base import Storage, is_rewritten


class PurgeRequest(msgspec.Struct, frozen=True):
    """Which run to purge; *wait* in seconds for a lock."""

    run: str
    state: State
    dry_run: bool = False
    wait: float = 0


class PurgeSummary(msgspec.Struct, frozen=True):
    """What was freed, or would be, and what stays in quarantine with the reason."""

    run: str
    files: int
    bytes: int
    failed: int
    failures: tuple[Failure, ...]
    dry_run: bool = False


def purge(request: PurgeRequest) -> PurgeSummary:
    """Remove what a run set aside, as far as the file beside it still holds the same bytes."""
    record = _chosen(request)
    line = History(request.state.records()).line(record)  # it may have been done again, in parts
    with Lineage(request.state, line) as journals:
        forces = list(in_force(journals))
        with Workspace(roots_now(journals.opened[0])) as work:
            if not request.dry_run:
                work.lock(request.state.locks, request.wait)
            purging = _Purging(forces, work.storage, remove=not request.dry_run)
            purging.run()
    return PurgeSummary(
        record.run, purging.files, purging.bytes, len(purging.failures), tuple(purging.failures),
        request.dry_run,
    )  # fmt: skip


def _chosen(request: PurgeRequest) -> RunRecord:
    if request.run == "last":
        for record in request.state.records():
            if record.kind in FORWARD:
                return request.state.find(record.run)
    return request.state.find(request.run)


class _Purging:
    def __init__(self, forces: Sequence[InForce], storage: Storage, *, remove: bool) -> None:
        self._forces = forces
        self._storage = storage
        self._remove = remove
        self._places = moved_since(forces)
        self._counted: Counter[tuple[int, int]] = Counter()
        self.files = self.bytes = 0
        self.failures: list[Failure] = []

    def run(self) -> None:
        """Remove what is proven, and the folders that this leaves empty."""
        folders: set[Location] = set()
        for journal, steps in self._set_aside():
            there = [step for step in steps if self._quarantined(step[1]) is not None]
            if there and self._remove:  # before: what an undo then does not find was purged
                journal.purging(seq for seq, _ in there)
            for seq, action in there:
                found = self._quarantined(action)  # anew: another name of it may be gone by now
                if found is not None and self._purge(journal.keep_before(seq), action, found):
                    folders.add(action.target.folder)
        if self._remove:
            self._remove_empty(folders)

    def _purge(self, keep: Action | None, action: Action, found: FileEntry) -> bool:
        try:
            self._prove(keep, found)
            if self._remove:
                self._storage.remove(action.target, found)
        except StorageError as error:
            where = self._storage.roots[action.target.root].absolute(action.target)
            self.failures.append(Failure(shown(where), error.reason.value, str(error)))
            return False
        self.files += 1
        self.bytes += self._freed(found)
        return True

    def _freed(self, found: FileEntry) -> int:
        """Return the bytes that go with this name: those of a file go with its last one."""
        names = 1
        if not self._remove and found.links > 1:
            file = (found.location.root, found.fingerprint.inode)
            names = self._counted[file] = self._counted[file] + 1
        return found.fingerprint.size if found.links == names else 0

    def _set_aside(self) -> Iterator[tuple[Journal, list[Step]]]:
        """Yield what is set aside, in lists that are written down at once."""
        for force in self._forces:
            for low in range(0, force.high, BATCH):
                steps = force.journal.between(low, min(low + BATCH, force.high))
                aside = (s for s in steps if s[1].kind is ActionKind.SET_ASIDE and force.has(s))
                yield force.journal, [_as_made(step, force) for step in aside]

    def _quarantined(self, action: Action) -> FileEntry | None:
        found = look(self._storage, action.target)
        is_it = found is not None and found.fingerprint.is_same_file(action.fingerprint)
        return found if is_it else None

    def _prove(self, keep: Action | None, found: FileEntry) -> None:
        """Raise `StorageError` unless the file that was kept holds the same as what was not."""
        if keep is None:
            raise StorageError(Reason.SOURCE_GONE, "the journal names no file that was kept")
        place = self._places.get(keep.source, keep.source)
        if is_rewritten(self._storage, place.root):
            self._prove_object(place, found)
            return
        try:
            original = Original(self._storage, place, None)
        except StorageError as error:
            raise StorageError(Reason.KEPT_GONE, str(error)) from error
        try:
            reason = original.disproof(found)
        finally:
            original.close()
        if reason is not None:
            raise StorageError(reason)

    def _prove_object(self, place: Location, found: FileEntry) -> None:
        """Do the same where no file can be held open."""
        try:
            reason = disproof(self._storage, place, found)
        except StorageError as error:
            raise StorageError(Reason.KEPT_GONE, str(error)) from error
        if reason is not None:
            raise StorageError(reason)

    def _remove_empty(self, folders: set[Location]) -> None:
        for folder in sorted(folders, key=lambda place: -place.path.count(b"/")):
            here = folder
            while here.path:
                try:
                    self._storage.remove_folder(here, 0)
                except StorageError:
                    break  # something else is in it
                here = here.folder


def _as_made(step: Step, force: InForce) -> Step:
    """Return a step with the number that its file got by it, if that is another one."""
    seq, action = step
    outcome = force.outcomes.get(seq)
    if outcome is None or not outcome.inode:
        return step
    mark = msgspec.structs.replace(action.fingerprint, inode=outcome.inode)
    return seq, msgspec.structs.replace(action, fingerprint=mark)
