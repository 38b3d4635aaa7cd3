"""What no bucket has: folders of their own, links, renames. Objects lie flat beside each other."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence

from fileorg.errors import StorageError
from fileorg.model.entry import FileEntry, FolderFacts, Kind, Listing
from fileorg.model.location import Location
from fileorg.model.plan import Action
from fileorg.model.reason import Reason
from fileorg.storage.base import Renamed


class Flat(ABC):
    """The verbs of `Storage` that a bucket refuses, or has no need of."""

    @abstractmethod
    def listing(self, folder: Location) -> Listing:
        """Return what lies in a folder."""

    def kinds(self, folder: Location) -> list[tuple[bytes, Kind]]:
        """Return the names in a folder and what they are, which takes all that `listing` does."""
        return [(entry.location.name, entry.kind) for entry in self.listing(folder).entries]

    def rename_each(self, moves: Sequence[Action], *, by_ctime: bool) -> Renamed:  # noqa: ARG002
        """Refuse: nothing is renamed in a bucket."""
        return Renamed(0, failure=StorageError(Reason.UNSUPPORTED) if moves else None)

    def link(self, source: Location, target: Location) -> None:  # noqa: ARG002
        """Refuse: an object has one key."""
        raise StorageError(Reason.UNSUPPORTED)

    def symlink(self, path: bytes, target: Location) -> FileEntry:  # noqa: ARG002
        """Refuse: there are no symlinks."""
        raise StorageError(Reason.UNSUPPORTED)

    def share(self, source: Location, target: Location) -> None:  # noqa: ARG002
        """Refuse: objects share nothing."""
        raise StorageError(Reason.UNSUPPORTED)

    def make_folder(self, folder: Location, facts: FolderFacts | None) -> FolderFacts:  # noqa: ARG002
        """Refuse: there are no folders to make."""
        raise StorageError(Reason.UNSUPPORTED)

    def dress_folder(self, folder: Location, facts: FolderFacts | None) -> None:  # noqa: ARG002
        """Refuse: folders have no owner and no mode."""
        raise StorageError(Reason.UNSUPPORTED)

    def remove_folder(self, folder: Location, inode: int) -> None:  # noqa: ARG002
        """Refuse: a folder goes with the last object in it."""
        raise StorageError(Reason.UNSUPPORTED)

    def set_folder_mtime(self, folder: Location, mtime_ns: int) -> None:  # noqa: ARG002
        """Refuse: folders have no time."""
        raise StorageError(Reason.UNSUPPORTED)

    def sync(self, roots: Iterable[int]) -> None:  # noqa: B027 - no subclass has more to do
        """Do nothing: what was answered lasts."""
