"""What a scan sees: files with their fingerprints, folders with what is needed to rebuild them."""

from enum import IntEnum
from typing import final

import msgspec

from fileorg.model.location import Location
from fileorg.model.reason import Reason


class Kind(IntEnum):
    """What an entry is."""

    FILE = 1
    FOLDER = 2
    SYMLINK = 3
    SPECIAL = 4


_UNITS_NS = (100, 10_000_000, 1_000_000_000, 2_000_000_000)
"""What NTFS, exFAT, SFTP and FAT round times down to."""


class Fingerprint(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What tells a file from another and from its own past: bytes, nanoseconds UTC, inode.

    Change time is compared only before a move, because a rename changes it. The inode is 0 where
    the file system does not keep the number it gives a file.
    """

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int

    def is_same_file(self, other: "Fingerprint") -> bool:
        """Whether both are one file, whatever was written to it in between.

        A file without a number is known by its size and time, as long as nothing is written to it.
        """
        if self.inode and other.inode:
            return self.inode == other.inode
        return self.looks_like(other)

    def looks_like(self, other: "Fingerprint") -> bool:
        """Whether size and time are the same, the time as the coarser of two disks keeps it."""
        if self.size != other.size:
            return False
        early, late = sorted((self.mtime_ns, other.mtime_ns))
        return early == late or any(early == late - late % unit for unit in _UNITS_NS)

    def is_unedited(self, other: "Fingerprint") -> bool:
        """Whether both are one file with the same size and modification time."""
        return (
            self.is_same_file(other) and self.mtime_ns == other.mtime_ns and self.size == other.size
        )


@final
class FileEntry(msgspec.Struct, frozen=True, gc=False, array_like=True, tag=0):
    """A file, symlink, special file or folder, as one stat saw it."""

    location: Location
    kind: Kind
    fingerprint: Fingerprint
    links: int = 1

    def is_known_as(self, expected: Fingerprint) -> bool:
        """Whether this is what *expected* was taken of; a folder without a number is any folder."""
        if self.kind is Kind.FOLDER and not self.fingerprint.inode:
            return True
        return self.fingerprint.is_same_file(expected)


class FolderFacts(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What it takes to make a folder again as it was: mode bits, owner, group, time, identity."""

    mode: int
    uid: int
    gid: int
    mtime_ns: int
    inode: int
    device: int


@final
class FolderSeen(msgspec.Struct, frozen=True, gc=False, array_like=True, tag=1):
    """A folder that the scan went through, and how many entries of any kind it holds."""

    location: Location
    facts: FolderFacts
    held: int


@final
class Skip(msgspec.Struct, frozen=True, gc=False, array_like=True, tag=2):
    """Something left alone, and why; `detail` says what the reason alone does not."""

    location: Location
    reason: Reason
    detail: str = ""

    @property
    def why(self) -> str:
        """The reason in words, with the name of the rule where it is one."""
        is_ruled = self.reason is Reason.RULE
        return f"{self.reason.value} {self.detail!r}" if is_ruled else self.reason.value


class Companion(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A file or folder that travels with another, and what follows the stem of the unit.

    The *tail* is what its name ends with when the unit gets another stem.
    """

    entry: FileEntry
    tail: bytes


@final
class Unit(msgspec.Struct, frozen=True, gc=False, array_like=True, tag=9):
    """Files of one folder that move as one: the main file, and what goes where it goes."""

    main: FileEntry
    stem: bytes
    companions: tuple[Companion, ...]

    @property
    def members(self) -> tuple[FileEntry, ...]:
        """All of them, the main file first."""
        return (self.main, *(companion.entry for companion in self.companions))


@final
class Piece(msgspec.Struct, frozen=True, gc=False, array_like=True, tag=10):
    """A folder that moves as one whatever the options: of the kind of a file called *like*.

    The *evidence* is the sum of its files and the newest of their times.
    """

    entry: FileEntry
    like: bytes
    evidence: Fingerprint


@final
class Settled(msgspec.Struct, frozen=True, gc=False, array_like=True, tag=11):
    """Files of a folder that stay by their names alone: of one category, and nobody looked at them.

    That the layout wants them there is for the plan to say.
    """

    folder: Location
    names: tuple[bytes, ...]

    @property
    def location(self) -> Location:
        """Where the first of them is."""
        return self.folder.below(self.names[0])


class Listing(msgspec.Struct, frozen=True, gc=False):
    """One folder's facts and entries, in the order of their names."""

    facts: FolderFacts
    entries: list[FileEntry]


Seen = FileEntry | FolderSeen | Skip | Unit | Piece | Settled
