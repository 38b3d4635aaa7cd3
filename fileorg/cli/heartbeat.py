"""Signs of life where there is no terminal for a bar: a line now and then while a run is long."""

from fileorg.cli.meter import Meter
from fileorg.cli.render import err
from fileorg.cli.ticks import Clock, Ticks
from fileorg.events import Event, PhaseStarted, Progressed

_EVERY_NS = 10 * 10**9


class Heartbeat:
    """Writes to stderr each ten seconds how far a run is; a short one has no line."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ticks = Ticks(_EVERY_NS, clock)
        self._meter = Meter(PhaseStarted("plan"), clock())

    def tell(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, PhaseStarted):
            self._meter = Meter(event, self._clock())
        elif isinstance(event, Progressed):
            self._meter.take(event, self._clock())
            if self._ticks.is_due():
                err(f"fileorg: {self._meter.label.lower()}: {self._meter.words()}")

    def close(self) -> None:
        """Nothing to end."""
