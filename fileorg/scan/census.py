"""Counting what a scan sees: by category, size and age, and what stands out (pure)."""

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from heapq import heappushpop, nlargest

import msgspec

from fileorg.model.entry import FileEntry, FolderSeen, Kind
from fileorg.model.inventory import SameSize, Share
from fileorg.model.location import Location
from fileorg.model.names import key_of, split_extension
from fileorg.scan.suspects import suspicion

_FILE = Kind.FILE
_MOST_SUSPECTS = 1000
_Ranked = tuple[int, int, FileEntry]


class Sum:
    """Files and their bytes."""

    __slots__ = ("bytes", "files")

    def __init__(self) -> None:
        self.files = 0
        self.bytes = 0

    def share(self, name: str) -> Share:
        """Return the sum under a name."""
        return Share(name, self.files, self.bytes)


class Scale(msgspec.Struct, frozen=True):
    """What numbers are counted by: *names[i]* is of those from *starts[i - 1]* up to *starts[i]*.

    There is one name more than there are starts.
    """

    starts: tuple[int, ...]
    names: tuple[str, ...]


class Scales(msgspec.Struct, frozen=True):
    """By what sizes in bytes and times in nanoseconds UTC are counted.

    The first and the last of *years* are for what has no credible date.
    """

    sizes: Scale
    years: Scale


class Census:
    """The counts of one scan. Feed it with `see` in the order of the scan, then ask."""

    def __init__(
        self, category_of: Callable[[bytes], str], other: str, scales: Scales, most: int
    ) -> None:
        """Take what names a category, the name of those that have none, and how many stand out."""
        self._category_of = category_of
        self._other = other
        self._scales = scales
        self._most = most
        self._by_category: dict[str, Sum] = {}
        self._by_size = [Sum() for _ in scales.sizes.names]
        self._by_year = [Sum() for _ in scales.years.names]
        self._unknown: dict[str, Sum] = {}
        self._sizes = array("q")
        self._linked: set[tuple[int, int]] = set()
        self._largest, self._oldest, self._newest = _Top(most), _Top(most), _Top(most)
        self._folders = _Folders(most)
        self.suspects: list[tuple[Location, str]] = []
        self.suspect_files = 0
        self.folders = 0

    def see(self, stream: Iterable[FileEntry | FolderSeen]) -> None:
        """Count files and folders, a folder before what is in it."""
        folder = Sum()  # of files given by name
        by_category, by_size, by_year = self._by_category, self._by_size, self._by_year
        size_starts, year_starts = self._scales.sizes.starts, self._scales.years.starts
        category_of, other = self._category_of, self._other
        largest, oldest, newest = self._largest, self._oldest, self._newest
        for item in stream:
            if type(item) is FolderSeen:
                self.folders += 1
                folder = self._folders.enter(item.location)
                continue
            entry = item
            path, fingerprint = entry.location.path, entry.fingerprint
            size, mtime_ns = fingerprint.size, fingerprint.mtime_ns
            name = path[path.rfind(b"/") + 1 :]
            category = category_of(name)
            total = by_category.get(category)
            if total is None:
                total = by_category[category] = Sum()
            of_size = by_size[bisect_right(size_starts, size)]
            of_year = by_year[bisect_right(year_starts, mtime_ns)]
            for counted in (total, folder, of_size, of_year):
                counted.files += 1
                counted.bytes += size
            if size > largest.floor:
                largest.add(size, entry)
            if mtime_ns > newest.floor:
                newest.add(mtime_ns, entry)
            if -mtime_ns > oldest.floor:
                oldest.add(-mtime_ns, entry)
            if size and entry.kind is _FILE and (entry.links == 1 or self._is_first(entry)):
                self._sizes.append(size)
            if category == other:
                self._count_unknown(name, size)
            if (b"." in name[:-4] or not name.isascii()) and (why := suspicion(name)) is not None:
                self._suspect(entry.location, why)

    def categories(self) -> tuple[Share, ...]:
        """Return the categories, the one with the most bytes first."""
        return _ranked(self._by_category, lambda share: (-share.bytes, -share.files, share.name))

    def years(self) -> tuple[Share, ...]:
        """Return the years in their order, those without a credible date last."""
        before, *years, after = _shares(self._scales.years, self._by_year)
        undated = Share(before.name, before.files + after.files, before.bytes + after.bytes)
        return tuple(share for share in (*years, undated) if share.files)

    def sizes(self) -> tuple[Share, ...]:
        """Return the classes of sizes that there are, the smallest first."""
        return tuple(share for share in _shares(self._scales.sizes, self._by_size) if share.files)

    def unknown(self) -> tuple[Share, ...]:
        """Return the extensions without a category, the most frequent first."""
        return _ranked(self._unknown, lambda share: (-share.files, -share.bytes, share.name))[
            : self._most
        ]

    def largest(self) -> list[FileEntry]:
        """Return the largest files, the largest first."""
        return self._largest.entries()

    def oldest(self) -> list[FileEntry]:
        """Return the files that were changed the longest time ago."""
        return self._oldest.entries()

    def newest(self) -> list[FileEntry]:
        """Return the files that were changed last."""
        return self._newest.entries()

    def largest_folders(self) -> list[tuple[Location, Sum]]:
        """Return the folders below the sources with the most bytes in and below them."""
        return self._folders.largest()

    def same_size(self) -> SameSize:
        """Return how many files can at most be redundant; empty files and hard links are not."""
        groups = files = size = 0
        for each, alike in Counter(self._sizes).items():
            if alike > 1:
                more = alike - 1
                groups, files, size = groups + 1, files + more, size + more * each
        return SameSize(groups, files, size)

    def _is_first(self, entry: FileEntry) -> bool:
        """Whether no other name of a file was seen before."""
        identity = entry.location.root, entry.fingerprint.inode
        is_new = identity not in self._linked
        self._linked.add(identity)
        return is_new

    def _count_unknown(self, name: bytes, size: int) -> None:
        extension = split_extension(name)[1]
        total = self._unknown.setdefault("." + key_of(extension) if extension else "", Sum())
        total.files += 1
        total.bytes += size

    def _suspect(self, location: Location, why: str) -> None:
        self.suspect_files += 1
        if len(self.suspects) < _MOST_SUSPECTS:
            self.suspects.append((location, why))


