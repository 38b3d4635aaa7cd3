"""What a server was asked so far, by all threads and all forked processes of a run."""

import os
from collections import Counter
from mmap import mmap
from threading import Lock
from typing import Final

import msgspec

from fileorg.model.requests import Requests

BILLED_AS: Final = {
    "ListObjectsV2": "list",
    "HeadObject": "head",
    "GetObject": "get",
    "GetObjectTagging": "get",
    "PutObject": "put",
    "PutObjectTagging": "put",
    "CreateMultipartUpload": "put",
    "UploadPart": "put",
    "CompleteMultipartUpload": "put",
    "CopyObject": "copy",
    "UploadPartCopy": "copy",
    "DeleteObject": "delete",
    "DeleteObjects": "delete",
    "AbortMultipartUpload": "delete",
}
"""The operations that are ever asked for, and what providers bill each as."""

_PLACES: Final = {name: at for at, name in enumerate((*BILLED_AS, "retries", "sent", "received"))}
_WIDTH = len(_PLACES)
_ROWS = 256
"""More processes than a run ever asks from; beyond them they would share the last row."""


class Usage:
    """Counts in memory that forked processes share, where each has a row of its own."""

    def __init__(self) -> None:
        self._cells = memoryview(mmap(-1, 8 * _WIDTH * _ROWS)).cast("Q")
        self._free, numbers = os.pipe()  # a read from a pipe gives each number to one process
        os.write(numbers, bytes(range(_ROWS)))
        os.close(numbers)
        self._lock = Lock()
        self._process = self._row = 0

    def note(self, operation: str, sent: int, received: int) -> None:
        """Count one request, and the bytes of the bodies."""
        with self._lock:
            row = self._mine()
            self._cells[row + _PLACES[operation]] += 1
            self._cells[row + _PLACES["sent"]] += sent
            self._cells[row + _PLACES["received"]] += received

    def note_retry(self) -> None:
        """Count one that is sent again."""
        with self._lock:
            self._cells[self._mine() + _PLACES["retries"]] += 1

    @property
    def requests(self) -> Counter[str]:
        """How many there were, by operation, tries that failed among them."""
        return Counter({name: found for name in BILLED_AS if (found := self._sum(name))})

    @property
    def retries(self) -> int:
        """How many were sent again."""
        return self._sum("retries")

    @property
    def received(self) -> int:
        """How many bytes came."""
        return self._sum("received")

    def billed(self) -> Requests:
        """Return the sums as a provider bills them."""
        sums = Counter({"sent": self._sum("sent"), "received": self.received})
        for operation, kind in BILLED_AS.items():
            sums[kind] += self._sum(operation)
        return msgspec.convert(sums, Requests)

    def close(self) -> None:
        """Let no further process count; the sums stay."""
        if self._free >= 0:
            os.close(self._free)
            self._free = -1

    def _sum(self, name: str) -> int:
        return sum(self._cells[_PLACES[name] :: _WIDTH])

    def _mine(self) -> int:
        """Return where the row of this process begins."""
        if self._process != os.getpid():
            found = os.read(self._free, 1) if self._free >= 0 else b""
            number = found[0] if found else _ROWS - 1
            self._process, self._row = os.getpid(), number * _WIDTH
        return self._row
