"""Files that hold the same: how sure that is, which one is kept, and why."""

from enum import StrEnum

import msgspec

from fileorg.model.entry import FileEntry


class Proof(StrEnum):
    """How files are known to be the same, from the weakest on; only bytes allow an act."""

    PROBABLE = "probable"
    DIGEST = "digest"
    BYTES = "bytes"


class KeepPolicy(StrEnum):
    """Which file of a group is kept."""

    NAME = "name"
    OLDEST = "oldest"
    NEWEST = "newest"
    SHORTEST = "shortest"
    LONGEST = "longest"
    FIRST = "first"


class DedupePolicy(StrEnum):
    """What organize does about duplicates: a first look, or proven and set aside."""

    OFF = "off"
    REPORT = "report"
    QUARANTINE = "quarantine"


class DedupeAction(StrEnum):
    """What happens to redundant files."""

    REPORT = "report"
    QUARANTINE = "quarantine"
    HARDLINK = "hardlink"
    REFLINK = "reflink"
    SYMLINK = "symlink"


class KeepReason(StrEnum):
    """Why a file is the one that is kept, in the user's words."""

    REFERENCE = "in a reference folder"
    UNIT = "belongs with other files"
    NAME = "most complete name"
    OLDEST = "oldest"
    NEWEST = "newest"
    SHORTEST = "shortest path"
    LONGEST = "longest path"
    FIRST = "first in the order given"


class Alike(msgspec.Struct, frozen=True, gc=False):
    """Two or more different files that hold the same, in the order in which they were found.

    Each is there with all of its names that were seen.
    """

    digest: bytes
    proof: Proof
    files: tuple[tuple[FileEntry, ...], ...]


class DuplicateGroup(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The name of the file that is kept, those of redundant ones, and why it is so.

    *files* counts the redundant files, which may have several names; *reclaimable* is the bytes
    that setting them aside frees in the end: none of a file that has a name elsewhere.
    """

    digest: bytes
    proof: Proof
    keep: FileEntry
    redundant: tuple[FileEntry, ...]
    reason: KeepReason
    files: int
    reclaimable: int
