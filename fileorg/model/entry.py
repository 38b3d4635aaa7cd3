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


class Fingerprint(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What tells a file from another and from its own past: bytes, nanoseconds UTC, inode.

    Change time is compared only before a move, because a rename changes it.
    """

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int

    def is_same_file(self, other: "Fingerprint") -> bool:
        """Whether both are one file, whatever was written to it in between."""
        return self.inode == other.inode

    def is_unedited(self, other: "Fingerprint") -> bool:
        """Whether both are one file with the same size and modification time."""
        return (
            self.inode == other.inode
            and self.mtime_ns == other.mtime_ns
            and self.size == other.size
        )


@final
class FileEntry(msgspec.Struct, frozen=True, gc=False, array_like=True, tag=0):
    """A file, symlink, special file or folder, as one stat saw it."""

    location: Location
    kind: Kind
    fingerprint: Fingerprint
    links: int = 1


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


class Listing(msgspec.Struct, frozen=True, gc=False):
    """One folder's facts and entries, in the order of their names."""

    facts: FolderFacts
    entries: list[FileEntry]


Seen = FileEntry | FolderSeen | Skip
