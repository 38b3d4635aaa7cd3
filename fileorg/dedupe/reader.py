"""What is done in other processes where it pays: reading, as far as it tells files apart."""

from collections.abc import Iterable, Sequence
from itertools import chain
from mmap import mmap

import msgspec

from fileorg.content import digest
from fileorg.dedupe.cache import Digests, Known, NoDigests
from fileorg.dedupe.catalog import MARK, Catalog
from fileorg.dedupe.grouping import by, sort_out
from fileorg.dedupe.proof import Prover
from fileorg.errors import StorageError
from fileorg.model.duplicates import Proof
from fileorg.model.entry import FileEntry
from fileorg.model.reason import Reason
from fileorg.storage.base import ReadableStorage

BLOCK = 256 << 10
"""Two of them fit in a processor's cache, where comparing costs little."""

SPINNING_BLOCK = 8 << 20
"""A tenth of a second of reading, beside which a seek costs little."""

TAIL_FROM, SPINNING_TAIL_FROM = digest.SMALL + 1, 64 << 20

SLOTS = 256
"""More than requests are ever on their way at once; each counts in a slot of its own."""

_NO_MARK = bytes(MARK)


class Lost(msgspec.Struct, frozen=True, array_like=True):
    """A file that could not be read, by its place among those asked for or by its number."""

    which: int
    reason: Reason
    detail: str


class Marks(msgspec.Struct, frozen=True, array_like=True):
    """The marks of some files, 16 bytes each; of those in *cached* nothing had to be read."""

    marks: bytes
    cached: list[int]
    lost: list[Lost]


class Marker:
    """Gives files their marks, asking the digests of earlier runs first."""

    def __init__(self, storage: ReadableStorage, digests: Digests, tail_from: int) -> None:
        self._storage = storage
        self._digests = digests
        self._tail_from = tail_from

    def answer(self, files: list[FileEntry]) -> Marks:
        """Return the marks of *files*, in their order."""
        if isinstance(self._digests, NoDigests):
            return self._read(files)
        known = known_of(self._digests, self._storage, files)
        marks = [self._usable(k, entry) for k, entry in zip(known, files, strict=True)]
        asked = [place for place, mark in enumerate(marks) if not mark]
        read = self._read([files[place] for place in asked])
        for n, place in enumerate(asked):
            marks[place] = read.marks[MARK * n : MARK * (n + 1)]
        cached = sorted(set(range(len(files))).difference(asked))
        lost = [Lost(asked[one.which], one.reason, one.detail) for one in read.lost]
        return Marks(b"".join(marks), cached, lost)

    def _usable(self, known: Known, entry: FileEntry) -> bytes:
        """Return a mark of earlier, if it is one of the same ends as those that are read now."""
        is_of_tail = entry.fingerprint.size >= self._tail_from
        return known.mark if known.tail is is_of_tail else b""

    def _read(self, files: list[FileEntry]) -> Marks:
        found = list(digest.marks(self._storage, files, self._tail_from))
        lost = [
            Lost(place, mark.reason, str(mark))
            for place, mark in enumerate(found)
            if isinstance(mark, StorageError)
        ]
        for one in lost:
            found[one.which] = _NO_MARK
        return Marks(b"".join(found), [], lost)  # type: ignore[arg-type]


class ProofWanted(msgspec.Struct, frozen=True, array_like=True):
    """Sets of files, by their numbers, that have one size and one mark each."""

    slot: int
    sets: list[list[int]]


class Same(msgspec.Struct, frozen=True, array_like=True):
    """Files that hold the same."""

    digest: bytes
    proof: Proof
    numbers: list[int]


class Proofs(msgspec.Struct, array_like=True):
    """What came of it, and the digests that were learned on the way, by their lengths."""

    groups: list[Same] = []
    lost: list[Lost] = []
    learned: dict[int, dict[int, bytes]] = {}


