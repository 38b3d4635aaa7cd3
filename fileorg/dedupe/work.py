"""Requests on their way to whoever does them: this process, or others where that pays."""

from collections import deque
from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar

from fileorg.workers import Crew, ForkedCrew, InlineCrew, can_fork

_SECONDS = 0.1

_Request = TypeVar("_Request")
_Reply = TypeVar("_Reply")


class Work(Generic[_Request, _Reply]):
    """Answers requests in their order; *readers* other processes begin with a heavy one."""

    def __init__(
        self,
        answer: Callable[[_Request], _Reply],
        types: tuple[Any, Any],
        readers: int,
        check: Callable[[], None],
    ) -> None:
        self._answer = answer
        self._types = types
        self._check = check
        self._readers = readers
        self._inline = InlineCrew(answer)
        self._forked: ForkedCrew[_Request, _Reply] | None = None
        self._takers: deque[Callable[[_Reply], None]] = deque()
        self.asked = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        """End the processes; after a failure wherever they are."""
        if self._forked is not None:
            (self._forked.close if failed is None else self._forked.abandon)()

    def submit(self, request: _Request, take: Callable[[_Reply], None], *, heavy: bool) -> None:
        """Begin a request; *take* gets the reply some time later."""
        if heavy and self._forked is None and self._readers > 1 and can_fork():
            self.drain()
            self._forked = ForkedCrew(self._answer, *self._types, self._readers)
        crew: Crew[_Request, _Reply] = self._forked or self._inline
        while len(self._takers) >= crew.capacity:
            self._collect(crew)
        self._check()
        self._takers.append(take)
        self.asked += 1
        crew.submit(request)

    def drain(self, waiting: Callable[[], None] = lambda: None) -> None:
        """Take every reply that is still to come, calling *waiting* a few times a second."""
        while self._takers:
            if self._forked is not None:
                while not self._forked.wait(_SECONDS):
                    self._check()
                    waiting()
            self._collect(self._forked or self._inline)
            waiting()

    def _collect(self, crew: Crew[_Request, _Reply]) -> None:
        reply = crew.collect()
        self._takers.popleft()(reply)
