"""A saved plan against the disk: what is as it was is planned, what drifted is left."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress

import msgspec

from fileorg.errors import StorageError
from fileorg.model.entry import FileEntry, Fingerprint, FolderFacts, Skip
from fileorg.model.location import QUARANTINE, Location, join, shown
from fileorg.model.plan import Action, ActionKind, FolderFound, Joint
from fileorg.model.reason import Reason
from fileorg.move.acts import Rules, look, mismatch
from fileorg.pipeline.surroundings import Disk
from fileorg.plan.folders import FolderBook
from fileorg.plan.saved import GOES
from fileorg.plan.saved_reader import Planned
from fileorg.storage.base import Storage, is_rewritten

Part = Action | FolderFound | Joint | Skip
_FOLDERS = {ActionKind.MAKE_FOLDER, ActionKind.REMOVE_FOLDER}
_ASIDE = {ActionKind.SET_ASIDE, ActionKind.QUARANTINE}


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
        for unit in _units(line for line in lines if not self._is_moot(line)):
            guilty = unit[0]
            try:
                for guilty in unit:
                    self._check(guilty)
                for guilty in unit:
                    self._make_room(guilty)
            except StorageError as error:
                self._out += _left(unit, guilty, error)
            else:
                self._plan(unit)
            yield from self._out
            self._out.clear()

    def _is_moot(self, line: Planned) -> bool:
        return line.action.kind in _FOLDERS and self._is_elsewhere(line.action)

    def _is_elsewhere(self, action: Action) -> bool:
        return not self._other.isdisjoint({action.source.root, action.target.root})

    def _check(self, line: Planned) -> None:
        """Raise why a line is not to be done any more."""
        action = line.action
        if self._is_elsewhere(action):
            raise StorageError(Reason.ROOT_REPLACED)
        if action.kind in _FOLDERS:
            return
        self._expect(action)
        if action.kind in GOES and self._is_taken(action):
            if line.replaces is None:
                raise StorageError(Reason.TARGET_EXISTS, shown(action.target.path))
            self._expect(line.replaces)
        elif line.beside is not None and line.beside != self._kept:
            self._expect_kept(line.beside)

    def _make_room(self, line: Planned) -> None:
        """Plan the folders that a line needs; `StorageError` where one can't be."""
        action = line.action
        if action.kind is ActionKind.MAKE_FOLDER:
            self._make(action.target)
        elif action.kind in _ASIDE:
            self._make(self._aside(action).folder)
        elif action.kind in GOES:
            self._make(action.target.folder)
            if line.replaces is not None and self._is_taken(action):
                self._make(self._aside(line.replaces).folder)

    def _plan(self, unit: list[Planned]) -> None:
        first = unit[0]
        match first.action.kind:
            case ActionKind.REMOVE_FOLDER:
                self._remove_folder(first.action)
            case ActionKind.SET_ASIDE | ActionKind.QUARANTINE:
                self._keep(first.beside)
                self._set_aside(first.action)
            case ActionKind.MOVE | ActionKind.COPY:
                self._carry(unit)

    def _carry(self, unit: list[Planned]) -> None:
        for line in unit:
            if line.replaces is not None and self._is_taken(line.action):
                self._set_aside(line.replaces)
        for line in unit:
            action = line.action
            self._book.fill(action.target.folder)
            if action.kind is ActionKind.MOVE:
                self._book.touch(action.source.folder)
                self._gone[action.source.folder] += 1
        actions = tuple(line.action for line in unit)
        self._out.append(Joint(actions) if len(actions) > 1 else actions[0])

    def _is_taken(self, action: Action) -> bool:
        """Whether another file has the name that one is to get."""
        holder = look(self._storage, action.target)
        return holder is not None and not holder.is_known_as(action.fingerprint)

    def _set_aside(self, action: Action) -> None:
        self._book.touch(action.source.folder)
        self._gone[action.source.folder] += action.kind is ActionKind.SET_ASIDE
        self._out.append(msgspec.structs.replace(action, target=self._aside(action)))

    def _aside(self, action: Action) -> Location:
        return Location(action.source.root, self._quarantine).below(action.source.path)

    def _expect_kept(self, kept: Action) -> None:
        found = look(self._storage, kept.source)
        if found is None or not found.fingerprint.is_unedited(kept.fingerprint):
            raise StorageError(Reason.KEPT_GONE, shown(kept.source.path))

    def _keep(self, kept: Action | None) -> None:
        if kept is not None and kept != self._kept:
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
        if is_rewritten(self._storage, action.source.root):
            reason = None if _is_unwritten(found, action) else Reason.CHANGED
        else:
            reason = mismatch(found, action, self._rules)
        if reason is not None:
            raise StorageError(reason)


def _units(lines: Iterable[Planned]) -> Iterator[list[Planned]]:
    """Yield lines one by one, and as one those that go with the same file, its own the first."""
    unit: list[Planned] = []
    for line in lines:
        goes_on = bool(unit) and line.main is not None and line.main in _mains(unit[0])
        if unit and not goes_on:
            yield unit
            unit = []
        unit.append(line)
    if unit:
        yield unit


def _mains(first: Planned) -> set[Location | None]:
    """Return what lines may name as the file that they go with, after a first one."""
    return {first.main, first.action.source} if first.action.kind in GOES else set()


def _left(unit: list[Planned], guilty: Planned, error: StorageError) -> Iterator[Skip]:
    """Yield why a line is not done, and that those stay which go with it."""
    for line in unit:
        place = line.action.source
        if line is guilty:
            yield Skip(place, error.reason, str(error))
        else:
            yield Skip(place, Reason.UNIT, shown(guilty.action.source.name))


def _is_unwritten(found: FileEntry, action: Action) -> bool:
    """Whether an object holds what was seen; of its times a listing and a look may differ."""
    seen, expected = found.fingerprint, action.fingerprint
    return (seen.size, seen.inode) == (expected.size, expected.inode)


def _is_the_folder(facts: FolderFacts, expected: Fingerprint) -> bool:
    return expected.inode in {0, facts.inode}
