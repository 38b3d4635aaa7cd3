"""How many requests go out at once: all that may, and half as many where a server says SlowDown."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class Pace:
    """Lets at most *most* requests go out at once, fewer after each `slow`, more after success."""

    def __init__(self, most: int) -> None:
        self.limit = self._most = most
        self._running = self._good = self._halvings = 0
        self._free = Condition()

    @contextmanager
    def turn(self) -> Iterator[int]:
        """Wait for a turn; the number tells `slow` what the pace was when it began."""
        with self._free:
            while self._running >= self.limit:
                self._free.wait()
            self._running += 1
            since = self._halvings
        try:
            yield since
        finally:
            with self._free:
                self._running -= 1
                self._free.notify()

    def slow(self, since: int) -> None:
        """Halve the pace, once for all the requests that went out at the same."""
        with self._free:
            if since == self._halvings:
                self._halvings += 1
                self.limit = max(1, self.limit // 2)
                self._good = 0

    def good(self) -> None:
        """Note a success: as many of them as there are turns earn one turn more."""
        if self.limit == self._most:
            return
        with self._free:
            self._good += 1
            if self._good >= self.limit:
                self.limit, self._good = min(self._most, self.limit + 1), 0
                self._free.notify()
