"""How far a phase is, how fast it has been lately, and how long the rest may take (pure)."""

from collections import deque

from fileorg.events import PhaseStarted, Progressed
from fileorg.report.words import size

_SECOND_NS = 10**9
_WINDOW_NS = 20 * _SECOND_NS
_APART_NS = _SECOND_NS // 2
_LABELS = {
    "plan": "Looking",
    "execute": "Moving",
    "sync": "Making it durable",
    "settle": "Settling an interrupted run",
    "scan": "Looking",
    "compare": "Comparing",
}


class Meter:
    """Follows one phase; what takes its time is bytes where it has some, else steps.

    Moments are nanoseconds of a clock that only goes forward.
    """

    def __init__(self, phase: PhaseStarted, now_ns: int) -> None:
        self.label = _LABELS[phase.phase]
        self._phase = phase
        self._done = Progressed(phase.phase, 0)
        self._now_ns = now_ns
        self._earlier = deque([(now_ns, 0)])

    def take(self, event: Progressed, now_ns: int) -> None:
        """Take how far it is now."""
        self._done, self._now_ns = event, now_ns
        if now_ns - self._earlier[-1][0] >= _APART_NS:
            self._earlier.append((now_ns, self._amount))
        while len(self._earlier) > 1 and self._earlier[1][0] <= now_ns - _WINDOW_NS:
            self._earlier.popleft()

    @property
    def share(self) -> float | None:
        """How much of the whole is done, from 0 to 1; None where the whole is not known."""
        return min(self._amount / self._total, 1) if self._total else None

    def words(self) -> str:
        """Return what is done of what, the rate of the last seconds, and the time left by it."""
        phase, done = self._phase, self._done
        in_bytes = phase.unit == "bytes"
        parts = [_of(done.done, phase.total, in_bytes=in_bytes)]
        if phase.bytes:
            parts.append(_of(done.bytes, phase.bytes, in_bytes=True))
        if rate := self._rate():
            parts.append((size(int(rate)) if in_bytes or phase.bytes else f"{rate:,.0f}") + "/s")
            if self._amount < self._total:
                parts.append(f"{_rough((self._total - self._amount) / rate)} left")
        return ", ".join(parts)

    @property
    def _amount(self) -> int:
        return self._done.bytes if self._phase.bytes else self._done.done

    @property
    def _total(self) -> int:
        return self._phase.bytes or self._phase.total

    def _rate(self) -> float:
        """Return the amount a second, 0 while that would be a guess."""
        then_ns, before = self._earlier[0]
        passed_ns = self._now_ns - then_ns
        return (self._amount - before) * _SECOND_NS / passed_ns if passed_ns >= _SECOND_NS else 0


def _of(done: int, total: int, *, in_bytes: bool) -> str:
    def words(number: int) -> str:
        return size(number) if in_bytes else f"{number:,}"

    return f"{words(min(done, total))} of {words(total)}" if total else words(done)


def _rough(seconds: float) -> str:
    """Return a time as no more than is known of it: `40 s`, `12 min`, `3 h 5 min`."""
    whole = max(round(seconds), 1)
    if whole < 100:  # noqa: PLR2004
        return f"{whole} s"
    hours, minutes = divmod(round(whole / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
