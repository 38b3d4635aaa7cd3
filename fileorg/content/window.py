"""A bounded look into one file: readers see no more than a budget of it, wherever they look."""

from collections.abc import Callable
from typing import Final

HEAD: Final = 8 << 10
"""What is read at least. Most kinds and dates are decided by this much of a file's beginning."""

AHEAD: Final = 4 << 10
"""What is read at least elsewhere: what a disk reads anyway."""

BUDGET: Final = 4 << 20
"""How many bytes may be read of one file."""

STEPS: Final = 10_000
"""How many looks one file may cost, also where no byte is read for them."""


class BudgetError(Exception):
    """A reader wants more than it may have, or than there is: its file does not say."""


class Window:
    """A file of *size* bytes behind `read(start, length)`, which may answer less at its end only.

    What is read is kept until something else is read, the beginning for good.
    """

    __slots__ = ("_block", "_budget", "_head", "_read", "_start", "_steps", "size")

    def __init__(
        self, read: Callable[[int, int], bytes], size: int, budget: int = BUDGET, steps: int = STEPS
    ) -> None:
        self.size: Final = size
        self._read: Final = read
        self._budget = budget
        self._steps = steps
        self._head: bytes | None = None
        self._start = 0
        self._block = b""

    def head(self) -> bytes:
        """Return the first bytes: `HEAD` of them, or the whole of a smaller file."""
        if self._head is None:
            self._head = self._fetch(0, min(HEAD, self.size))
        return self._head

    def at(self, start: int, length: int) -> bytes:
        """Return *length* bytes from *start* on, fewer at the end; `BudgetError`."""
        self._steps -= 1
        if self._steps < 0 or start < 0 or length < 0:
            raise BudgetError
        end = start + length
        if end <= HEAD:
            return self.head()[start:end]
        begin = self._start
        if start < begin or end > begin + len(self._block):
            if start >= self.size or not length:
                return b""
            self._block = self._fetch(start, min(max(length, AHEAD), self.size - start))
            self._start = begin = start
        return self._block[start - begin : end - begin]

    def exactly(self, start: int, length: int) -> bytes:
        """Return *length* bytes from *start* on; `BudgetError` also where the file ends before."""
        found = self.at(start, length)
        if len(found) != length:
            raise BudgetError
        return found

    def tail(self, length: int) -> bytes:
        """Return the last bytes of the file."""
        return self.at(max(0, self.size - length), length)

    def _fetch(self, start: int, length: int) -> bytes:
        self._budget -= length
        if self._budget < 0:
            raise BudgetError
        return self._read(start, length)
