"""Every file that was seen, in columns: a million of them in about 70 MiB."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import IntEnum
from itertools import groupby

from fileorg.model.entry import FileEntry, Fingerprint, Kind
from fileorg.model.location import Location

_FILE = Kind.FILE

MARK = 16
"""Bytes of a mark."""

Key = tuple[int, int, int]
"""What a file is known by from run to run: inode, size, modification time."""

_PARTS = 16  # sorted one by one, a million numbers take 5 MiB instead of 80
_NEIGHBOURS = 8  # bits


class Marked(IntEnum):
    """Where the mark of a file comes from."""

    NOT = 0
    READ = 1
    CACHED = 2


class Catalog:
    """Regular files by number, in the order in which they were added, and the marks of some."""

    def __init__(self) -> None:
        self._folders: list[tuple[int, bytes]] = []  # root, and path with a slash at its end
        self._folder_of = array("I")
        self._names = bytearray()
        self._ends = array("Q", [0])
        self._sizes = array("Q")
        self._inodes = array("q")
        self._times = array("q")
        self._changes = array("q")
        self._links: dict[int, int] = {}  # of files with several names
        self._marks = bytearray()
        self._marked = bytearray()
        self.size = self._sizes.__getitem__
        self.inode = self._inodes.__getitem__

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._sizes)

    def add(self, entry: FileEntry) -> None:
        """Add a file; its number is the length before."""
        location, mark = entry.location, entry.fingerprint
        cut = location.path.rfind(b"/") + 1
        folder = (location.root, location.path[:cut])
        if not self._folders or self._folders[-1] != folder:
            self._folders.append(folder)
        self._folder_of.append(len(self._folders) - 1)
        self._names += location.path[cut:]
        self._ends.append(len(self._names))
        if entry.links != 1:
            self._links[len(self)] = entry.links
        self._inodes.append(mark.inode)
        self._times.append(mark.mtime_ns)
        self._changes.append(mark.ctime_ns)
        self._sizes.append(mark.size)

    def entry(self, number: int) -> FileEntry:
        """Return a file as it was added."""
        return FileEntry(
            self.location(number),
            _FILE,
            Fingerprint(
                self._sizes[number],
                self._times[number],
                self._changes[number],
                self._inodes[number],
            ),
            self._links.get(number, 1),
        )

    def location(self, number: int) -> Location:
        """Return where a file is."""
        root, folder = self._folders[self._folder_of[number]]
        return Location(root, folder + self._names[self._ends[number] : self._ends[number + 1]])

    def root(self, number: int) -> int:
        """Return the root below which a file is."""
        return self._folders[self._folder_of[number]][0]

    def key(self, number: int) -> Key:
        """Return what a file is known by from run to run."""
        return self._inodes[number], self._sizes[number], self._times[number]

    def set_marks(self, numbers: Sequence[int], marks: bytes, marked: Marked = Marked.READ) -> None:
        """Give files their marks, one behind the other."""
        missing = len(self) - len(self._marked)
        if missing:
            self._marked += bytes(missing)
            self._marks += bytes(missing * MARK)
        states, all_, state = self._marked, self._marks, int(marked)
        for number, start in zip(numbers, range(0, len(marks), MARK), strict=True):
            states[number] = state
            place = MARK * number
            all_[place : place + MARK] = marks[start : start + MARK]

    def mark(self, number: int) -> bytes:
        """Return the mark of a file that has one."""
        return bytes(self._marks[MARK * number : MARK * (number + 1)])

    def is_cached(self, number: int) -> bool:
        """Whether a file has its mark from an earlier run."""
        return number < len(self._marked) and self._marked[number] == Marked.CACHED

    def is_marked(self, number: int) -> bool:
        """Whether a file has a mark."""
        return number < len(self._marked) and self._marked[number] != Marked.NOT

    def of_one_size(self, least: int) -> Iterator[list[int]]:
        """Yield the files that share their size, of *least* bytes or more, with another."""
        return _runs((n for n, size in enumerate(self._sizes) if size >= least), self.size)

    def of_one_mark(self, numbers: Iterable[int]) -> Iterator[list[int]]:
        """Yield those of some files that share size and mark with another."""
        beginnings = array("Q", bytes(self._marks))[::2]
        for run in _runs(filter(self.is_marked, numbers), beginnings.__getitem__):
            for _, same in self.by_mark(run):
                if len(same) > 1:
                    yield same

    def by_mark(self, numbers: Iterable[int]) -> list[tuple[bytes, list[int]]]:
        """Return the marks of some files that have one, with the files of each mark and size."""
        sets: dict[tuple[int, bytes], list[int]] = {}
        for number in numbers:
            sets.setdefault((self.size(number), self.mark(number)), []).append(number)
        return [(mark, same) for (_, mark), same in sets.items()]


def parted(numbers: Iterable[int], key: Callable[[int], int]) -> Iterator[list[int]]:
    """Yield *numbers* in some parts, each sorted by *key*; neighbours by that are in one part."""
    parts = [array("I") for _ in range(_PARTS)]
    for number in numbers:
        parts[(key(number) >> _NEIGHBOURS) % _PARTS].append(number)
    for part in filter(None, parts):
        yield sorted(part, key=key)


def _runs(numbers: Iterable[int], key: Callable[[int], int]) -> Iterator[list[int]]:
    """Yield those of *numbers* of which two or more have one key, in order."""
    for part in parted(numbers, key):
        for _, run in groupby(part, key=key):
            first, *others = run
            if others:
                yield [first, *others]
