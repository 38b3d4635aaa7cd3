"""Finding files that hold the same: by size while the scan goes on, by marks, then by bytes.

Reads only. Who has no equal in size is never opened, and small files are read once.
"""

import os
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from mmap import mmap

import msgspec

from fileorg.content import digest
from fileorg.dedupe.cache import Digests, NoDigests
from fileorg.dedupe.catalog import Catalog
from fileorg.dedupe.grouping import by
from fileorg.dedupe.reader import (
    MARK,
    SLOTS,
    Lost,
    Marks,
    MarksWanted,
    Proofs,
    ProofWanted,
    Reader,
    Reply,
    Request,
)
from fileorg.events import EventSink, PhaseStarted, Progressed
from fileorg.model.duplicates import Alike, Proof
from fileorg.model.entry import FileEntry, Skip
from fileorg.storage.base import ReadableStorage
from fileorg.workers import Crew, ForkedCrew, InlineCrew, can_fork

_CHUNK = 2000
_FORK_BYTES = 32 << 20
_MOST_READERS = 8
_REQUEST_BYTES = 32 << 20
_REQUEST_FILES = 2000
_SECONDS = 0.1
_ABSENT, _READ, _CACHED = range(3)

_Group = tuple[int, Alike]


class FindOptions(msgspec.Struct, frozen=True):
    """Whether files without content count, and how many processes read; None: as it pays."""

    empty: bool = False
    jobs: int | None = None


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
        self._spins = any(storage.capabilities(r).spins for r in range(len(storage.roots)))
        self._counters = mmap(-1, 8 * SLOTS)
        reader = Reader(storage, digests or NoDigests(), self._counters, spins=self._spins)
        self._work = _Work(reader, self._readers(), check)
        self._catalog = Catalog()
        self._state = bytearray()
        self._marks = bytearray()
        self._names: dict[int, list[int]] = {}
        self.lost: list[Skip] = []

    def find(self, files: Iterable[FileEntry]) -> list[Alike]:
        """Return the groups of *files*, which are regular ones, in the order they were found."""
        try:
            self._sweep(files)
            groups = self._prove(self._sets())
        except BaseException:
            self._work.abandon()
            raise
        self._work.close()
        return [group for _, group in sorted(groups, key=_first)]

    # by size, and by marks

    def _sweep(self, files: Iterable[FileEntry]) -> None:
        """Take in the files, and have those marked that share a size with another."""
        wanted: list[tuple[int, FileEntry]] = []
        for pair in self._of_shared_size(files):
            wanted.append(pair)
            if len(wanted) == _CHUNK and not self._spins:
                self._ask_marks(wanted, heavy=True)
                wanted = []
        if self._spins:
            wanted.sort(key=_inode)  # which is about the order on the disk
        heavy = sum(entry.fingerprint.size for _, entry in wanted) > _FORK_BYTES
        for begin in range(0, len(wanted), _CHUNK):
            part = wanted[begin : begin + _CHUNK]
            self._ask_marks(part, heavy=heavy or len(wanted) > _CHUNK)
        self._work.drain()

    def _of_shared_size(self, files: Iterable[FileEntry]) -> Iterator[tuple[int, FileEntry]]:
        """Yield each file that has the size of another with its number, once there are two."""
        first: dict[int, int] = {}
        identities: dict[tuple[int, int], int] = {}
        devices = [root.device for root in self._storage.roots]
        add, empty = self._catalog.add, self._options.empty
        for entry in files:
            size = entry.fingerprint.size
            if not size and not empty:
                continue
            number = add(entry)
            if entry.links > 1:
                identity = (devices[entry.location.root], entry.fingerprint.inode)
                known = identities.setdefault(identity, number)
                if known != number:
                    self._names.setdefault(known, [known]).append(number)
                    continue
            seen = first.setdefault(size, number)
            if seen == number:
                continue
            if seen >= 0:
                first[size] = -1
                yield seen, self._catalog.entry(seen)
            yield number, entry

    def _ask_marks(self, wanted: list[tuple[int, FileEntry]], *, heavy: bool) -> None:
        numbers = [number for number, _ in wanted]

        def take(reply: Reply) -> None:
            if not isinstance(reply, Marks):
                raise TypeError(reply)
            self._take_marks(numbers, reply)

        self._work.submit(MarksWanted([entry for _, entry in wanted]), take, heavy=heavy)

    def _take_marks(self, numbers: list[int], reply: Marks) -> None:
        missing = len(self._catalog) - len(self._state)
        self._state += bytes(missing)
        self._marks += bytes(missing * MARK)
        for place, number in enumerate(numbers):
            self._state[number] = _READ
            self._marks[MARK * number : MARK * (number + 1)] = reply.marks[
                MARK * place : MARK * (place + 1)
            ]
        for place in reply.cached:
            self._state[numbers[place]] = _CACHED
        for lost in reply.lost:
            self._state[numbers[lost.place]] = _ABSENT
            self._lose(numbers[lost.place], lost)
        self._sink.tell(Progressed("scan", len(self._catalog)))

    def _sets(self) -> list[list[int]]:
        """Return the files that have size and mark in common with another, the largest first."""
        marks, size = self._marks, self._catalog.size
        beginnings = array("Q", bytes(marks))[::2]
        numbers = [number for number, state in enumerate(self._state) if state]
        numbers.sort(key=beginnings.__getitem__)

        def key(number: int) -> tuple[int, bytes]:
            return size(number), bytes(marks[MARK * number : MARK * (number + 1)])

        sets: list[list[int]] = []
        run: list[int] = []
        for number in numbers:
            if run and beginnings[run[0]] != beginnings[number]:
                if len(run) > 1:
                    sets += by(key, run)
                run = []
            run.append(number)
        sets += by(key, run)
        sets = [distinct for found in sets if len(distinct := self._distinct(found)) > 1]
        sets.sort(key=lambda found: -size(found[0]) * len(found))
        return sets

    def _distinct(self, numbers: list[int]) -> list[int]:
        """Return *numbers* without those that are a file met before, on whatever path."""
        inode = self._catalog.inode
        if len(set(map(inode, numbers))) == len(numbers):
            return numbers
        identities: dict[tuple[int, int], int] = {}
        for number in numbers:
            root = self._catalog.entry(number).location.root
            device = self._storage.roots[root].device
            known = identities.setdefault((device, inode(number)), number)
            if known != number:
                self._names.setdefault(known, [known]).extend(self._names.pop(number, [number]))
        return list(identities.values())

    # by bytes

    def _prove(self, sets: list[list[int]]) -> list[_Group]:
        """Return the sets, as far as they hold the same bytes, or the same digest as before."""
        groups: list[_Group] = []
        doubtful: list[list[int]] = []
        for numbers in sets:
            size = self._catalog.size(numbers[0])
            if size <= digest.SMALL and all(self._state[n] == _CACHED for n in numbers):
                mark = bytes(self._marks[MARK * numbers[0] : MARK * (numbers[0] + 1)])
                groups.append(self._alike(mark, Proof.DIGEST, sorted(numbers)))
            else:
                doubtful.append(numbers)
        total = sum(self._catalog.size(n) for numbers in doubtful for n in numbers)
        self._sink.tell(PhaseStarted("compare", total, "bytes"))
        heavy = total > _FORK_BYTES or len(doubtful) > _CHUNK
        for request in _requests(doubtful, self._catalog.size):
            self._ask_proof(request, groups, heavy=heavy)
        self._work.drain(lambda: self._told(total))
        return groups

    def _ask_proof(self, sets: list[list[int]], groups: list[_Group], *, heavy: bool) -> None:
        def take(reply: Reply) -> None:
            if not isinstance(reply, Proofs):
                raise TypeError(reply)
            for same in reply.groups:
                numbers = sorted(sets[same.set][place] for place in same.places)
                groups.append(self._alike(same.digest, same.proof, numbers))
            if reply.lost:
                every = [number for numbers in sets for number in numbers]
                for lost in reply.lost:
                    self._lose(every[lost.place], lost)

        files = [[self._catalog.entry(number) for number in numbers] for numbers in sets]
        self._work.submit(ProofWanted(self._work.asked % SLOTS, files), take, heavy=heavy)

    def _told(self, total: int) -> None:
        done = sum(memoryview(self._counters).cast("Q"))
        self._sink.tell(Progressed("compare", min(done, total)))

    # what came of it

    def _alike(self, digest: bytes, proof: Proof, numbers: list[int]) -> _Group:
        """Return a group, and by what it is sorted: the file of it that was found first."""
        entry = self._catalog.entry
        if not self._names:
            return numbers[0], Alike(digest, proof, tuple((entry(n),) for n in numbers))
        files = (self._names.get(number, [number]) for number in numbers)
        return numbers[0], Alike(digest, proof, tuple(tuple(map(entry, file)) for file in files))

    def _lose(self, number: int, lost: Lost) -> None:
        self.lost.append(Skip(self._catalog.entry(number).location, lost.reason, lost.detail))

    def _readers(self) -> int:
        if self._options.jobs is not None:
            return self._options.jobs
        return 1 if self._spins else min(_processors(), _MOST_READERS)


