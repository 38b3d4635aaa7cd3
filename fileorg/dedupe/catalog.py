"""Every file that was seen, packed: a million of them in about an eighth of a gigabyte."""

from array import array
from enum import IntEnum
from itertools import groupby

from fileorg.dedupe.grouping import by
from fileorg.dedupe.packed import Packed
from fileorg.model.entry import FileEntry

MARK = 16
"""Bytes of a mark."""


_PARTS = 16  # sorted one by one, a million marks take 5 MiB instead of 80


class Marked(IntEnum):
    """Where the mark of a file comes from."""

    NOT = 0
    READ = 1
    CACHED = 2


class Catalog:
    """Files by number, in the order in which they were added, and the marks of some of them."""

    def __init__(self) -> None:
        self._entries: Packed[FileEntry] = Packed(FileEntry)
        self.entry = self._entries.__getitem__
        self._sizes = array("Q")
        self._inodes = array("q")
        self._times = array("q")
        self._marks = bytearray()
        self._marked = bytearray()

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._sizes)

    def add(self, entry: FileEntry) -> int:
        """Add a file, and return its number."""
        self._entries.add(entry)
        mark = entry.fingerprint
        self._sizes.append(mark.size)
        self._inodes.append(mark.inode)
        self._times.append(mark.mtime_ns)
        return len(self._sizes) - 1

    def size(self, number: int) -> int:
        """Return the size of a file."""
        return self._sizes[number]

    def inode(self, number: int) -> int:
        """Return the inode of a file."""
        return self._inodes[number]

    def mtime_ns(self, number: int) -> int:
        """Return when a file was changed."""
        return self._times[number]

    def set_mark(self, number: int, mark: bytes, marked: Marked) -> None:
        """Give a file its mark."""
        missing = len(self) - len(self._marked)
        if missing:
            self._marked += bytes(missing)
            self._marks += bytes(missing * MARK)
        self._marked[number] = marked
        self._marks[MARK * number : MARK * (number + 1)] = mark

    def mark(self, number: int) -> bytes:
        """Return the mark of a file that has one."""
        return bytes(self._marks[MARK * number : MARK * (number + 1)])

    def is_cached(self, number: int) -> bool:
        """Whether the mark of a file comes from an earlier run."""
        return self._marked[number] == Marked.CACHED

    def alike(self) -> list[list[int]]:
        """Return the files that have size and mark in common with another."""
        beginnings = array("Q", bytes(self._marks))[::2]
        parts = [array("L") for _ in range(_PARTS)]
        for number, marked in enumerate(self._marked):
            if marked:
                parts[beginnings[number] % _PARTS].append(number)
        sets: list[list[int]] = []
        for part in parts:
            ordered = sorted(part, key=beginnings.__getitem__)
            for _, run in groupby(ordered, key=beginnings.__getitem__):
                first, *others = run
                if others:
                    sets += by(self._size_and_mark, (first, *others))
        return sets

    def _size_and_mark(self, number: int) -> tuple[int, bytes]:
        return self._sizes[number], self.mark(number)
