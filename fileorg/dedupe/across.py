"""Files that hold the same on disks and in buckets.

What is on one side alone is found there as ever. Of those that share their size with one on the
other side the ends are read, small files whole; where these are the same on both sides, all bytes
are compared.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from fileorg.content import digest
from fileorg.dedupe.finder import Choose
from fileorg.dedupe.grouping import by
from fileorg.dedupe.packed import Groups
from fileorg.dedupe.proof import Prover
from fileorg.dedupe.told import told_alike
from fileorg.errors import StorageError
from fileorg.model.duplicates import Alike, Proof
from fileorg.model.entry import FileEntry, Skip
from fileorg.model.location import Location
from fileorg.model.reason import Reason
from fileorg.storage.base import ReadableStorage

_BLOCK = 1 << 20
_CHUNK = 500
"""Small files that are asked for at once: so many are in memory."""

Find = Callable[[Iterable[FileEntry], Choose], Groups]
File = tuple[FileEntry, ...]
"""A file by all of its names."""


class Across:
    """One search; `lost` has the files that could not be read, each with the reason."""

    def __init__(
        self, storage: ReadableStorage, find_near: Find, check: Callable[[], None] = lambda: None
    ) -> None:
        self._storage = storage
        self._find_near = find_near
        self._check = check
        self._is_far = [bool(root.reach) for root in storage.roots]
        self._devices = [root.device for root in storage.roots]
        self.lost: list[Skip] = []

    def find(self, files: Iterable[FileEntry], choose: Choose, *, empty: bool) -> Groups:
        """Return what *choose* makes of files that hold the same, those on both sides first."""
        near, far = self._sides(files, least=0 if empty else 1)
        entries: list[FileEntry] = []
        groups = Groups(entries.__getitem__)

        def add(alike: Alike) -> None:
            group = choose(alike)
            if group is not None:
                names = [*chain.from_iterable(alike.files)]
                start = len(entries)
                entries.extend(names)
                groups.add(group, dict(enumerate(names, start)))

        met: set[Location] = set()
        for alike in self._on_both(near, far):
            met.update(entry.location for entry in chain.from_iterable(alike.files))
            add(alike)
        left = [[e for e in side if e.location not in met] for side in (near, far)]
        self._find_near(left[0], _passed_on(add))
        told_alike(left[1], _passed_on(add), empty=empty)
        return groups

    def _sides(
        self, files: Iterable[FileEntry], *, least: int
    ) -> tuple[list[FileEntry], list[FileEntry]]:
        near: list[FileEntry] = []
        far: list[FileEntry] = []
        for entry in files:
            if entry.fingerprint.size >= least:
                (far if self._is_far[entry.location.root] else near).append(entry)
        return near, far

    def _on_both(self, near: list[FileEntry], far: list[FileEntry]) -> Iterator[Alike]:
        """Yield the files that hold the same and of which some are near and some are far."""
        shared = {_size(entry) for entry in near} & {_size(entry) for entry in far}
        files = self._distinct(entry for entry in chain(near, far) if _size(entry) in shared)
        for size, same in sorted(self._by_marks(files), key=lambda part: -part[0]):
            self._check()
            if self._is_on_both(same):
                yield from filter(self._is_mixed, self._proven(size, same))

    def _distinct(self, entries: Iterable[FileEntry]) -> list[File]:
        """Return files with all of their names; an object has one."""
        files: defaultdict[object, list[FileEntry]] = defaultdict(list)
        for entry in entries:
            inode, root = entry.fingerprint.inode, entry.location.root
            is_known = inode and not self._is_far[root]
            files[(self._devices[root], inode) if is_known else entry.location].append(entry)
        return [tuple(names) for names in files.values()]

    def _by_marks(self, files: list[File]) -> Iterator[tuple[int, list[File]]]:
        """Yield those that have one size and the same ends, of two or more."""
        firsts = [file[0] for file in files]
        marked = []
        marks = digest.marks(self._storage, firsts, digest.SMALL + 1)
        for file, mark in zip(files, marks, strict=True):
            if isinstance(mark, StorageError):
                self._lose(file, mark)
            else:
                marked.append((file, mark))
        for part in by(lambda one: (_size(one[0][0]), one[1]), marked):
            yield _size(part[0][0][0]), [file for file, _ in part]

    def _proven(self, size: int, files: list[File]) -> Iterator[Alike]:
        if size > digest.SMALL:
            yield from self._large(files)
        else:
            yield from self._small(size, files)

    def _small(self, size: int, files: list[File]) -> Iterator[Alike]:
        """Compare files of one digest, of which nearly always all hold the same."""
        parts: list[tuple[bytes, list[File]]] = []
        for start in range(0, len(files), _CHUNK):
            chunk = files[start : start + _CHUNK]
            wanted = [(file[0].location, size + 1) for file in chunk]
            for file, found in zip(chunk, self._storage.read_each(wanted), strict=True):
                if isinstance(found, StorageError):
                    self._lose(file, found)
                    continue
                part = next((part for content, part in parts if content == found), None)
                if part is None:
                    parts.append((found, [file]))
                else:
                    part.append(file)
        for content, part in parts:
            yield Alike(digest.digest(content), Proof.BYTES, tuple(part))

    def _large(self, files: Sequence[File]) -> Iterator[Alike]:
        current = [now for file in files if (now := self._as_it_is(file)) is not None]
        told = Prover(self._storage, _BLOCK, lambda _: self._check())
        proven = told.prove([file[0] for file in current])
        for number, reason, detail in proven.lost:
            self._lose(current[number], StorageError(reason, detail))
        for found, members in proven.groups:
            yield Alike(found, Proof.BYTES, tuple(current[member] for member in members))

    def _as_it_is(self, file: File) -> File | None:
        """Return an object with the time that it has been given, which a listing does not tell."""
        first = file[0]
        if not self._is_far[first.location.root]:
            return file
        try:
            now = self._storage.stat(first.location)
        except StorageError as error:
            self._lose(file, error)
            return None
        was, found = first.fingerprint, now.fingerprint
        if (was.size, was.inode) != (found.size, found.inode):
            self._lose(file, StorageError(Reason.CHANGED))
            return None
        return (now,)

    def _is_mixed(self, alike: Alike) -> bool:
        return self._is_on_both(alike.files)

    def _is_on_both(self, files: Iterable[File]) -> bool:
        return len({self._is_far[file[0].location.root] for file in files}) > 1

    def _lose(self, file: File, error: StorageError) -> None:
        self.lost.append(Skip(file[0].location, error.reason, str(error)))


def _size(entry: FileEntry) -> int:
    return entry.fingerprint.size


def _passed_on(add: Callable[[Alike], None]) -> Choose:
    """Return what takes groups that another search finds, which keeps none of them itself."""

    def chosen(alike: Alike) -> None:
        add(alike)

    return chosen
