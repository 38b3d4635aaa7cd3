"""Freeing the space of what a run set aside: each file is proven redundant once more, then gone.

This can't be taken back. It may be killed at any step: what is left stays in quarantine.
"""

from collections.abc import Iterator

import msgspec

from fileorg.errors import StorageError
from fileorg.journal.rollback import done_test
from fileorg.journal.schema import PLAN_CHUNK
from fileorg.journal.store import Journal
from fileorg.model.entry import FileEntry
from fileorg.model.location import Location, shown
from fileorg.model.plan import Action, ActionKind
from fileorg.model.reason import Reason
from fileorg.model.summary import Failure
from fileorg.move.redundant import Original
from fileorg.pipeline.recover import roots_now
from fileorg.pipeline.state import State
from fileorg.pipeline.workspace import Workspace
from fileorg.storage.base import Storage

_GONE = {Reason.VANISHED, Reason.FOLDER_GONE}


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
    record = request.state.find(request.run)
    journal = request.state.open(record.run)
    try:
        journal.verify()
        with Workspace(roots_now(journal)) as work:
            if not request.dry_run:
                work.lock(request.wait)
            purging = _Purging(journal, work.storage, remove=not request.dry_run)
            purging.run()
    finally:
        journal.close()
    return PurgeSummary(
        record.run, purging.files, purging.bytes, len(purging.failures), tuple(purging.failures),
        request.dry_run,
    )  # fmt: skip


def _moved_since(journal: Journal) -> dict[Location, Location]:
    """Return where the run moved the files that it kept, by where they were."""
    kept = {action.source for _, action in journal.of_kind(ActionKind.KEEP)}
    if not kept:
        return {}
    done = done_test(journal.outcomes(), journal.progress().high)
    return {
        action.source: action.target
        for seq, action in journal.of_kind(ActionKind.MOVE)
        if action.source in kept and done(seq)
    }


class _Purging:
    def __init__(self, journal: Journal, storage: Storage, *, remove: bool) -> None:
        self._journal = journal
        self._storage = storage
        self._remove = remove
        self._places = _moved_since(journal)
        self.files = self.bytes = 0
        self.failures: list[Failure] = []

    def run(self) -> None:
        """Remove what is proven, and the folders that this leaves empty."""
        folders: set[Location] = set()
        for seq, action in self._set_aside():
            found = self._quarantined(action)
            if found is None:
                continue  # undone, or purged before
            try:
                self._prove(seq, found)
                if self._remove:
                    self._storage.remove(action.target, found)
            except StorageError as error:
                where = self._storage.roots[action.target.root].absolute(action.target)
                self.failures.append(Failure(shown(where), error.reason.value, str(error)))
                continue
            self.files += 1
            self.bytes += found.fingerprint.size if found.links == 1 else 0
            folders.add(action.target.folder)
        if self._remove:
            self._remove_empty(folders)

    def _set_aside(self) -> Iterator[tuple[int, Action]]:
        progress = self._journal.progress()
        done = done_test(self._journal.outcomes(), progress.high)
        for low in range(0, progress.high, PLAN_CHUNK):
            for seq, action in self._journal.between(low, min(low + PLAN_CHUNK, progress.high)):
                if action.kind is ActionKind.SET_ASIDE and done(seq):
                    yield seq, action

    def _quarantined(self, action: Action) -> FileEntry | None:
        try:
            found = self._storage.stat(action.target)
        except StorageError as error:
            if error.reason in _GONE:
                return None
            raise
        return found if found.fingerprint.is_same_file(action.fingerprint) else None

    def _prove(self, seq: int, found: FileEntry) -> None:
        """Raise `StorageError` unless the file that was kept holds the same as what was not."""
        keep = self._journal.keep_before(seq)
        if keep is None:
            raise StorageError(Reason.SOURCE_GONE, "the journal names no file that was kept")
        try:
            original = Original(self._storage, self._places.get(keep.source, keep.source), None)
        except StorageError as error:
            raise StorageError(Reason.KEPT_GONE, str(error)) from error
        try:
            reason = original.disproof(found)
        finally:
            original.close()
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
