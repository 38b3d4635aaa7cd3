"""The progress bar on a terminal (the place of Rich while a run works)."""

import time
from typing import TYPE_CHECKING, Any

from fileorg.events import Event, PhaseStarted, Progressed

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_SHORT_NS = 100_000_000
_PHASES = {
    "plan": "Looking",
    "execute": "Moving",
    "sync": "Making it durable",
    "settle": "Settling an interrupted run",
    "scan": "Looking",
    "compare": "Comparing",
}


class Bar:
    """A Rich progress bar on stderr, redrawn only when told: a thread would slow renames down."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._phase = PhaseStarted("plan")
        self._from_ns = time.monotonic_ns() + _SHORT_NS

    def tell(self, event: Event) -> None:
        """Draw, unless the whole job may be over before anybody has read it."""
        if isinstance(event, PhaseStarted):
            self.close()
            self._phase = event
        if time.monotonic_ns() < self._from_ns:
            return
        if isinstance(event, PhaseStarted | Progressed) and self._progress is None:
            self._begin(self._phase)
        if isinstance(event, Progressed) and self._progress is not None and self._task is not None:
            self._progress.update(self._task, completed=event.done)
            self._progress.refresh()

    def close(self) -> None:
        """Wipe the bar off the screen."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def _begin(self, event: PhaseStarted) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            DownloadColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
            TransferSpeedColumn,
        )

        columns: list[Any] = [TextColumn("{task.description}")]
        if event.unit == "bytes":
            columns += [BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn()]
        elif event.total:
            columns += [BarColumn(), MofNCompleteColumn(), _rate(), TimeRemainingColumn()]
        else:
            columns += [TextColumn("{task.completed:,}"), _rate()]
        self._progress = Progress(
            *columns,
            console=Console(stderr=True),
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,  # it may lead to a file
        )
        self._task = self._progress.add_task(
            _PHASES.get(event.phase, event.phase), total=event.total or None
        )
        self._progress.start()


def _rate() -> Any:
    from rich.progress import ProgressColumn, Task
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:,.0f}/s" if task.speed else "")

    return Rate()