class _Work:
    """Requests on their way, answered in their order; other processes begin when it pays."""

    def __init__(self, reader: Reader, readers: int, check: Callable[[], None]) -> None:
        self._reader = reader
        self._check = check
        self._readers = readers
        self._inline = InlineCrew(reader.answer)
        self._forked: ForkedCrew[Request, Reply] | None = None
        self._takers: deque[Callable[[Reply], None]] = deque()
        self.asked = 0

    def submit(self, request: Request, take: Callable[[Reply], None], *, heavy: bool) -> None:
        """Begin a request; *take* gets the reply some time later."""
        if heavy and self._forked is None and self._readers > 1 and can_fork():
            self.drain()
            self._forked = ForkedCrew(self._reader.answer, Request, Reply, self._readers)
        crew: Crew[Request, Reply] = self._forked or self._inline
        while len(self._takers) >= crew.capacity:
            self._collect(crew)
        self._check()
        self._takers.append(take)
        self.asked += 1
        crew.submit(request)

    def drain(self, waiting: Callable[[], None] = lambda: None) -> None:
        """Take every reply that is still to come, calling *waiting* a few times a second."""
        while self._takers:
            if self._forked is not None:
                while not self._forked.wait(_SECONDS):
                    self._check()
                    waiting()
            self._collect(self._forked or self._inline)
            waiting()

    def close(self) -> None:
        """End the processes."""
        if self._forked is not None:
            self._forked.close()

    def abandon(self) -> None:
        """End the processes wherever they are."""
        if self._forked is not None:
            self._forked.abandon()

    def _collect(self, crew: Crew[Request, Reply]) -> None:
        reply = crew.collect()
        self._takers.popleft()(reply)


def _requests(sets: list[list[int]], size: Callable[[int], int]) -> Iterator[list[list[int]]]:
    """Yield *sets* in requests of about a tenth of a second each."""
    request: list[list[int]] = []
    files = amount = 0
    for numbers in sets:
        request.append(numbers)
        files += len(numbers)
        amount += len(numbers) * size(numbers[0])
        if files >= _REQUEST_FILES or amount >= _REQUEST_BYTES:
            yield request
            request, files, amount = [], 0, 0
    if request:
        yield request


def _inode(pair: tuple[int, FileEntry]) -> int:
    return pair[1].fingerprint.inode


def _first(group: _Group) -> int:
    return group[0]


def _processors() -> int:
    with suppress(AttributeError):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
