"""Finding files that hold the same: by size, and then by bytes.

Reads only. Who has no equal in size is never opened, and a small file is read once: with all others
of its size, by which it is known at once who holds the same. Where these are too many to be held,
where a disk spins, and of large files, a mark is read first that tells most of them apart: of small
files the digest, of large ones that of both ends.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from mmap import mmap
from typing import Any, TypeVar

import msgspec

from fileorg.content import digest
from fileorg.dedupe.cache import Digests, NoDigests
from fileorg.dedupe.catalog import Catalog
from fileorg.dedupe.memory import Memory
from fileorg.dedupe.packed import Groups, Sets
from fileorg.dedupe.reader import (
    SLOTS,
    SPINNING_TAIL_FROM,
    TAIL_FROM,
    Comparer,
    Lost,
    Marker,
    Marks,
    Proofs,
    Wanted,
)
from fileorg.dedupe.work import Work
from fileorg.events import EventSink, PhaseStarted, Progressed
from fileorg.model.duplicates import Alike, DuplicateGroup, Proof
from fileorg.model.entry import FileEntry, Skip
from fileorg.storage.base import ReadableStorage
from fileorg.workers import processors

MOST_HELD = 8 << 20
"""Bytes of small files that a process holds at once: all that share a size, of some sizes."""

_CHUNK = 2000
_FORK_BYTES = 32 << 20
_MOST_READERS = 8
_REQUEST_BYTES = 8 << 20
_REQUEST_FILES = 2000

Choose = Callable[[Alike], DuplicateGroup | None]
Found = Callable[[bytes, Proof, list[int]], None]
_Request = TypeVar("_Request")
_Reply = TypeVar("_Reply")


class FindOptions(msgspec.Struct, frozen=True):
    """Whether files without content count, and how many processes read; None: as it pays.

    With *proven*, files are in a group only if their bytes are compared, whatever is known of them.
    """

    empty: bool = False
    jobs: int | None = None
    proven: bool = False


class Finder:
    """One search; `lost` has the files that could not be read, each with the reason."""

    def __init__(
        self,
        storage: ReadableStorage,
        options: FindOptions,
        sink: EventSink,
        digests: Digests | None = None,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self._storage = storage
        self._options = options
        self._sink = sink
        self._check = check
        self._devices = [root.device for root in storage.roots]
        self._spins = any(storage.capabilities(r).spins for r in range(len(storage.roots)))
        self._tail_from = SPINNING_TAIL_FROM if self._spins else TAIL_FROM
        self._catalog = Catalog()
        self._memory = Memory(digests or NoDigests(), self._catalog, self._devices, self._tail_from)
        self._names: dict[int, list[int]] = {}
        self.lost: list[Skip] = []

    def find(self, files: Iterable[FileEntry], choose: Choose) -> Groups:
        """Return what *choose* makes of files that hold the same, in the order they were found.

        The *files* are regular ones.
        """
        entry, names = self._catalog.entry, self._names
        groups = Groups(entry)

        def found(digest: bytes, proof: Proof, numbers: list[int]) -> None:
            files = [names.get(number) or [number] for number in sorted(numbers)]
            among = {number: entry(number) for file in files for number in file}
            same = tuple([tuple([among[number] for number in file]) for file in files])
            group = choose(Alike(digest, proof, same))
            if group is not None:
                groups.add(group, among)

        try:
            self._take_in(files)
            self._compare(self._in_doubt(), found)
            return groups
        finally:
            self._memory.save()

    # by size, and by marks

    def _take_in(self, files: Iterable[FileEntry]) -> None:
        remaining = iter(files)
        while chunk := list(islice(remaining, _CHUNK)):
            start = len(self._catalog)
            for entry in chunk:
                self._catalog.add(entry)
            self._memory.recall(range(start, len(self._catalog)))  # while the scan goes on
            self._check()
            self._sink.tell(Progressed("scan", len(self._catalog)))

    def _in_doubt(self) -> Sets:
        """Return sets of files that may hold the same: all of one size, or also of one mark."""
        catalog = self._catalog
        shared, whole, rest = Sets(), Sets(), array("I")
        for numbers in catalog.of_one_size(0 if self._options.empty else 1):
            shared.add(self._distinct(numbers))
        for numbers in shared:
            if self._are_read_whole(numbers):
                whole.add(numbers)
            else:
                rest.extend(numbers)
        self._mark([number for number in rest if not catalog.is_cached(number)])
        doubtful = Sets()
        for numbers in sorted(catalog.of_one_mark(rest), key=self._most_bytes_first):
            doubtful.add(numbers)
        for numbers in whole:
            doubtful.add(numbers)
        return doubtful

    def _are_read_whole(self, numbers: list[int]) -> bool:
        """Whether files of one size are read whole, all of them at once, and need no marks."""
        size = self._catalog.size(numbers[0])
        fit = size <= digest.SMALL and size * len(numbers) <= MOST_HELD
        return fit and not self._spins and not all(map(self._catalog.is_cached, numbers))

    def _distinct(self, numbers: list[int]) -> list[int]:
        """Return *numbers* without those that are a file met before, on whatever path."""
        inode = self._catalog.inode
        if len(set(map(inode, numbers))) == len(numbers):
            return numbers
        identities: dict[tuple[int, int], int] = {}
        distinct = []
        for number in numbers:
            identity = (self._devices[self._catalog.root(number)], inode(number))
            known = identities.setdefault(identity, number) if inode(number) else number
            if known == number:
                distinct.append(number)
            else:
                self._names.setdefault(known, [known]).append(number)
        return distinct

    def _mark(self, numbers: list[int]) -> None:
        """Have files marked."""
        if self._spins:
            numbers.sort(key=self._catalog.inode)  # which is about the order on the disk
        heavy = self._is_heavy(numbers)
        answer = Marker(self._storage, self._catalog, self._tail_from).answer
        with self._work(answer, list[int], Marks) as work:
            for begin in range(0, len(numbers), _CHUNK):
                work.submit(numbers[begin : begin + _CHUNK], self._take_marks, heavy=heavy)
            work.drain()

    def _take_marks(self, reply: Marks) -> None:
        self._catalog.set_marks(reply.numbers, reply.marks)
        self._memory.marked(reply.numbers)
        for lost in reply.lost:
            self._lose(lost)

    def _most_bytes_first(self, numbers: list[int]) -> int:
        return -self._catalog.size(numbers[0]) * len(numbers)

    # by bytes

    def _compare(self, sets: Sets, found: Found) -> None:
        """Find which files of each set hold the same bytes, or the same digest as before."""
        unread = [n for n in sets.numbers if not self._is_known(n)]
        total, heavy = sum(map(self._catalog.size, unread)), self._is_heavy(unread)
        del unread
        self._sink.tell(PhaseStarted("compare", total, "bytes"))
        counters = mmap(-1, 8 * SLOTS)
        compare = Comparer(
            self._storage,
            self._catalog,
            self._memory,
            counters,
            spins=self._spins,
            proven=self._options.proven,
        )

        def take(reply: Proofs) -> None:
            for same in reply.groups:
                found(same.digest, same.proof, same.numbers)
            for lost in reply.lost:
                self._lose(lost)
            self._catalog.set_marks(reply.read, reply.marks)
            self._memory.marked(reply.read)
            self._memory.learned(reply.learned)

        def waiting() -> None:
            done = sum(memoryview(counters).cast("Q"))
            self._sink.tell(Progressed("compare", min(done, total)))

        with self._work(compare.answer, Wanted, Proofs) as work:
            for small, large in self._requests(sets):
                work.submit(Wanted(work.asked % SLOTS, small, large), take, heavy=heavy)
            work.drain(waiting)

    def _requests(self, sets: Iterable[list[int]]) -> Iterator[tuple[list[int], list[list[int]]]]:
        """Yield small files, and sets of large ones, of about a tenth of a second at a time."""
        small: list[int] = []
        large: list[list[int]] = []
        files = amount = 0
        for numbers in sets:
            size = self._catalog.size(numbers[0])
            if size > digest.SMALL:
                large.append(numbers)
            else:
                small += numbers
            files += len(numbers)
            amount += len(numbers) * size
            if files >= _REQUEST_FILES or amount >= _REQUEST_BYTES:
                yield small, large
                small, large, files, amount = [], [], 0, 0
        if files:
            yield small, large

    def _is_known(self, number: int) -> bool:
        """Whether a small file need not be read."""
        return (
            not self._options.proven
            and self._catalog.is_cached(number)
            and self._catalog.size(number) <= digest.SMALL
        )

    def _is_heavy(self, numbers: Sequence[int]) -> bool:
        """Whether it pays to read some files in other processes."""
        return len(numbers) > _CHUNK or sum(map(self._catalog.size, numbers)) > _FORK_BYTES

    # what came of it

    def _lose(self, lost: Lost) -> None:
        self.lost.append(Skip(self._catalog.location(lost.number), lost.reason, lost.detail))

    def _work(
        self, answer: Callable[[_Request], _Reply], request: Any, reply: Any
    ) -> Work[_Request, _Reply]:
        readers = self._options.jobs
        if readers is None:
            readers = 1 if self._spins else min(processors(), _MOST_READERS)
        return Work(answer, (request, reply), readers, self._check)
