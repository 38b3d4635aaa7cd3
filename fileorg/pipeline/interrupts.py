"""Ctrl-C and SIGTERM: a wish to stop that is kept until it is safe to grant it."""

import os
import signal
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Any, Self

from fileorg.errors import InterruptedRunError

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """While open, remembers the first signal; the second ends the process at once."""

    def __init__(self) -> None:
        self.signal = 0
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        """Take over the signals, where that is ours to do: in the main thread."""
        with suppress(ValueError):
            for number in _SIGNALS:
                self._before[number] = signal.signal(number, self._remember)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the signals back."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def requested(self) -> bool:
        """Whether somebody asked to stop."""
        return self.signal != 0

    def check(self) -> None:
        """Raise `InterruptedRunError` where nothing has been touched yet."""
        if self.signal:
            raise InterruptedRunError("stopped before anything was moved", signal=self.signal)

    def _remember(self, number: int, _frame: FrameType | None) -> None:
        if self.signal:
            os._exit(128 + number)  # the journal knows what may have happened
        self.signal = number