class _Top:
    """The entries with the highest ranks; of equals those that were seen first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._heap: list[_Ranked] = []
        self._seen = 0
        self.floor = -(1 << 64)

    def add(self, rank: int, entry: FileEntry) -> None:
        """Take an entry whose rank is above the floor."""
        self._seen -= 1
        ranked = (rank, self._seen, entry)
        if len(self._heap) < self._most:
            self._heap.append(ranked)
            self._heap.sort()
        else:
            heappushpop(self._heap, ranked)
        if len(self._heap) == self._most:
            self.floor = self._heap[0][0]

    def entries(self) -> list[FileEntry]:
        """Return them, the highest first."""
        return [entry for *_, entry in sorted(self._heap, reverse=True)]


class _Folders:
    """Sums of folders with all below them, made on the way out of each."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: list[tuple[Location, Sum]] = []
        self._closed: list[tuple[int, int, Location, Sum]] = []

    def enter(self, folder: Location) -> Sum:
        """Leave what does not hold *folder*, and return the sum that its files are counted in."""
        while self._open and not _holds(self._open[-1][0], folder):
            self._leave()
        entered = Sum()
        self._open.append((folder, entered))
        return entered

    def largest(self) -> list[tuple[Location, Sum]]:
        """Return the largest, after the last file."""
        while self._open:
            self._leave()
        return [(folder, total) for *_, folder, total in nlargest(self._most, self._closed)]

    def _leave(self) -> None:
        folder, total = self._open.pop()
        if not self._open:
            return  # a source: its sum is that of all
        above = self._open[-1][1]
        above.files += total.files
        above.bytes += total.bytes
        self._closed.append((total.bytes, -len(self._closed), folder, total))
        if len(self._closed) > 100 * self._most:
            self._closed = nlargest(self._most, self._closed)


def _shares(scale: Scale, sums: Sequence[Sum]) -> list[Share]:
    return [total.share(name) for name, total in zip(scale.names, sums, strict=True)]


def _holds(folder: Location, other: Location) -> bool:
    if folder.root != other.root:
        return False
    return not folder.path or other.path.startswith(folder.path + b"/")


def _ranked(sums: dict[str, Sum], key: Callable[[Share], tuple[object, ...]]) -> tuple[Share, ...]:
    return tuple(sorted((total.share(name) for name, total in sums.items()), key=key))
