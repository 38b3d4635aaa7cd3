"""The two protocols a storage answers: reading, and the conditional verbs that change it.

Every verb raises `StorageError` with its reason. No verb ever replaces what stands at a target,
and no verb follows a symlink below a root.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BufferedIOBase
from typing import NamedTuple, Protocol

from fileorg.errors import StorageError
from fileorg.model.capabilities import Capabilities
from fileorg.model.entry import FileEntry, FolderFacts, Kind, Listing
from fileorg.model.location import Location, Root
from fileorg.model.plan import Action
from fileorg.model.reason import Reason
from fileorg.model.requests import NO_REQUESTS, Requests


class Renamed(NamedTuple):
    """How many of some moves were done plainly, in order, and what of the one after those.

    *strayed*: it was made, but of another file than was seen. That came there between the look
    and the act, or the file system numbers anew what it renames. *failure*: what a call ended with.
    """

    done: int
    strayed: bool = False
    failure: StorageError | None = None


Group = tuple[FileEntry, Sequence[FileEntry]]
"""A file, and others that may hold the same."""

Alike = list[bool | StorageError] | StorageError
"""What is known of each of the others; or why nothing is."""


class Parcel(NamedTuple):
    """A file on its way to another storage: as it was seen, its content, what lies *beside* it.

    That are the headers of an object, with its metadata and tags; None where there are none.
    """

    entry: FileEntry
    content: BufferedIOBase
    beside: Mapping[str, str] | None = None


class ReadableStorage(Protocol):
    """What scanning and comparing need; nothing here changes anything."""

    roots: list[Root]

    def capabilities(self, root: int) -> Capabilities:
        """Return what the root's file system does, found by reading only."""

    def listing(self, folder: Location) -> Listing:
        """Return a folder's facts and its entries by name (as text), without any that vanish."""

    def names(self, folder: Location) -> list[bytes]:
        """Return the names in a folder, unsorted; empty where there is no such folder."""

    def kinds(self, folder: Location) -> list[tuple[bytes, Kind]]:
        """Return the names in a folder and their kinds, as `listing`, without a look at each."""

    def stat(self, location: Location) -> FileEntry:
        """Return the entry at *location*, a symlink as itself; `Reason.VANISHED` where none is."""

    def folder_facts(self, folder: Location) -> FolderFacts:
        """Return a folder's facts; `Reason.FOLDER_GONE` where it is no folder."""

    def open(self, location: Location) -> BufferedIOBase:
        """Open a regular file for reading; anything else is `Reason.SPECIAL`."""

    def parcel(self, location: Location, *, restore: bool = False) -> Parcel:
        """Open a regular file for another storage, which closes its content; as `open`.

        To *restore*, without what `copy_each` or another storage has added to it.
        """

    def read(self, location: Location, start: int, length: int) -> bytes:
        """Return up to *length* bytes of a file from *start* on, fewer only at its end.

        Opens the file each time, which is cheaper than a handle where little is read of many.
        """

    def read_each(self, files: Iterable[tuple[Location, int]]) -> Iterator[bytes | StorageError]:
        """Yield what `read` returns or raises of the first bytes of many files, in their order."""

    def alike_each(self, groups: Iterable[Group]) -> Iterator[Alike]:
        """Yield of the others in each group whether they hold the same as the first.

        All are as their fingerprints say, before and after they are compared. `UNSUPPORTED` where
        files can be held open meanwhile, which proves more.
        """

    def link_target(self, location: Location) -> bytes:
        """Return what a symlink points to."""

    def attribute(self, location: Location, name: str) -> bytes | None:
        """Return an extended attribute of a file, None where it has none of that name."""

    def requests(self) -> Requests:
        """Return what servers were asked so far, by all processes; nothing where files are near."""

    def close(self) -> None:
        """Let go of every handle."""


class NoServer:
    """What a storage answers that asks no server."""

    def requests(self) -> Requests:
        """Return none."""
        return NO_REQUESTS

    def alike_each(self, groups: Iterable[Group]) -> Iterator[Alike]:
        """Refuse: files are compared while they are held open."""
        return (StorageError(Reason.UNSUPPORTED) for _ in groups)


def is_rewritten(storage: ReadableStorage, root: int) -> bool:
    """Whether files of a root can't be renamed; the number of one is of its content there."""
    return bool(storage.roots[root].reach) and not storage.capabilities(root).atomic_rename


