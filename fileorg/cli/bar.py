"""The progress bar on a terminal (the place of Rich while a run works)."""

from typing import TYPE_CHECKING, Any

from fileorg.cli.meter import Meter
from fileorg.cli.ticks import TENTH_NS, Clock, Ticks
from fileorg.events import Event, Noted, PhaseStarted, Progressed

if TYPE_CHECKING:
    from rich.progress import Progress


class Bar:
    """A Rich progress bar on stderr, drawn at most ten times a second.

    Only when told: a thread would slow renames down. The first tenth shows nothing, because the
    whole job may be over before anybody has read it.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ticks = Ticks(TENTH_NS, clock)
        self._meter = Meter(PhaseStarted("plan"), clock())
        self._progress: Progress | None = None

    def tell(self, event: Event) -> None:
        """Take one event, and draw if it is time; a new phase takes the place of a bar at once."""
        if isinstance(event, PhaseStarted):
            was_shown = self._progress is not None
            self.close()
            self._meter = Meter(event, self._clock())
            if was_shown or self._ticks.is_due():
                self._draw()
        elif isinstance(event, Progressed):
            self._meter.take(event, self._clock())
            if self._ticks.is_due():
                self._draw()
        elif isinstance(event, Noted):  # a line of its own, which comes in the bar's place
            self.close()

    def close(self) -> None:
        """Wipe the bar off the screen."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def _draw(self) -> None:
        share = self._meter.share
        if self._progress is None:
            self._progress = _begun(self._meter.label, with_bar=share is not None)
        for task in self._progress.task_ids:
            self._progress.update(task, completed=share or 0, words=self._meter.words())
        self._progress.refresh()


def _begun(label: str, *, with_bar: bool) -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns: list[Any] = [TextColumn("{task.description}", markup=False)]
    if with_bar:
        columns.append(BarColumn())
    progress = Progress(
        *columns,
        TextColumn("{task.fields[words]}", markup=False),
        console=Console(stderr=True),
        auto_refresh=False,
        transient=True,
        redirect_stdout=False,  # it may lead to a file
    )
    progress.add_task(label, total=1, words="")
    progress.start()
    return progress
