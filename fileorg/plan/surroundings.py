"""What the planner asks about the disk; the pipeline answers, so that planning stays pure."""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Protocol

from fileorg.model.capabilities import Capabilities
from fileorg.model.entry import FileEntry, FolderFacts, Seen
from fileorg.model.location import Location


class Company(Protocol):
    """The names in a folder, as far as new ones might belong together with them."""

    def add(self, name: bytes) -> None:
        """Note a name that is new in the folder."""

    def remove(self, name: bytes) -> None:
        """Note that a name is free again."""

    def is_alone(self, name: bytes) -> bool:
        """Whether no name that is or was there has to do with a new one."""

    def strangers(
        self,
        new: Collection[bytes],
        leaving: Collection[bytes] = (),
        may_meet: Callable[[bytes], bool] | None = None,
    ) -> set[bytes]:
        """Return the names that would become parts of one unit with *new* ones, or lose theirs.

        Those *leaving* are not there any more. One that is in no unit yet, and that the new one
        *may_meet*, is no stranger.
        """


class Surroundings(Protocol):
    """The disk as it was when the run began."""

    def capabilities(self, root: int) -> Capabilities:
        """Return what the file system of a root can do."""

    def root_name(self, root: int) -> bytes:
        """Return the name of the folder that a root is; empty where it has none."""

    def folder(self, folder: Location) -> FolderFacts | None:
        """Return a folder's facts; None where nothing is; `StorageError` where it is no folder."""

    def names(self, folder: Location) -> list[bytes]:
        """Return the names in a folder; none where it is missing."""

    def entry(self, location: Location) -> FileEntry | None:
        """Return what stands at a location, or None."""

    def main_of(self, entry: FileEntry) -> FileEntry:
        """Return the main file of the unit that a file belongs to; one that is alone is its own."""

    def company(self, names: Iterable[bytes]) -> Company:
        """Return the names of a folder as what new ones there may be told together with."""

    def same_content(self, one: FileEntry, other: FileEntry) -> bool:
        """Whether two files are the same byte by byte; False where that can't be told."""

    def same_device(self, one: Location, other: Location) -> bool:
        """Whether a rename from one to the other stays on one device."""

    def everything_in(self, folder: Location) -> Iterator[Seen]:
        """Yield all there is in a folder, hidden and protected included."""
