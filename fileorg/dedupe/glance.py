"""A first look for duplicates among the files of a plan: probable ones, for next to nothing.

Only who shares its size with another is opened, the largest first and so many at most, and only
its ends are read: what is found may be the same. Proving it is for `finder`.
"""

from collections.abc import Callable, Iterable, Iterator

from fileorg.content import digest
from fileorg.dedupe.keeper import choose
from fileorg.errors import StorageError
from fileorg.model.duplicates import Alike, DuplicateGroup, KeepPolicy, Proof
from fileorg.model.entry import FileEntry, Kind
from fileorg.model.location import Location
from fileorg.model.plan import Action, ActionKind
from fileorg.storage.base import ReadableStorage

MOST_HELD = 1 << 16
"""Files that are kept in mind; where there are more, the smaller ones are forgotten."""

MOST_LISTED = 20_000
"""Entries of the folders that files go to, which are looked at."""

MOST_READ, MOST_READ_SPINNING = 5_000, 500
"""Files that are opened; a disk that spins takes hundredths of a second for each."""

_CARRIES = (ActionKind.MOVE, ActionKind.COPY)
_FILE = Kind.FILE

_File = list[FileEntry]
"""A file by all of its names that were seen."""


class Glance:
    """Sees the actions of a plan pass; `groups` says what is probably the same among them.

    *is_whole* tells afterwards whether nothing was left out.
    """

    def __init__(self) -> None:
        self._first: dict[int, Action] = {}
        self._more: list[Action] = []
        self._least = 1  # an empty file is no duplicate
        self._room = MOST_HELD
        self.is_whole = True

    def see(self, action: Action) -> None:
        """Take in an action; of those that carry no file, nothing is kept."""
        size = action.fingerprint.size
        if size < self._least or action.kind not in _CARRIES or action.entry_kind is not _FILE:
            return
        if self._first.setdefault(size, action) is not action:
            self._more.append(action)
        self._room -= 1
        if not self._room:
            self._forget_small()

    def groups(
        self, storage: ReadableStorage, folders: Iterable[Location], keep: KeepPolicy
    ) -> list[DuplicateGroup]:
        """Return the probable groups among what was seen and what is in *folders* by now.

        What is there stays: redundant is only what was seen.
        """
        files = _Files(storage)
        seen = (*self._first.values(), *self._more)
        for action in seen:
            files.add(FileEntry(action.source, _FILE, action.fingerprint))
        there = self._listed(storage, folders)
        for entry in there:
            files.add(entry)
        places = {entry.location for entry in there}.difference(a.source for a in seen)
        groups = (choose(alike, keep, places.__contains__) for alike in self._alike(files))
        return [group for group in groups if group is not None]

    def _forget_small(self) -> None:
        """Keep the larger half."""
        sizes = sorted([*self._first, *(action.fingerprint.size for action in self._more)])
        self._least = sizes[len(sizes) // 2] + 1
        self._first = {s: action for s, action in self._first.items() if s >= self._least}
        self._more = [a for a in self._more if a.fingerprint.size >= self._least]
        self._room = MOST_HELD - len(self._first) - len(self._more)
        self.is_whole = False

    def _listed(self, storage: ReadableStorage, folders: Iterable[Location]) -> _File:
        """Return the files in *folders* that have the size of one that was seen."""
        found: _File = []
        room = MOST_LISTED
        for folder in folders:
            try:
                count = len(storage.names(folder))
                if count > room:
                    self.is_whole = False
                elif count:
                    room -= count
                    found += storage.listing(folder).entries
            except StorageError:
                continue  # whether it can be used is for others to say
        return [e for e in found if e.kind is _FILE and e.fingerprint.size in self._first]

    def _alike(self, files: "_Files") -> Iterator[Alike]:
        """Yield what has the same size and ends, the largest first."""
        wanted = files.of_shared_size()
        most = MOST_READ_SPINNING if files.spins else MOST_READ
        if len(wanted) > most:
            wanted = wanted[:most]
            self.is_whole = False
        for part in files.by_ends(wanted):
            same = tuple(filter(None, map(files.as_it_is, part)))
            if len(same) > 1:
                yield Alike(b"", Proof.PROBABLE, same)


class _Files:
    """Files, each once whatever its names are, and what they hold at their ends."""

    def __init__(self, storage: ReadableStorage) -> None:
        self._storage = storage
        self._names: dict[tuple[int, int], _File] = {}
        self._devices = [root.device for root in storage.roots]

    @property
    def spins(self) -> bool:
        """Whether any of the disks does."""
        roots = range(len(self._devices))
        return any(self._storage.capabilities(root).spins for root in roots)

    def add(self, entry: FileEntry) -> None:
        """Add a file, or another name of one."""
        names = self._names.setdefault(self._identity(entry), [entry])
        if all(entry.location != known.location for known in names):
            names.append(entry)

    def of_shared_size(self) -> _File:
        """Return the files that have the size of another, the largest first."""
        sizes: dict[int, list[FileEntry]] = {}
        for entry, *_ in self._names.values():
            sizes.setdefault(entry.fingerprint.size, []).append(entry)
        shared = sorted((item for item in sizes.items() if len(item[1]) > 1), reverse=True)
        return [entry for _, entries in shared for entry in entries]

    def by_ends(self, files: _File) -> list[_File]:
        """Return the sets of files that have the same size and ends; who can't be read has none."""
        heads = _parted(files, lambda part: digest.heads(self._storage, part))
        return [
            found
            for part in heads
            for found in (
                [part]
                if part[0].fingerprint.size <= digest.ENDS
                else _parted(part, lambda few: digest.tails(self._storage, few))
            )
        ]

    def as_it_is(self, entry: FileEntry) -> tuple[FileEntry, ...]:
        """Return a file with its names and the number of them; empty if it is not as it was."""
        try:
            now = self._storage.stat(entry.location)
        except StorageError:
            return ()
        if now.kind is not _FILE or not now.fingerprint.is_unedited(entry.fingerprint):
            return ()
        names = self._names[self._identity(entry)]
        return tuple(FileEntry(n.location, _FILE, n.fingerprint, now.links) for n in names)

    def _identity(self, entry: FileEntry) -> tuple[int, int]:
        return self._devices[entry.location.root], entry.fingerprint.inode


def _parted(
    files: _File, marks_of: Callable[[_File], Iterable[bytes | StorageError]]
) -> list[_File]:
    """Return the sets of two and more of *files* that have one size and one mark."""
    parts: dict[tuple[int, bytes], _File] = {}
    for entry, mark in zip(files, marks_of(files), strict=True):
        if isinstance(mark, bytes):
            parts.setdefault((entry.fingerprint.size, mark), []).append(entry)
    return [part for part in parts.values() if len(part) > 1]
