"""Many requests at once: threads, because nearly all of their time is waiting for a server."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

from fileorg.errors import StorageError

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
_AHEAD = 4


class Crew:
    """So many threads, begun when they are needed; a forked process begins its own."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._pool: ThreadPoolExecutor | None = None
        self._process = os.getpid()

    def each(
        self, work: Callable[[_Item], _Result], items: Iterable[_Item]
    ) -> Iterator[_Result | StorageError]:
        """Do some work for each item; yield in their order what it returns or raises of one.

        What ends all of it is raised once nothing is under way any more.
        """

        def attempt(item: _Item) -> _Result | StorageError:
            try:
                return work(item)
            except StorageError as error:
                return error

        pool = self._begun()
        under_way: deque[Future[_Result | StorageError]] = deque()
        try:
            for item in items:
                under_way.append(pool.submit(attempt, item))
                if len(under_way) >= _AHEAD * self._size:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            for future in under_way:
                future.cancel()
            wait(under_way)

    def close(self) -> None:
        """End the threads after what they are doing."""
        if self._pool is not None and self._process == os.getpid():
            self._pool.shutdown()
        self._pool = None

    def _begun(self) -> ThreadPoolExecutor:
        if self._process != os.getpid():  # the threads stayed in the process that forked
            self._pool, self._process = None, os.getpid()
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._size, "s3")
        return self._pool