def are_rewritten(storage: ReadableStorage, one: int, other: int) -> bool:
    """Whether files go from one root to another as objects: nothing is renamed in either."""
    return is_rewritten(storage, one) and (one == other or is_rewritten(storage, other))


def in_one_service(storage: ReadableStorage, one: int, other: int) -> bool:
    """Whether files go from one root to another by copies that their server makes.

    The same number is its word that they hold the same.
    """
    same = storage.roots[one].reach == storage.roots[other].reach
    return same and are_rewritten(storage, one, other)


class Storage(ReadableStorage, Protocol):
    """What the executor needs on top; each verb has its condition built in."""

    def refresh(self) -> None:
        """Check that every root is still itself and drop cached handles; called once a batch."""

    def probe(self, root: int, scratch: bytes) -> str:
        """Return the root's way to rename without replacing: `rename`, `link` or `placeholder`.

        Tries it with files named *scratch*; `StorageUnavailableError` where nothing can be written.
        """

    def rename(self, source: Location, target: Location) -> None:
        """Rename within one device; `TARGET_EXISTS` if the name is taken, `CROSSES_DEVICES`.

        As in every verb of two places, `FOLDER_GONE` where there is no folder to hold the target.
        """

    def rename_each(self, moves: Sequence[Action], *, by_ctime: bool) -> Renamed:
        """Do as `rename` for files and symlinks, in order, while each is as its fingerprint says.

        It ends early at a folder, at what has changed and at what fails, and raises nothing. The
        change time counts only *by_ctime*, and not of a file with other names.
        """

    def copy(self, source: Location, target: Location, expected: FileEntry) -> FileEntry:
        """Write *target*, which must be absent, as a verified copy; content, holes and metadata.

        The content is not durable before `sync`. `CHANGED` if the source is not as *expected*.
        """

    def copy_each(
        self, copies: Sequence[Action], *, restore: bool = False
    ) -> Iterator[FileEntry | StorageError]:
        """Copy files of this storage, in any order of work, and yield what came of each in order.

        A copy is made only while its source is as the fingerprint says, to a target that is absent,
        and is yielded when it is verified. To *restore*, it is given back all that a copy before
        has changed beside the content, and only that has to be the same.
        """

    def remove_each(self, files: Sequence[FileEntry]) -> Iterator[StorageError | None]:
        """Do as `remove` for files, in any order of work, and yield what came of each in order."""

    def write(
        self,
        target: Location,
        content: BufferedIOBase,
        mtime_ns: int,
        beside: Mapping[str, str] | None = None,
    ) -> FileEntry:
        """Write a new file of what can be read, with a time; the target must be absent.

        What lay *beside* it in a bucket is kept by another one, the time among it. It is
        returned when it is proven that what was read is there. A failure leaves nothing.
        """

    def link(self, source: Location, target: Location) -> None:
        """Give a file of the same device a second name; `TARGET_EXISTS` if it is taken."""

    def symlink(self, path: bytes, target: Location) -> FileEntry:
        """Make a symlink to an absolute *path*; `TARGET_EXISTS` if the name is taken."""

    def share(self, source: Location, target: Location) -> None:
        """Have *target* use the blocks of *source*, which the storage itself finds to be the same.

        `MISMATCH` if they are not, `UNSUPPORTED` where files share no blocks. Nobody can tell the
        difference afterwards but by the space that is free.
        """

    def remove(self, location: Location, if_match: FileEntry) -> None:
        """Remove a file that is still the one given; `CHANGED` or `NOT_OURS` if it is not.

        `BUSY` if another process has it open for writing, where that can be told.
        """

    def make_folder(self, folder: Location, facts: FolderFacts | None) -> FolderFacts:
        """Make a folder, owned like its root or as *facts* say; `TARGET_EXISTS` if it is there."""

    def dress_folder(self, folder: Location, facts: FolderFacts | None) -> None:
        """Give a folder that is there what `make_folder` gives one: owner, group and mode."""

    def remove_folder(self, folder: Location, inode: int) -> None:
        """Remove an empty folder if *inode* is its own (0: whichever); `NOT_EMPTY`, `NOT_OURS`.

        Where the file system does not keep its numbers, whichever has the name is removed.
        """

    def set_folder_mtime(self, folder: Location, mtime_ns: int) -> None:
        """Give a folder back the modification time it had, in nanoseconds UTC."""

    def sync(self, roots: Iterable[int]) -> None:
        """Return when everything done below *roots* so far would survive a power cut."""
