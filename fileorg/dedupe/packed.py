"""Many values in little memory: packed one behind the other, and unpacked when they are asked for.

A file takes about 100 bytes so, where its objects take 400.
"""

from array import array
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any, Generic, TypeVar

import msgspec

from fileorg.model.duplicates import DuplicateGroup, KeepReason, Proof
from fileorg.model.entry import FileEntry

_Item = TypeVar("_Item")


class Packed(Generic[_Item]):
    """Values by number, in the order in which they were added; *type_* is that of msgspec."""

    def __init__(self, type_: Any) -> None:
        self._bytes = bytearray()
        self._starts = array("Q", [0])
        self._pack = msgspec.msgpack.Encoder().encode
        self._unpack = msgspec.msgpack.Decoder(type_).decode

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._starts) - 1

    def __getitem__(self, number: int) -> _Item:
        """Return a value as it was added."""
        found: _Item = self._unpack(self._bytes[self._starts[number] : self._starts[number + 1]])
        return found

    def add(self, item: _Item) -> None:
        """Add a value; its number is the length before."""
        self._bytes += self._pack(item)  # encode_into would take half as much again
        self._starts.append(len(self._bytes))


class Sets:
    """Sets of two or more numbers, in the order in which they were added."""

    def __init__(self) -> None:
        self.numbers = array("I")
        self._ends = array("Q", [0])

    def __iter__(self) -> Iterator[list[int]]:
        """Yield them in order."""
        for begin, end in pairwise(self._ends):
            yield self.numbers[begin:end].tolist()

    def add(self, numbers: list[int]) -> None:
        """Add a set, if it is one of two or more."""
        if len(numbers) > 1:
            self.numbers.extend(numbers)
            self._ends.append(len(self.numbers))


class _Group(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A group whose files are numbers of a catalog."""

    digest: bytes
    proof: Proof
    keep: int
    redundant: tuple[int, ...]
    reason: KeepReason
    files: int
    reclaimable: int


class Groups:
    """Groups of duplicates in the order in which their first files were found, and their sums.

    Their files are told by what *entry* says of a number. *files* are redundant, and take
    *reclaimable* bytes; *proofs* are all there are among them.
    """

    def __init__(self, entry: Callable[[int], FileEntry]) -> None:
        self._entry = entry
        self._packed: Packed[_Group] = Packed(_Group)
        self._firsts = array("I")
        self.files = self.reclaimable = 0
        self.proofs: set[Proof] = set()

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._packed)

    def __iter__(self) -> Iterator[DuplicateGroup]:
        """Yield them in order."""
        for number in sorted(range(len(self)), key=self._firsts.__getitem__):
            one = self._packed[number]
            yield DuplicateGroup(
                one.digest,
                one.proof,
                self._entry(one.keep),
                tuple(map(self._entry, one.redundant)),
                one.reason,
                one.files,
                one.reclaimable,
            )

    def add(self, group: DuplicateGroup, among: Mapping[int, FileEntry]) -> None:
        """Add a group, whose files are *among* some that have numbers."""
        numbers = {id(entry): number for number, entry in among.items()}
        keep, *redundant = (numbers[id(entry)] for entry in (group.keep, *group.redundant))
        self._packed.add(
            _Group(
                group.digest, group.proof, keep, tuple(redundant),
                group.reason, group.files, group.reclaimable,
            )
        )  # fmt: skip
        self._firsts.append(min(among))
        self.files += group.files
        self.reclaimable += group.reclaimable
        self.proofs.add(group.proof)
