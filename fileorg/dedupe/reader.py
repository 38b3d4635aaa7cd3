"""What is done in other processes where it pays: reading, as far as it tells files apart."""

from itertools import filterfalse
from mmap import mmap

import msgspec

from fileorg.content import digest
from fileorg.dedupe.catalog import Catalog
from fileorg.dedupe.grouping import sort_out
from fileorg.dedupe.memory import Memory
from fileorg.dedupe.proof import Prover
from fileorg.dedupe.whole import Contents
from fileorg.errors import StorageError
from fileorg.model.duplicates import Proof
from fileorg.model.reason import Reason
from fileorg.storage.base import ReadableStorage

BLOCK = 256 << 10
"""Two of them fit in a processor's cache, where comparing costs little."""

SPINNING_BLOCK = 8 << 20
"""A tenth of a second of reading, beside which a seek costs little."""

TAIL_FROM, SPINNING_TAIL_FROM = digest.SMALL + 1, 64 << 20

SLOTS = 256
"""More than requests are ever on their way at once; each counts in a slot of its own."""


class Lost(msgspec.Struct, frozen=True, array_like=True):
    """A file that could not be read, by its number."""

    number: int
    reason: Reason
    detail: str


class Marks(msgspec.Struct, array_like=True):
    """The marks of some files, 16 bytes each, and those that could not be read."""

    numbers: list[int]
    marks: bytes
    lost: list[Lost]


class Marker:
    """Gives files of a catalog their marks."""

    def __init__(self, storage: ReadableStorage, catalog: Catalog, tail_from: int) -> None:
        self._storage = storage
        self._catalog = catalog
        self._tail_from = tail_from

    def answer(self, numbers: list[int]) -> Marks:
        """Return the marks of some files."""
        files = map(self._catalog.entry, numbers)
        found = digest.marks(self._storage, files, self._tail_from)
        marks, lost = {}, []
        for number, mark in zip(numbers, found, strict=True):
            if isinstance(mark, StorageError):
                lost.append(Lost(number, mark.reason, str(mark)))
            else:
                marks[number] = mark
        return Marks(list(marks), b"".join(marks.values()), lost)


class Wanted(msgspec.Struct, frozen=True, array_like=True):
    """Files to compare: small ones of any sizes, and sets of large ones of one size and mark."""

    slot: int
    small: list[int]
    large: list[list[int]] = []


class Same(msgspec.Struct, frozen=True, array_like=True):
    """Files that hold the same."""

    digest: bytes
    proof: Proof
    numbers: list[int]


class Proofs(msgspec.Struct, array_like=True):
    """What came of it, and what was learned on the way.

    That is marks of small files that were *read*, if these are kept, and digests of large ones by
    their lengths.
    """

    groups: list[Same] = []
    lost: list[Lost] = []
    read: list[int] = []
    marks: bytes = b""
    learned: dict[int, dict[int, bytes]] = {}


class Comparer:
    """Compares files of a catalog; what is known of them is asked first.

    With *proven* that only tells what may be the same, and bytes say what is.
    """

    def __init__(
        self,
        storage: ReadableStorage,
        catalog: Catalog,
        memory: Memory,
        counters: mmap,
        *,
        spins: bool,
        proven: bool,
    ) -> None:
        self._storage = storage
        self._catalog = catalog
        self._memory = memory
        self._counters = memoryview(counters).cast("Q")
        self._block = SPINNING_BLOCK if spins else BLOCK
        self._proven = proven

    def answer(self, wanted: Wanted) -> Proofs:
        """Return which files hold the same."""

        def told(amount: int) -> None:
            self._counters[wanted.slot] += amount

        proofs = Proofs([], [], [], b"", {})
        told(self._compare_small(wanted.small, proofs))
        prover = Prover(self._storage, self._block, told)
        for numbers in wanted.large:
            self._compare_large(numbers, prover, proofs)
        return proofs

    def _compare_small(self, numbers: list[int], proofs: Proofs) -> int:
        """Compare small files by all of their bytes; return how many were read.

        Not read is a file of which an earlier search knows, and whose like were read then, too,
        unless all is to be proven.
        """
        is_cached = self._catalog.is_cached
        contents = Contents(self._storage, self._catalog)
        amount = contents.add(filterfalse(is_cached, numbers))
        beside: list[int] = []
        for mark, same in self._catalog.by_mark(filter(is_cached, numbers)):
            if mark in contents or (self._proven and len(same) > 1):
                beside += same
            elif len(same) > 1:
                proofs.groups.append(Same(mark, Proof.DIGEST, same))
        amount += contents.add(beside)
        proofs.groups += [Same(mark, Proof.BYTES, same) for mark, same in contents.groups()]
        proofs.lost += [Lost(*lost) for lost in contents.lost]
        if self._memory.is_kept:
            proofs.read, proofs.marks = contents.read, b"".join(contents.marks)
        return amount

    def _compare_large(self, numbers: list[int], prover: Prover, proofs: Proofs) -> None:
        size = self._catalog.size(numbers[0])
        known = self._memory.digests(numbers)
        same, doubtful = sort_out(known, size)
        if self._proven:
            same, doubtful = [], doubtful + same
        for places in same:
            found = known[places[0]][size]
            proofs.groups.append(Same(found, Proof.DIGEST, [numbers[place] for place in places]))
        for places in doubtful:
            here = [numbers[place] for place in places]
            proven = prover.prove([self._catalog.entry(number) for number in here])
            proofs.groups += [
                Same(found, Proof.BYTES, [here[m] for m in members])
                for found, members in proven.groups
            ]
            proofs.lost += [Lost(here[m], why, text) for m, why, text in proven.lost]
            proofs.learned |= {here[m]: digests for m, digests in proven.known.items()}
