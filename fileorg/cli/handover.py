"""Handing lines to a reader without ever waiting for it, until there is nothing left to do.

What a pipe has no room for is kept in memory, and beyond a megabyte in a file that has no name.
"""

import os
import select
import stat
import tempfile
import time
from typing import IO

_LOT = 1 << 20
_SOON_NS = 20_000_000
_PIPE = getattr(select, "PIPE_BUF", 512)
"""A pipe that says it is writable takes that much without blocking."""


class Handover:
    """Lines on their way to a file descriptor; `error` is why it takes no more of them, if so."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        is_file = stat.S_ISREG(os.fstat(descriptor).st_mode)
        self._most = _LOT if is_file else _PIPE
        self._poll = None if is_file or not hasattr(select, "poll") else select.poll()
        if self._poll is not None:
            self._poll.register(descriptor, select.POLLOUT)
        self._front = memoryview(b"")
        self._kept: IO[bytes] | None = None
        self._kept_from = self._kept_to = 0
        self._pending: list[bytes] = []
        self._size = 0
        self._tried_ns = 0
        self.lost = 0
        self.error: OSError | None = None

    @property
    def is_behind(self) -> bool:
        """Whether the reader has not taken all that it could have."""
        return bool(self._front) or self._kept is not None

    def put(self, line: bytes) -> None:
        """Hand over a line, now or as soon as there is room for it."""
        if self.error is not None:
            return
        self._pending.append(line)
        self._size += len(line)
        now = time.monotonic_ns()
        if self._size >= _PIPE or now - self._tried_ns > _SOON_NS:
            self._tried_ns = now
            self._deliver(wait=False)
            if self._size > _LOT:
                self._keep()

    def close(self) -> None:
        """Hand over all that is left, as slowly as it is read."""
        self._deliver(wait=True)
        if self._kept is not None:
            self._kept.close()

    def _deliver(self, *, wait: bool) -> None:
        while self.error is None and self._advance() and self._has_room(wait=wait):
            try:
                self._front = self._front[os.write(self._descriptor, self._front[: self._most]) :]
            except BlockingIOError:
                if not wait:
                    return
            except OSError as error:
                self.error = error

    def _advance(self) -> bool:
        """Bring the next lines to the front; return whether there are any."""
        if not self._front and self._kept is not None:
            # what lies beyond is of lines that found no room to the end
            most = min(_LOT, self._kept_to - self._kept_from)
            block = os.pread(self._kept.fileno(), most, self._kept_from)
            self._kept_from += len(block)
            self._front = memoryview(block)
            if self._kept_from >= self._kept_to:
                self._kept.close()
                self._kept = None
        if not self._front and self._pending:
            self._front = memoryview(b"".join(self._pending))
            self._pending.clear()
            self._size = 0
        return bool(self._front)

    def _has_room(self, *, wait: bool) -> bool:
        return self._poll is None or bool(self._poll.poll(None if wait else 0))

    def _keep(self) -> None:
        """Put what waits in memory into a file; where that can't be, count it as lost."""
        try:
            if self._kept is None:
                self._kept = tempfile.TemporaryFile()  # noqa: SIM115 - open until it is read
                self._kept_from = self._kept_to = 0
            content = b"".join(self._pending)
            at = self._kept_to
            while at < self._kept_to + len(content):
                at += os.pwrite(self._kept.fileno(), content[at - self._kept_to :], at)
            self._kept_to = at
        except OSError:
            self.lost += len(self._pending)
        self._pending.clear()
        self._size = 0
