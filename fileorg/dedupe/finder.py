"""Finding files that hold the same: by size while the scan goes on, by marks, then by bytes.

Reads only. Who has no equal in size is never opened, and small files are read once.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from mmap import mmap
from typing import Any, Generic, TypeVar

import msgspec

from fileorg.content import digest
from fileorg.dedupe.cache import Digests, NoDigests
from fileorg.dedupe.catalog import MARK, Catalog, Marked
from fileorg.dedupe.memory import Memory
from fileorg.dedupe.packed import Groups
from fileorg.dedupe.reader import (
    SLOTS,
    SPINNING_TAIL_FROM,
    TAIL_FROM,
    Comparer,
    Lost,
    Marker,
    Marks,
    Proofs,
    ProofWanted,
)
from fileorg.events import EventSink, PhaseStarted, Progressed
from fileorg.model.duplicates import Alike, DuplicateGroup, Proof
from fileorg.model.entry import FileEntry, Skip
from fileorg.storage.base import ReadableStorage
from fileorg.workers import Crew, ForkedCrew, InlineCrew, can_fork, processors

_CHUNK = 2000
_FORK_BYTES = 32 << 20
_MOST_READERS = 8
_REQUEST_BYTES = 8 << 20
_REQUEST_FILES = 2000
_SECONDS = 0.1

Choose = Callable[[Alike], DuplicateGroup | None]
_Request = TypeVar("_Request")
_Reply = TypeVar("_Reply")


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
        self._check = check
        self._digests = digests or NoDigests()
        self._devices = [root.device for root in storage.roots]
        self._spins = any(storage.capabilities(r).spins for r in range(len(storage.roots)))
        self._tail_from = SPINNING_TAIL_FROM if self._spins else TAIL_FROM
        self._catalog = Catalog()
        self._memory = Memory(self._digests, self._catalog, self._devices, self._tail_from)
        self._names: dict[int, list[int]] = {}
        self.lost: list[Skip] = []

    def find(self, files: Iterable[FileEntry], choose: Choose) -> Groups:
        """Return what *choose* makes of files that hold the same, in the order they were found.

        The *files* are regular ones.
        """
        try:
            self._sweep(files)
            self._memory.save()
            return self._prove(self._sets(), choose)
        finally:
            self._memory.save()
            self._memory.wait()

    # by size, and by marks

    def _sweep(self, files: Iterable[FileEntry]) -> None:
        """Take in the files, and have those marked that share a size with another."""
        answer = Marker(self._storage, self._digests, self._tail_from).answer
        wanted: list[tuple[int, FileEntry]] = []
        with self._work(answer, list[FileEntry], Marks) as work:
            for pair in self._of_shared_size(files):
                wanted.append(pair)
                if len(wanted) == _CHUNK and not self._spins:
                    self._ask_marks(work, wanted, heavy=True)
                    wanted = []
            if self._spins:
                wanted.sort(key=_inode)  # which is about the order on the disk
            heavy = sum(entry.fingerprint.size for _, entry in wanted) > _FORK_BYTES
            for begin in range(0, len(wanted), _CHUNK):
                part = wanted[begin : begin + _CHUNK]
                self._ask_marks(work, part, heavy=heavy or len(wanted) > _CHUNK)
            work.drain()

    def _of_shared_size(self, files: Iterable[FileEntry]) -> Iterator[tuple[int, FileEntry]]:
        """Yield each file that has the size of another with its number, once there are two."""
        first: dict[int, int] = {}
        identities: dict[tuple[int, int], int] = {}
        devices = self._devices
        add, empty = self._catalog.add, self._options.empty
        for entry in files:
            size = entry.fingerprint.size
            if not size and not empty:
                continue
            number = add(entry)
            if entry.links > 1 and entry.fingerprint.inode:
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

    def _ask_marks(
        self,
        work: "_Work[list[FileEntry], Marks]",
        wanted: list[tuple[int, FileEntry]],
        *,
        heavy: bool,
    ) -> None:
        numbers = [number for number, _ in wanted]
        files = [entry for _, entry in wanted]
        work.submit(files, lambda reply: self._take_marks(numbers, reply), heavy=heavy)

    def _take_marks(self, numbers: list[int], reply: Marks) -> None:
        marked = dict.fromkeys(numbers, Marked.READ)
        for place in reply.cached:
            marked[numbers[place]] = Marked.CACHED
        for lost in reply.lost:
            marked[numbers[lost.which]] = Marked.NOT
            self._lose(numbers[lost.which], lost)
        for place, number in enumerate(numbers):
            mark = reply.marks[MARK * place : MARK * (place + 1)]
            self._catalog.set_mark(number, mark, marked[number])
        self._memory.marked([number for number in numbers if marked[number] == Marked.READ])
        self._sink.tell(Progressed("scan", len(self._catalog)))

    def _sets(self) -> list[list[int]]:
        """Return the files that have size and mark in common with another, the largest first."""
        size, sets = self._catalog.size, map(self._distinct, self._catalog.alike())
        return sorted(
            (numbers for numbers in sets if len(numbers) > 1),
            key=lambda numbers: -size(numbers[0]) * len(numbers),
        )

    def _distinct(self, numbers: list[int]) -> list[int]:
        """Return *numbers* without those that are a file met before, on whatever path."""
        inode = self._catalog.inode
        if len(set(map(inode, numbers))) == len(numbers) or not inode(numbers[0]):
            return numbers
        identities: dict[tuple[int, int], int] = {}
        for number in numbers:
            device = self._devices[self._catalog.entry(number).location.root]
            known = identities.setdefault((device, inode(number)), number)
            if known != number:
                self._names.setdefault(known, [known]).extend(self._names.pop(number, [number]))
        return list(identities.values())

    # by bytes

    def _prove(self, sets: list[list[int]], choose: Choose) -> Groups:
        """Return the sets, as far as they hold the same bytes, or the same digest as before."""
        catalog, groups = self._catalog, Groups()

        def found(digest: bytes, proof: Proof, numbers: list[int]) -> None:
            group = choose(self._alike(digest, proof, numbers))
            if group is not None:
                groups.add(group, min(numbers))

        doubtful: list[list[int]] = []
        for numbers in sets:
            small = catalog.size(numbers[0]) <= digest.SMALL
            if small and all(map(catalog.is_cached, numbers)):
                found(catalog.mark(numbers[0]), Proof.DIGEST, numbers)
            else:
                doubtful.append(numbers)
        total = sum(catalog.size(numbers[0]) * len(numbers) for numbers in doubtful)
        self._sink.tell(PhaseStarted("compare", total, "bytes"))
        counters = mmap(-1, 8 * SLOTS)
        compare = Comparer(self._storage, self._digests, catalog, counters, spins=self._spins)

        def take(reply: Proofs) -> None:
            for same in reply.groups:
                found(same.digest, same.proof, same.numbers)
            for lost in reply.lost:
                self._lose(lost.which, lost)
            self._memory.learned(reply.learned)

        def waiting() -> None:
            done = sum(memoryview(counters).cast("Q"))
            self._sink.tell(Progressed("compare", min(done, total)))

        heavy = total > _FORK_BYTES or len(doubtful) > _CHUNK
        with self._work(compare.answer, ProofWanted, Proofs) as work:
            for request in _requests(doubtful, catalog.size):
                work.submit(ProofWanted(work.asked % SLOTS, request), take, heavy=heavy)
            work.drain(waiting)
        return groups

    # what came of it

    def _alike(self, digest: bytes, proof: Proof, numbers: list[int]) -> Alike:
        entry = self._catalog.entry
        files = (self._names.get(number, [number]) for number in sorted(numbers))
        return Alike(digest, proof, tuple(tuple(map(entry, file)) for file in files))

    def _lose(self, number: int, lost: Lost) -> None:
        self.lost.append(Skip(self._catalog.entry(number).location, lost.reason, lost.detail))

    def _work(
        self, answer: Callable[[_Request], _Reply], request: Any, reply: Any
    ) -> "_Work[_Request, _Reply]":
        readers = self._options.jobs
        if readers is None:
            readers = 1 if self._spins else min(processors(), _MOST_READERS)
        return _Work(answer, (request, reply), readers, self._check)


class _Work(Generic[_Request, _Reply]):
    """Requests on their way, answered in their order; other processes begin when it pays."""

    def __init__(
        self,
        answer: Callable[[_Request], _Reply],
        types: tuple[Any, Any],
        readers: int,
        check: Callable[[], None],
    ) -> None:
        self._answer = answer
        self._types = types
        self._check = check
        self._readers = readers
        self._inline = InlineCrew(answer)
        self._forked: ForkedCrew[_Request, _Reply] | None = None
        self._takers: deque[Callable[[_Reply], None]] = deque()
        self.asked = 0

    def __enter__(self) -> "_Work[_Request, _Reply]":
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        """End the processes; after a failure wherever they are."""
        if self._forked is not None:
            (self._forked.close if failed is None else self._forked.abandon)()

    def submit(self, request: _Request, take: Callable[[_Reply], None], *, heavy: bool) -> None:
        """Begin a request; *take* gets the reply some time later."""
        if heavy and self._forked is None and self._readers > 1 and can_fork():
            self.drain()
            self._forked = ForkedCrew(self._answer, *self._types, self._readers)
        crew: Crew[_Request, _Reply] = self._forked or self._inline
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

    def _collect(self, crew: Crew[_Request, _Reply]) -> None:
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