class Comparer:
    """Compares files of a catalog; of large ones, digests of earlier runs are asked first."""

    def __init__(
        self,
        storage: ReadableStorage,
        digests: Digests,
        catalog: Catalog,
        counters: mmap,
        *,
        spins: bool,
    ) -> None:
        self._storage = storage
        self._digests = digests
        self._catalog = catalog
        self._counters = memoryview(counters).cast("Q")
        self._block = SPINNING_BLOCK if spins else BLOCK

    def answer(self, request: ProofWanted) -> Proofs:
        """Return which files of each set hold the same."""

        def told(amount: int) -> None:
            self._counters[request.slot] += amount

        proofs = Proofs([], [], {})
        small = [s for s in request.sets if self._catalog.size(s[0]) <= digest.SMALL]
        told(self._compare_small(small, proofs))
        prover = Prover(self._storage, self._block, told)
        for numbers in request.sets:
            if self._catalog.size(numbers[0]) > digest.SMALL:
                self._compare_large(numbers, prover, proofs)
        return proofs

    def _compare_small(self, sets: list[list[int]], proofs: Proofs) -> int:
        """Compare files that are read whole at once; return how many bytes that were."""
        contents = self._contents(chain.from_iterable(sets), proofs)
        for numbers in sets:
            for same in _of_one_content(numbers, contents):
                proofs.groups.append(Same(digest.digest(contents[same[0]]), Proof.BYTES, same))
        return sum(map(len, contents.values()))

    def _contents(self, numbers: Iterable[int], proofs: Proofs) -> dict[int, bytes]:
        """Return what small files hold, of those that can be read."""
        size = self._catalog.size
        ordered = sorted(numbers)  # neighbours follow one another
        wanted = [(self._catalog.entry(number).location, size(number)) for number in ordered]
        contents: dict[int, bytes] = {}
        for number, found in zip(ordered, self._storage.read_each(wanted), strict=True):
            if isinstance(found, StorageError):
                proofs.lost.append(Lost(number, found.reason, str(found)))
            elif len(found) < size(number):
                proofs.lost.append(Lost(number, Reason.CHANGED, ""))
            else:
                contents[number] = found
        return contents

    def _compare_large(self, numbers: list[int], prover: Prover, proofs: Proofs) -> None:
        size = self._catalog.size(numbers[0])
        files = [self._catalog.entry(number) for number in numbers]
        known = [k.digests for k in known_of(self._digests, self._storage, files)]
        same, doubtful = sort_out(known, size)
        for places in same:
            found = known[places[0]][size]
            proofs.groups.append(Same(found, Proof.DIGEST, [numbers[place] for place in places]))
        for places in doubtful:
            proven = prover.prove([files[place] for place in places])
            here = [numbers[place] for place in places]
            proofs.groups += [
                Same(found, Proof.BYTES, [here[m] for m in members])
                for found, members in proven.groups
            ]
            proofs.lost += [Lost(here[m], why, text) for m, why, text in proven.lost]
            proofs.learned |= {here[m]: digests for m, digests in proven.known.items()}


def known_of(digests: Digests, storage: ReadableStorage, files: Sequence[FileEntry]) -> list[Known]:
    """Return what is known of files of any devices, in their order."""
    devices = [storage.roots[entry.location.root].device for entry in files]
    if len(set(devices)) == 1:
        return digests.look_up(devices[0], files)
    return [
        digests.look_up(device, [entry])[0] for device, entry in zip(devices, files, strict=True)
    ]


def _of_one_content(numbers: list[int], contents: dict[int, bytes]) -> list[list[int]]:
    """Return which files hold the same bytes; of equal marks nearly all do."""
    readable = [number for number in numbers if number in contents]
    if len(readable) < 2:  # noqa: PLR2004 - one is no group
        return []
    first = contents[readable[0]]
    if all(contents[number] == first for number in readable):
        return [readable]
    return by(contents.__getitem__, readable)
