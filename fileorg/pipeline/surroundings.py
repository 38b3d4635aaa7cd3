"""What the planner may ask about the disk, answered from a storage."""

import os
from collections.abc import Iterable, Iterator

from fileorg.content import compare
from fileorg.errors import StorageError, StorageUnavailableError
from fileorg.model.capabilities import Capabilities
from fileorg.model.entry import FileEntry, FolderFacts, Seen
from fileorg.model.location import Location, text
from fileorg.model.reason import Reason
from fileorg.scan.company import Company
from fileorg.scan.glimpse import groups_if_any
from fileorg.scan.scanner import Scanner, ScanOptions
from fileorg.storage.base import ReadableStorage

_NOTHING = {Reason.VANISHED}


class Disk:
    """The disk as it is while a run is planned; nothing is changed."""

    def __init__(self, storage: ReadableStorage) -> None:
        self._storage = storage
        self._able: dict[int, Capabilities] = {}
        self._mains: dict[Location, dict[bytes, bytes]] = {}

    def capabilities(self, root: int) -> Capabilities:
        """Return what the file system of a root can do."""
        if root not in self._able:
            try:
                self._able[root] = self._storage.capabilities(root)
            except StorageError as error:
                path = text(self._storage.roots[root].path)
                raise StorageUnavailableError(f"{path}: {error}", "nothing was moved") from error
        return self._able[root]

    def root_name(self, root: int) -> bytes:
        """Return the name of the folder that a root is."""
        return os.path.basename(self._storage.roots[root].path)

    def folder(self, folder: Location) -> FolderFacts | None:
        """Return a folder's facts, None where nothing is."""
        try:
            return self._storage.folder_facts(folder)
        except StorageError as error:
            if error.reason in _NOTHING:
                return None
            raise

    def names(self, folder: Location) -> list[bytes]:
        """Return the names in a folder."""
        return self._storage.names(folder)

    def entry(self, location: Location) -> FileEntry | None:
        """Return what stands at a location, or None."""
        try:
            return self._storage.stat(location)
        except StorageError:
            return None

    def main_of(self, entry: FileEntry) -> FileEntry:
        """Return the main file of the unit that a file belongs to, itself where it is alone."""
        folder = entry.location.folder
        if folder not in self._mains:
            self._mains[folder] = self._mains_in(folder)
        main = self._mains[folder].get(entry.location.name)
        found = None if main is None else self.entry(folder.below(main))
        return found or entry

    def _mains_in(self, folder: Location) -> dict[bytes, bytes]:
        """Return the main file of each companion in a folder, by name."""
        try:
            groups = groups_if_any(self._storage.kinds(folder))
        except StorageError:
            return {}
        return {member.name: group.main for group in groups for member in group.others}

    def company(self, names: Iterable[bytes]) -> Company:
        """Return the names of a folder as what new ones there may be told together with."""
        return Company(names)

    def same_content(self, one: FileEntry, other: FileEntry) -> bool:
        """Whether two files are proven the same."""
        try:
            return compare.same_content(self._storage, one, other)
        except StorageError:
            return False

    def same_device(self, one: Location, other: Location) -> bool:
        """Whether two locations are below roots of one device, where something can be renamed."""
        roots = self._storage.roots
        same = roots[one.root].device == roots[other.root].device
        return same and all(self.capabilities(at.root).atomic_rename for at in (one, other))

    def everything_in(self, folder: Location) -> Iterator[Seen]:
        """Yield all there is in a folder."""
        return Scanner(self._storage, ScanOptions(recurse=True, raw=True)).scan([folder])
