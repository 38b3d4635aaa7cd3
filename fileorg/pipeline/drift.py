"""A saved plan against the disk: what is as it was is planned, what drifted is left."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress

import msgspec

from fileorg.errors import StorageError
from fileorg.model.entry import Fingerprint, FolderFacts, Skip
from fileorg.model.location import QUARANTINE, Location, join, shown
from fileorg.model.plan import Action, ActionKind, FolderFound
from fileorg.model.reason import Reason
from fileorg.move.acts import Rules, look, mismatch
from fileorg.pipeline.surroundings import Disk
from fileorg.plan.folders import FolderBook
from fileorg.plan.saved_reader import Planned
from fileorg.storage.base import Storage

Part = Action | FolderFound | Skip
_FOLDERS = {ActionKind.MAKE_FOLDER, ActionKind.REMOVE_FOLDER}


class Drift:
    """Looks at each line's files, and makes of what is as it was the steps that it takes.

    Of the roots, *other* ones are not the folders that the plan was made for.
    """

    def __init__(self, storage: Storage, run: str, other: set[int]) -> None:
        self._storage = storage
        self._rules = Rules(run)
        self._quarantine = join(QUARANTINE, run.encode())
        self._other = other
        self._out: list[Part] = []
        self._book = FolderBook(Disk(storage), self._out.append)
        self._kept: Action | None = None
        self._gone: Counter[Location] = Counter()

    def parts(self, lines: Iterable[Planned]) -> Iterator[Part]:
        """Yield the steps of the lines, and what drifted with its reason."""
        for line in lines:
            try:
                self._check(line)
            except StorageError as error:
                self._out.append(Skip(line.action.source, error.reason, str(error)))
            yield from self._out
            self._out.clear()

    def _check(self, line: Planned) -> None:
        action = line.action
        if not self._other.isdisjoint({action.source.root, action.target.root}):
            if action.kind in _FOLDERS:
                return
            raise StorageError(Reason.ROOT_REPLACED)
        match action.kind:
            case ActionKind.MAKE_FOLDER:
                self._make(action.target)
            case ActionKind.REMOVE_FOLDER:
                self._remove_folder(action)
            case ActionKind.SET_ASIDE:
                self._expect(action)
                self._keep(line.beside)
                self._set_aside(action)
            case ActionKind.QUARANTINE:
                self._expect(action)
                self._set_aside(action)
            case _:
                self._carry(action, line.replaces)

    def _carry(self, action: Action, replaced: Action | None) -> None:
        self._expect(action)
        holder = look(self._storage, action.target)
        if holder is not None and not holder.is_known_as(action.fingerprint):
            if replaced is None:
                raise StorageError(Reason.TARGET_EXISTS, shown(action.target.path))
            self._expect(replaced)
        self._make(action.target.folder)
        if replaced is not None and holder is not None:
            self._set_aside(replaced)
        self._book.fill(action.target.folder)
        if action.kind is ActionKind.MOVE:
            self._book.touch(action.source.folder)
            self._gone[action.source.folder] += 1
        self._out.append(action)

    def _set_aside(self, action: Action) -> None:
        aside = Location(action.source.root, self._quarantine).below(action.source.path)
        self._make(aside.folder)
        self._book.touch(action.source.folder)
        self._gone[action.source.folder] += action.kind is ActionKind.SET_ASIDE
        self._out.append(msgspec.structs.replace(action, target=aside))

    def _keep(self, kept: Action | None) -> None:
        if kept is None or kept == self._kept:
            return
        found = look(self._storage, kept.source)
        if found is None or not found.fingerprint.is_unedited(kept.fingerprint):
            raise StorageError(Reason.KEPT_GONE, shown(kept.source.path))
        self._kept = kept
        self._out.append(kept)

    def _make(self, folder: Location) -> None:
        for missing in self._book.missing(folder):
            self._book.make(missing)

    def _remove_folder(self, action: Action) -> None:
        """Plan to remove a folder if it is the one that was seen and will be empty."""
        folder = action.target
        with suppress(StorageError):  # it is gone, or something else
            facts = self._storage.folder_facts(folder)
            left = len(self._storage.names(folder)) - self._gone[folder]
            if _is_the_folder(facts, action.fingerprint) and left <= 0:
                self._book.touch(folder.folder)
                self._gone[folder.folder] += 1
                self._out.append(action)

    def _expect(self, action: Action) -> None:
        """Raise why what a line is about is not as it was when the plan was made."""
        found = self._storage.stat(action.source)
        if found.kind is not action.entry_kind:
            raise StorageError(Reason.CHANGED)
        reason = mismatch(found, action, self._rules)
        if reason is not None:
            raise StorageError(reason)


def _is_the_folder(facts: FolderFacts, expected: Fingerprint) -> bool:
    return expected.inode in {0, facts.inode}
