"""What a search finds out, on its way into the cache: written beside it, about once a minute."""

import time
from array import array
from collections.abc import Iterator, Sequence

from fileorg.dedupe.cache import Digests, Known, NoDigests
from fileorg.dedupe.catalog import Catalog
from fileorg.errors import StorageUnavailableError
from fileorg.workers import Beside, can_fork

_SECONDS = 60
_FORK_FROM = 2000
_NONE: dict[int, bytes] = {}


class Memory:
    """Takes in what is learned about files of a catalog; *devices* are those of the roots."""

    def __init__(
        self, digests: Digests, catalog: Catalog, devices: Sequence[int], tail_from: int
    ) -> None:
        self._digests = digests
        self._catalog = catalog
        self._devices = devices
        self._tail_from = tail_from
        self._marked = array("L")
        self._learned: dict[int, dict[int, bytes]] = {}
        self._writing: Beside | None = None
        self._saved = time.monotonic()

    def marked(self, numbers: Sequence[int]) -> None:
        """Take in that files were read and have a mark now."""
        self._marked.extend(numbers)
        self._save_in_time()

    def learned(self, digests: dict[int, dict[int, bytes]]) -> None:
        """Take in digests of files, each by the length of the beginning it is of."""
        self._learned |= digests
        self._save_in_time()

    def save(self) -> None:
        """Begin to write what was learned; another process does it where it takes a while."""
        self.wait()
        count = len(self._marked) + len(self._learned)
        if count and not isinstance(self._digests, NoDigests):
            if count >= _FORK_FROM and can_fork():
                self._writing = Beside(self._write)
            else:
                self._write()
        self._marked, self._learned = array("L"), {}
        self._saved = time.monotonic()

    def wait(self) -> None:
        """Return when nothing is being written; what can't be written is not remembered."""
        if self._writing is not None:
            writing, self._writing = self._writing, None
            try:
                writing.wait()
            except StorageUnavailableError:
                return

    def _save_in_time(self) -> None:
        if time.monotonic() - self._saved > _SECONDS:
            self.save()

    def _write(self) -> None:
        also = set(self._learned).difference(self._marked)
        numbers = sorted((*self._marked, *also), key=self._catalog.inode)
        if len(set(self._devices)) == 1:
            self._digests.keep(self._devices[0], self._known(numbers))
            return
        devices: dict[int, list[int]] = {}
        for number in numbers:
            device = self._devices[self._catalog.entry(number).location.root]
            devices.setdefault(device, []).append(number)
        for device, held in devices.items():
            self._digests.keep(device, self._known(held))

    def _known(self, numbers: list[int]) -> Iterator[Known]:
        catalog = self._catalog
        for number in numbers:
            size = catalog.size(number)
            yield Known(
                catalog.inode(number), size, catalog.mtime_ns(number), catalog.mark(number),
                size >= self._tail_from, self._learned.get(number, _NONE),
            )  # fmt: skip
