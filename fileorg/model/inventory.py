"""What a folder holds: the sums of a scan, as they are shown and printed as JSON.

A path is absolute text, and beside it base64 where it is not UTF-8. Sizes are bytes.
"""

import msgspec

from fileorg.model.requests import Requests
from fileorg.model.summary import Failure, ReasonSum


class Share(msgspec.Struct, frozen=True):
    """The files of one kind: a category, a class of sizes, a year, an extension."""

    name: str
    files: int
    bytes: int


class Found(msgspec.Struct, frozen=True):
    """One file; its time in nanoseconds UTC."""

    path: str
    bytes: int
    mtime_ns: int
    path_b64: str | msgspec.UnsetType = msgspec.UNSET


class FolderShare(msgspec.Struct, frozen=True):
    """One folder with all that was seen below it."""

    path: str
    files: int
    bytes: int
    path_b64: str | msgspec.UnsetType = msgspec.UNSET


class Suspect(msgspec.Struct, frozen=True):
    """A file whose name says something else than what it is."""

    path: str
    reason: str
    path_b64: str | msgspec.UnsetType = msgspec.UNSET


class SameSize(msgspec.Struct, frozen=True):
    """Files of which others have the same size: as many may be redundant, and no more."""

    groups: int
    files: int
    bytes: int


class Inventory(msgspec.Struct, frozen=True):
    """What is in the sources. Lists of files and folders hold the first few, sums hold all."""

    roots: tuple[str, ...]
    files: int
    bytes: int
    folders: int
    categories: tuple[Share, ...]
    sizes: tuple[Share, ...]
    years: tuple[Share, ...]
    unknown: tuple[Share, ...]
    largest: tuple[Found, ...]
    largest_folders: tuple[FolderShare, ...]
    oldest: tuple[Found, ...]
    newest: tuple[Found, ...]
    suspects: tuple[Suspect, ...]
    suspect_files: int
    same_size: SameSize
    left_alone: tuple[ReasonSum, ...] = ()
    failed: int = 0
    failures: tuple[Failure, ...] = ()
    roots_b64: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    requests: Requests | msgspec.UnsetType = msgspec.UNSET
