"""A first look for duplicates among the files of a plan: probable ones, for next to nothing.

Only who shares its size with another is opened, the largest first and so many at most, and only
its ends are read: what is found may be the same. Proving it is for `finder`.
"""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator

from fileorg.content import digest
from fileorg.dedupe.keeper import choose
from fileorg.errors import StorageError
from fileorg.model.duplicates import Alike, DuplicateGroup, KeepPolicy, Proof
from fileorg.model.entry import FileEntry, Kind
from fileorg.model.location import Location
from fileorg.model.plan import Action, ActionKind
from fileorg.storage.base import ReadableStorage, is_rewritten

MOST_HELD = 1 << 16
"""Files that are kept in mind; where there are more, the smaller ones are forgotten."""

MOST_LISTED = 20_000
"""Entries of the folders that files go to, which are looked at."""

MOST_READ, MOST_READ_SPINNING = 2_000, 200
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
        self._held: list[Action] = []
        self._least = 1  # an empty file is no duplicate
        self.is_whole = True

    def see(self, action: Action) -> None:
        """Take in an action, which costs a fifth of a microsecond."""
        if action.fingerprint.size >= self._least:
            self._held.append(action)
            if len(self._held) == MOST_HELD:
                self._forget_small()

    def groups(
        self, storage: ReadableStorage, folders: Iterable[Location], keep: KeepPolicy
    ) -> list[DuplicateGroup]:
        """Return the probable groups among what was seen and what is in *folders* by now.

        What is there stays: redundant is only what was seen.
        """
        sizes = [action.fingerprint.size for action in self._held]
        count = Counter(sizes)
        there = self._listed(storage, folders, count)
        count.update(map(_size, there))
        most = _most_read(storage)
        least = _least_to_read(count, most)
        mine = [
            FileEntry(action.source, _FILE, action.fingerprint)
            for action, size in zip(self._held, sizes, strict=True)
            if size >= least
            and count[size] > 1
            and action.kind in _CARRIES
            and action.entry_kind is _FILE
        ]
        files = _Files(storage)
        wanted = [*mine, *(entry for entry in there if _size(entry) >= least)]
        if len(wanted) > most or least > 1:
            wanted = sorted(wanted, key=_size, reverse=True)[:most]
            self.is_whole = False
        for entry in wanted:
            files.add(entry)
        stays = {entry.location for entry in there}.difference(entry.location for entry in mine)
        groups = (choose(one, keep, stays.__contains__) for one in files.alike())
        return sorted(filter(None, groups), key=_most_bytes_first)

    def _forget_small(self) -> None:
        """Keep the larger half."""
        self._held.sort(key=_size, reverse=True)
        del self._held[MOST_HELD // 2 :]
        self._least = _size(self._held[-1])
        self.is_whole = False

    def _listed(
        self, storage: ReadableStorage, folders: Iterable[Location], sizes: Container[int]
    ) -> list[FileEntry]:
        """Return the files in *folders* that have one of some sizes."""
        found: list[FileEntry] = []
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
        return [entry for entry in found if entry.kind is _FILE and _size(entry) in sizes]


class _Files:
    """Files, each once whatever its names are, and what they hold at their ends."""

    def __init__(self, storage: ReadableStorage) -> None:
        self._storage = storage
        self._names: dict[tuple[int, int] | Location, _File] = {}
        self._devices = [root.device for root in storage.roots]
        # There the number of a file is of its content, and tells without opening it.
        roots = range(len(storage.roots))
        self._told = frozenset(root for root in roots if is_rewritten(storage, root))

    def add(self, entry: FileEntry) -> None:
        """Add a file, or another name of one."""
        names = self._names.setdefault(self._identity(entry), [entry])
        if all(entry.location != known.location for known in names):
            names.append(entry)

    def alike(self) -> Iterator[Alike]:
        """Yield the files that have the same size and ends, as they are by now."""
        files = sorted((names[0] for names in self._names.values()), key=_place)
        for part in self._by_ends(files):
            same = tuple(filter(None, map(self._as_it_is, part)))
            if len(same) > 1:
                yield Alike(b"", Proof.PROBABLE, same)

    def _by_ends(self, files: _File) -> list[_File]:
        """Return the sets that have the same ends; who can't be read is in none."""
        sizes: dict[int, _File] = {}
        for entry in files:
            sizes.setdefault(entry.fingerprint.size, []).append(entry)
        shared = [entry for entry in files if len(sizes[entry.fingerprint.size]) > 1]
        told = [entry for entry in shared if entry.location.root in self._told]
        if told:
            shared = [entry for entry in shared if entry.location.root not in self._told]
        heads = _parted(shared, lambda part: digest.heads(self._storage, part)) if shared else []
        parts = _parted(told, lambda part: (b"%d" % e.fingerprint.inode for e in part))
        for part in heads:
            if part[0].fingerprint.size <= digest.ENDS:
                parts.append(part)
            else:
                parts += _parted(part, lambda few: digest.tails(self._storage, few))
        return parts

    def _as_it_is(self, entry: FileEntry) -> tuple[FileEntry, ...]:
        """Return a file with its names and the number of them; empty if it is not as it was."""
        if entry.location.root in self._told:
            return (entry,)
        try:
            now = self._storage.stat(entry.location)
        except StorageError:
            return ()
        if now.kind is not _FILE or not now.fingerprint.is_unedited(entry.fingerprint):
            return ()
        names = self._names[self._identity(entry)]
        return tuple(FileEntry(n.location, _FILE, n.fingerprint, now.links) for n in names)

    def _identity(self, entry: FileEntry) -> tuple[int, int] | Location:
        inode = 0 if entry.location.root in self._told else entry.fingerprint.inode
        return (self._devices[entry.location.root], inode) if inode else entry.location


def _most_read(storage: ReadableStorage) -> int:
    roots = range(len(storage.roots))
    spins = any(storage.capabilities(root).spins for root in roots)
    return MOST_READ_SPINNING if spins else MOST_READ


def _least_to_read(count: Counter[int], most: int) -> int:
    """Return the size of the files at which *most* of those that share one are reached, or 1."""
    for size in sorted((size for size, number in count.items() if number > 1), reverse=True):
        most -= count[size]
        if most < 0:
            return size
    return 1


def _size(item: Action | FileEntry) -> int:
    return item.fingerprint.size


def _place(entry: FileEntry) -> tuple[int, bytes]:
    return entry.location.root, entry.location.path


def _most_bytes_first(group: DuplicateGroup) -> int:
    return -group.reclaimable


def _parted(
    files: _File, marks_of: Callable[[_File], Iterable[bytes | StorageError]]
) -> list[_File]:
    """Return the sets of two and more of *files* that have one size and one mark."""
    parts: dict[tuple[int, bytes], _File] = {}
    for entry, mark in zip(files, marks_of(files), strict=True):
        if isinstance(mark, bytes):
            parts.setdefault((entry.fingerprint.size, mark), []).append(entry)
    return [part for part in parts.values() if len(part) > 1]
