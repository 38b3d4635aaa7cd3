"""Whether objects hold the same: read side by side, in the versions that were seen."""

from collections.abc import Sequence
from typing import NamedTuple

from fileorg.errors import StorageError
from fileorg.model.reason import Reason
from fileorg.storage.s3 import objects
from fileorg.storage.s3.client import Bucket
from fileorg.storage.s3.copying import inode_of
from fileorg.storage.s3.metadata import Head

BLOCK = 2 << 20
"""What is asked for at a time: two such blocks of some thirty groups are in memory at once."""

Answer = bool | StorageError


class Seen(NamedTuple):
    """An object as it was seen."""

    bucket: Bucket
    key: bytes
    size: int
    inode: int


def alike(one: Seen, others: Sequence[Seen]) -> list[Answer]:
    """Return of each of the others whether it holds the same as *one*; raise where that is missing.

    `VANISHED` and `CHANGED`: what is compared is what was seen, before and afterwards.
    """
    compared = _Compared(one, others)
    compared.read()
    compared.look_again()
    return compared.answers


class _Compared:
    def __init__(self, one: Seen, others: Sequence[Seen]) -> None:
        self._one, self._others = one, others
        self._head = _as_seen(one)
        self._heads: dict[int, Head] = {}
        self.answers: list[Answer] = [False] * len(others)
        for number, other in enumerate(others):
            try:
                head = _as_seen(other)
            except StorageError as error:
                self.answers[number] = error
                continue
            if other.size == one.size:
                self._heads[number] = head
                self.answers[number] = True

    def read(self) -> None:
        """Read on in all that are still the same."""
        for start in range(0, self._one.size, BLOCK):
            if not self._heads:
                return
            block = self._block(self._one, self._head, start)
            for number, head in [*self._heads.items()]:
                try:
                    is_same = self._block(self._others[number], head, start) == block
                except StorageError as error:
                    self._end(number, error)
                else:
                    if not is_same:
                        self._end(number, False)

    def look_again(self) -> None:
        """Take back what is said of an object that is another one by now."""
        if not self._heads or not self._one.size:
            return
        _as_seen(self._one)
        for number in [*self._heads]:
            try:
                _as_seen(self._others[number])
            except StorageError as error:
                self._end(number, error)

    def _end(self, number: int, answer: Answer) -> None:
        self.answers[number] = answer
        del self._heads[number]

    def _block(self, seen: Seen, head: Head, start: int) -> bytes:
        length = min(BLOCK, seen.size - start)
        block = objects.got(seen.bucket, seen.key, start, length, head.etag)
        if len(block) != length:
            raise StorageError(Reason.CHANGED)
        return block


def _as_seen(seen: Seen) -> Head:
    found = objects.head(seen.bucket, seen.key)
    if found is None:
        raise StorageError(Reason.VANISHED)
    if (found.size, inode_of(found.etag)) != (seen.size, seen.inode):
        raise StorageError(Reason.CHANGED)
    return found
