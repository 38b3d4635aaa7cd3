"""Small files told apart by their very bytes, each read once, and whole."""

from collections.abc import Iterable, Iterator

from fileorg.content import digest
from fileorg.dedupe.catalog import MARK, Catalog
from fileorg.errors import StorageError
from fileorg.model.reason import Reason
from fileorg.storage.base import ReadableStorage


class Contents:
    """Small files of a catalog by what they hold; of what many hold, one copy is in memory.

    *read* has the numbers of the files that were, *marks* their digests, *lost* the others.
    """

    def __init__(self, storage: ReadableStorage, catalog: Catalog) -> None:
        self._storage = storage
        self._catalog = catalog
        self._held: dict[bytes, tuple[bytes, list[int]]] = {}
        self.read: list[int] = []
        self.marks: list[bytes] = []
        self.lost: list[tuple[int, Reason, str]] = []

    def __contains__(self, mark: bytes) -> bool:
        """Whether something was read that has this digest."""
        return mark in self._held

    def add(self, numbers: Iterable[int]) -> int:
        """Read some files, and return how many bytes that were."""
        ordered = sorted(numbers)  # neighbours follow one another
        sizes = list(map(self._catalog.size, ordered))
        # a byte more than there is, so that a file that has grown is noticed
        wanted = zip(map(self._catalog.location, ordered), (s + 1 for s in sizes), strict=True)
        found = self._storage.read_each(wanted)
        for number, size, content in zip(ordered, sizes, found, strict=True):
            if isinstance(content, StorageError):
                self.lost.append((number, content.reason, str(content)))
            elif len(content) != size:
                self.lost.append((number, Reason.CHANGED, ""))
            else:
                self._take(number, content)
        return sum(sizes)

    def groups(self) -> Iterator[tuple[bytes, list[int]]]:
        """Yield the files of which two or more hold the same, with its digest."""
        for key, (_, numbers) in self._held.items():
            if len(numbers) > 1:
                yield key[:MARK], numbers

    def _take(self, number: int, content: bytes) -> None:
        key = digest.digest(content)
        self.read.append(number)
        self.marks.append(key)
        while (like := self._held.get(key)) is not None:
            if like[0] == content:
                like[1].append(number)
                return
            key += b"\0"  # nearly never: a collision
        self._held[key] = content, [number]
