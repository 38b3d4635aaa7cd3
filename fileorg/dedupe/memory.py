"""What searches find out: recalled before reading, and written beside it, about once a minute."""

import time
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from fileorg.dedupe.cache import Digests, Known, NoDigests
from fileorg.dedupe.catalog import Catalog, Marked, parted
from fileorg.workers import Beside, can_fork

_SECONDS = 60
_FORK_FROM = 2000
_NONE: dict[int, bytes] = {}


class Memory:
    """Knows files of a catalog again, and takes in what is learned about them.

    *devices* are those of the roots. A mark is of both ends of a file from *tail_from* bytes on.
    """

    def __init__(
        self, digests: Digests, catalog: Catalog, devices: Sequence[int], tail_from: int
    ) -> None:
        self._digests = digests
        self._catalog = catalog
        self._devices = devices
        self._tail_from = tail_from
        self._numbers = array("I")
        self._learned: dict[int, dict[int, bytes]] = {}
        self._saved = time.monotonic()
        self.is_kept = not isinstance(digests, NoDigests)

    def recall(self, numbers: Sequence[int]) -> None:
        """Give those of a few thousand files their marks that have one from an earlier search."""
        for device, held in self._by_device(numbers):
            if not self._digests.knows(device):
                continue
            asked = list(held)
            found = self._digests.look_up(device, map(self._catalog.key, asked))
            marks = {
                number: known.mark
                for number, known in zip(asked, found, strict=True)
                if known is not None and known.tail is (known.size >= self._tail_from)
            }
            self._catalog.set_marks(list(marks), b"".join(marks.values()), Marked.CACHED)

    def digests(self, numbers: Sequence[int]) -> list[dict[int, bytes]]:
        """Return the digests that are known of some files, in their order."""
        found: list[Known | None] = []
        for device, held in groupby(numbers, key=self._device):
            found += self._digests.look_up(device, map(self._catalog.key, held))
        return [_NONE if known is None else known.digests for known in found]

    def marked(self, numbers: Iterable[int]) -> None:
        """Take in that files were read and have a mark now."""
        if self.is_kept:
            self._numbers.extend(numbers)
            self._save_in_time()

    def learned(self, digests: dict[int, dict[int, bytes]]) -> None:
        """Take in digests of files, each by the length of the beginning it is of."""
        if self.is_kept:
            self._learned |= digests
            self._save_in_time()

    def save(self) -> None:
        """Begin to write what was learned; another process does it where it takes a while."""
        if len(self._numbers) + len(self._learned) >= _FORK_FROM and can_fork():
            Beside.begin(self._write)
        else:
            Beside.finish()  # which may have the file
            self._write()
        self._numbers, self._learned = array("I"), {}
        self._saved = time.monotonic()

    def _save_in_time(self) -> None:
        if time.monotonic() - self._saved > _SECONDS:
            self.save()

    def _write(self) -> None:
        numbers = self._numbers + array("I", self._learned)
        for device, held in self._by_device(numbers):
            for part in parted(held, self._catalog.inode):
                self._digests.keep(device, map(self._found_out, part))

    def _found_out(self, number: int) -> Known:
        inode, size, mtime_ns = self._catalog.key(number)
        digests = self._learned.get(number, _NONE)
        mark = self._catalog.mark(number)
        return Known(inode, size, mtime_ns, mark, size >= self._tail_from, digests)

    def _by_device(self, numbers: Sequence[int]) -> Iterator[tuple[int, Iterable[int]]]:
        devices = set(self._devices)
        if len(devices) == 1:
            yield devices.pop(), numbers
        for device in devices:
            yield device, [number for number in numbers if self._device(number) == device]

    def _device(self, number: int) -> int:
        return self._devices[self._catalog.root(number)]
