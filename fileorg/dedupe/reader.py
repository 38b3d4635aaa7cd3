"""What is done beside the scan, in other processes where it pays: reading, as far as is needed."""

from collections.abc import Sequence
from mmap import mmap

import msgspec

from fileorg.content import digest
from fileorg.dedupe.cache import Digests, Known, NoDigests
from fileorg.dedupe.grouping import sort_out
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

MARK = 16
"""Bytes of a mark."""

_NO_MARK = bytes(MARK)


class Lost(msgspec.Struct, frozen=True, array_like=True):
    """A file, by its place in the request, that could not be read."""

    place: int
    reason: Reason
    detail: str


class MarksWanted(msgspec.Struct, frozen=True, array_like=True, tag=0):
    """Files that have the size of others."""

    files: list[FileEntry]


class Marks(msgspec.Struct, frozen=True, array_like=True, tag=0):
    """The marks of the files, 16 bytes each; of those in *cached* nothing had to be read."""

    marks: bytes
    cached: list[int]
    lost: list[Lost]


class ProofWanted(msgspec.Struct, frozen=True, array_like=True, tag=1):
    """Sets of files that have one size and one mark each."""

    slot: int
    sets: list[list[FileEntry]]


class Same(msgspec.Struct, frozen=True, array_like=True):
    """Files of one set, by their places, that hold the same."""

    set: int
    digest: bytes
    proof: Proof
    places: list[int]


class Proofs(msgspec.Struct, frozen=True, array_like=True, tag=1):
    """What came of each set; the places of *lost* count through all of them."""

    groups: list[Same]
    lost: list[Lost]


Request = MarksWanted | ProofWanted
Reply = Marks | Proofs


class Reader:
    """Answers requests, asking the digests of earlier runs first."""

    def __init__(
        self, storage: ReadableStorage, digests: Digests, counters: mmap, *, spins: bool
    ) -> None:
        self._storage = storage
        self._digests = digests
        self._counters = memoryview(counters).cast("Q")
        self._tail_from = SPINNING_TAIL_FROM if spins else TAIL_FROM
        self._block = SPINNING_BLOCK if spins else BLOCK

    def answer(self, request: Request) -> Reply:
        """Do what is asked."""
        if isinstance(request, MarksWanted):
            return self._marks(request.files)
        return self._proofs(request)

    def _marks(self, files: list[FileEntry]) -> Marks:
        if isinstance(self._digests, NoDigests):
            return self._read_marks(files)
        known = self._known(files)
        tails = [entry.fingerprint.size >= self._tail_from for entry in files]
        asked = [n for n, k in enumerate(known) if not k.mark or k.tail is not tails[n]]
        read = self._read_marks([files[n] for n in asked])
        lost = {one.place for one in read.lost}
        for place, n in enumerate(asked):
            mark = read.marks[MARK * place : MARK * (place + 1)]
            known[n].mark, known[n].tail = mark, tails[n]
        self._keep([(files[n], known[n]) for p, n in enumerate(asked) if p not in lost])
        cached = sorted(set(range(len(files))).difference(asked))
        lost_here = [Lost(asked[one.place], one.reason, one.detail) for one in read.lost]
        return Marks(b"".join(k.mark for k in known), cached, lost_here)

    def _read_marks(self, files: list[FileEntry]) -> Marks:
        found = list(digest.marks(self._storage, files, self._tail_from))
        lost = [
            Lost(place, mark.reason, str(mark))
            for place, mark in enumerate(found)
            if isinstance(mark, StorageError)
        ]
        for one in lost:
            found[one.place] = _NO_MARK
        return Marks(b"".join(found), [], lost)  # type: ignore[arg-type]

    def _proofs(self, request: ProofWanted) -> Proofs:
        def told(amount: int) -> None:
            self._counters[request.slot] += amount

        prover = Prover(self._storage, self._block, told)
        groups: list[Same] = []
        lost: list[Lost] = []
        before = 0
        for number, files in enumerate(request.sets):
            same, doubtful, known = self._without_reading(files)
            size = files[0].fingerprint.size
            groups += [
                Same(number, known[places[0]].digests[size], Proof.DIGEST, places)
                for places in same
            ]
            for places in doubtful:
                proven = prover.prove([files[place] for place in places])
                groups += [
                    Same(number, found, Proof.BYTES, [places[member] for member in members])
                    for found, members in proven.groups
                ]
                lost += [Lost(before + places[m], why, text) for m, why, text in proven.lost]
                if known:
                    for member, digests in proven.known.items():
                        known[places[member]].digests.update(digests)
            if known and doubtful:
                self._keep(list(zip(files, known, strict=True)))
            before += len(files)
        return Proofs(groups, lost)

    def _without_reading(
        self, files: list[FileEntry]
    ) -> tuple[list[list[int]], list[list[int]], list[Known]]:
        """Return who is the same and who in doubt by earlier digests, and these.

        Of small files the mark is the digest, and who asks knows that it was not cached.
        """
        if files[0].fingerprint.size <= digest.SMALL:
            return [], [list(range(len(files)))], []
        known = self._known(files)
        same, doubtful = sort_out([k.digests for k in known], files[0].fingerprint.size)
        return same, doubtful, known

    def _known(self, files: Sequence[FileEntry]) -> list[Known]:
        devices = [self._storage.roots[entry.location.root].device for entry in files]
        if len(set(devices)) == 1:
            return self._digests.look_up(devices[0], files)
        return [
            self._digests.look_up(device, [entry])[0]
            for device, entry in zip(devices, files, strict=True)
        ]

    def _keep(self, learned: list[tuple[FileEntry, Known]]) -> None:
        devices: dict[int, list[Known]] = {}
        for entry, known in learned:
            device = self._storage.roots[entry.location.root].device
            devices.setdefault(device, []).append(known)
        for device, found in devices.items():
            self._digests.keep(device, found)
