"""The folders a plan makes, fills and empties (pure)."""

from collections.abc import Callable
from heapq import heapify, heappop, heappush

from fileorg.errors import StorageError
from fileorg.model.entry import Fingerprint, FolderFacts, FolderSeen, Kind
from fileorg.model.location import Location
from fileorg.model.plan import NO_FINGERPRINT, Action, ActionKind, FolderFound
from fileorg.plan.naming import folded
from fileorg.plan.surroundings import Surroundings


class FolderBook:
    """Which folders exist, must be made, were touched, and are left empty.

    What it takes is told to *emit*, in the order in which it has to be done.
    """

    def __init__(
        self, around: Surroundings, emit: Callable[[Action | FolderFound], object]
    ) -> None:
        self._around = around
        self._emit = emit
        self._existing: dict[Location, FolderFacts] = {}
        self._held: dict[Location, int] = {}
        self._left: set[Location] = set()
        self._kept: set[Location] = set()
        self._touched: set[Location] = set()
        self._made: set[Location] = set()
        self._owed: set[Location] = set()
        self._new_names: dict[Location, list[bytes]] = {}

    def saw(self, seen: FolderSeen, *, keep: bool) -> None:
        """Note a folder of the scan; *keep* for one that is not to be removed."""
        self._existing[seen.location] = seen.facts
        self._held[seen.location] = seen.held
        if keep:
            self._kept.add(seen.location)

    def was_seen(self, folder: Location) -> bool:
        """Whether the scan went through a folder."""
        return folder in self._held

    def missing(self, folder: Location) -> list[Location]:
        """Return what has to be made for *folder* to be there, the outermost first.

        `StorageError` if something else is in its way.
        """
        missing: list[Location] = []
        if not self._are_real(folder):
            return missing
        while folder.path and folder not in self._made and not self._exists(folder):
            missing.append(folder)
            folder = folder.folder
        missing.reverse()
        return missing

    def make(self, folder: Location) -> None:
        """Plan a folder in one that is there or is made before; nothing where there are none."""
        self.promise(folder)
        if self._are_real(folder):
            self.fill(folder)

    def promise(self, folder: Location) -> None:
        """Plan a folder for the case that something comes into it: else it is not made."""
        if self._are_real(folder):
            self._made.add(folder)
            self._owed.add(folder)
            self._new_names.setdefault(folder.folder, []).append(folder.name)

    def names_in(self, folder: Location) -> list[bytes]:
        """Return the names that are in a folder, and those of the folders to be made in it."""
        found = [] if folder in self._made else self._around.names(folder)
        return found + self._new_names.get(folder, [])

    def touch(self, folder: Location) -> None:
        """Tell how a folder was, the first time the run changes what is in it."""
        if folder in self._touched or folder in self._made or not self._are_real(folder):
            return
        facts = self._existing.get(folder) or self._around.folder(folder)
        self._touched.add(folder)
        if facts is not None:
            self._emit(FolderFound(folder, facts))

    def fill(self, folder: Location) -> None:
        """Note that something comes into a folder, to stay there."""
        if folder in self._owed:
            self._owed.remove(folder)
            self.fill(folder.folder)
            make = ActionKind.MAKE_FOLDER
            self._emit(Action(make, folder, folder, NO_FINGERPRINT, "", Kind.FOLDER))
        self.touch(folder)
        self._kept.add(folder)

    def left(self, folder: Location, count: int = 1) -> None:
        """Note that something goes out of a folder."""
        if folder in self._held and self._are_real(folder):
            self._held[folder] -= count
            self._left.add(folder)

    def remove_empty(self) -> None:
        """Plan the removal of every folder that the plan leaves empty, deepest first."""
        waiting = [(-folder.path.count(b"/"), folder) for folder in self._left]
        heapify(waiting)
        while waiting:
            depth, folder = heappop(waiting)
            if self._held[folder] != 0 or folder in self._kept or not folder.path:
                continue
            facts, parent = self._existing[folder], folder.folder
            self.touch(parent)
            fingerprint = Fingerprint(0, facts.mtime_ns, 0, facts.inode)
            self._emit(
                Action(ActionKind.REMOVE_FOLDER, folder, folder, fingerprint, "", Kind.FOLDER)
            )
            if parent in self._held:
                self._held[parent] -= 1
                if parent not in self._left:
                    self._left.add(parent)
                    heappush(waiting, (depth + 1, parent))

    def _are_real(self, folder: Location) -> bool:
        """Whether folders are more than what keys begin with, so that they come and go."""
        return self._around.capabilities(folder.root).real_directories

    def _exists(self, folder: Location) -> bool:
        if folder in self._existing:
            return True
        if folder.folder in self._made:
            return False
        facts = self._around.folder(folder)
        if facts is not None:
            self._existing[folder] = facts
        return facts is not None


class Spelling:
    """How folders are written on a file system to which `Images` and `images` are one."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._known: dict[Location, dict[bytes, bytes]] = {}

    def of(self, folder: Location) -> Location:
        """Return a folder as it is written on disk, or as it was first asked for."""
        if not folder.path:
            return folder
        parent = self.of(folder.folder)
        names = self._known.get(parent)
        if names is None:
            names = self._known[parent] = {folded(name): name for name in self._names(parent)}
        return parent.below(names.setdefault(folded(folder.name), folder.name))

    def _names(self, folder: Location) -> list[bytes]:
        try:
            return self._around.names(folder)
        except StorageError:
            return []
