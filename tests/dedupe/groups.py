"""Finding duplicates in tests, and the brute force that it must agree with."""

from collections.abc import Iterable
from pathlib import Path

from fileorg.dedupe.cache import Digests
from fileorg.dedupe.finder import Finder, FindOptions
from fileorg.events import Silent
from fileorg.model.duplicates import Alike
from fileorg.model.entry import FileEntry, Kind
from fileorg.model.location import Location, Root
from fileorg.storage.base import ReadableStorage
from fileorg.storage.local import LocalStorage

Paths = set[frozenset[bytes]]


def opened(root: Path) -> LocalStorage:
    """Return a storage of one folder."""
    found = root.stat()
    return LocalStorage([Root(bytes(root), found.st_dev, found.st_ino)])


TOP = Location(0, b"")


def entries(storage: ReadableStorage, folder: Location = TOP) -> list[FileEntry]:
    """Return every regular file below a folder."""
    found: list[FileEntry] = []
    for entry in storage.listing(folder).entries:
        if entry.kind is Kind.FOLDER:
            found += entries(storage, entry.location)
        elif entry.kind is Kind.FILE:
            found.append(entry)
    return found


def find(
    storage: ReadableStorage,
    files: Iterable[FileEntry] | None = None,
    *,
    empty: bool = False,
    jobs: int = 1,
    digests: Digests | None = None,
    proven: bool = False,
) -> list[Alike]:
    """Return the groups among all files of a storage, or those given."""
    finder = Finder(storage, FindOptions(empty, jobs, proven), Silent(), digests)
    groups = alike(finder, entries(storage) if files is None else files)
    assert not finder.lost
    return groups


def alike(finder: Finder, files: Iterable[FileEntry]) -> list[Alike]:
    """Return what a search finds, before one of each group is chosen to be kept."""
    found: list[Alike] = []
    finder.find(files, found.append)
    return found


def paths(groups: Iterable[Alike]) -> Paths:
    """Return the paths of each group, all names of its files among them."""
    return {frozenset(n.location.path for file in g.files for n in file) for g in groups}


def brute_force(storage: ReadableStorage, *, empty: bool = False) -> Paths:
    """Return the groups by comparing all bytes; a group is of two files, not of two names."""
    contents: dict[bytes, list[FileEntry]] = {}
    for entry in entries(storage):
        with storage.open(entry.location) as file:
            content = file.read()
        if content or empty:
            contents.setdefault(content, []).append(entry)
    return {
        frozenset(entry.location.path for entry in same)
        for same in contents.values()
        if len({entry.fingerprint.inode for entry in same}) > 1
    }
