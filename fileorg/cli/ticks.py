"""Not more often than: for what is drawn, written or sent while a run works."""

import time
from collections.abc import Callable

TENTH_NS = 100_000_000

Clock = Callable[[], int]
"""Nanoseconds that only go forward."""


class Ticks:
    """Comes due once in *every_ns*; the first time *at_once*, else that long after it was made."""

    def __init__(
        self, every_ns: int, clock: Clock = time.monotonic_ns, *, at_once: bool = False
    ) -> None:
        self._every_ns = every_ns
        self._clock = clock
        self._next_ns = clock() + (0 if at_once else every_ns)

    def is_due(self) -> bool:
        """Whether it is time; then it is not again for so long."""
        now_ns = self._clock()
        if now_ns < self._next_ns:
            return False
        self._next_ns = now_ns + self._every_ns
        return True
