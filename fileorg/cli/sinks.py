"""Who listens while a run works: a progress bar, plain lines, JSON lines, a log file."""

import os
import sys
import time
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TextIO

import msgspec

from fileorg.cli.options import Output
from fileorg.cli.render import as_json, err, out
from fileorg.cli.words import safe
from fileorg.errors import StorageUnavailableError
from fileorg.events import Event, Noted, PhaseStarted, Progressed
from fileorg.model.entry import Skip
from fileorg.model.evidence import Facts, evidence_wire
from fileorg.model.location import Location, exact, shown
from fileorg.model.outcome import Outcome, Status
from fileorg.model.plan import Action, Joint

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_TENTH_NS = 100_000_000
_PHASES = {
    "plan": "Looking",
    "execute": "Moving",
    "sync": "Making it durable",
    "settle": "Settling an interrupted run",
    "scan": "Looking",
    "compare": "Comparing",
}


class Listener:
    """Passes events on as the user asked; a context manager."""

    def __init__(
        self,
        output: Output,
        *,
        quiet: bool = False,
        verbose: bool = False,
        progress: bool = True,
        log_file: str | None = None,
    ) -> None:
        self._jsonl = output is Output.JSONL
        self._quiet = quiet
        self._verbose = verbose and output is Output.TEXT
        self._log = _open_log(log_file) if log_file else None
        self.wants_actions = self._jsonl or self._verbose or self._log is not None
        lines = (self._verbose or self._jsonl) and _is_terminal(sys.stdout)
        wanted = progress and not quiet and not lines and _is_terminal(sys.stderr)
        self._bar = _Bar() if wanted else None
        self._last_ns = 0
        self._facts: Facts | None = None

    def __enter__(self) -> Self:
        """Begin to listen."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Clear the bar and close the log."""
        if self._bar is not None:
            self._bar.close()
        if self._log is not None:
            self._log.close()

    def tell(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, Progressed):
            now = time.monotonic_ns()
            if now - self._last_ns < _TENTH_NS:
                return
            self._last_ns = now
        if self._jsonl:
            out(as_json(event))
        if self._bar is not None:
            self._bar.tell(event)
        if isinstance(event, Noted) and not self._quiet:
            err(f"fileorg: {safe(event.message)}")

    def planned(self, item: Action | Facts | Joint | Skip) -> None:
        """Take one item of a preview; facts are told with the action that follows."""
        if isinstance(item, Facts):
            self._facts = item
            return
        if isinstance(item, Skip):
            self._line("left_alone", item.location, None, item.reason.value)
            return
        steps = item.actions if isinstance(item, Joint) else (item,)
        for action in steps:
            facts, self._facts = self._facts, None
            main = steps[0].source if action is not steps[0] else None
            word = "would_" + action.kind.name.lower()
            self._line(word, action.source, action.target, "", main, facts)

    def happened(self, action: Action, outcome: Outcome | None) -> None:
        """Take how one action ended."""
        status = Status.DONE if outcome is None else outcome.status
        reason = outcome.reason.value if outcome is not None and outcome.reason else ""
        suffix = "" if status is Status.DONE else f"_{status.name.lower()}"
        word = action.kind.name.lower() + suffix
        self._line(word, action.source, action.target, reason)

    def _line(
        self,
        what: str,
        source: Location,
        target: Location | None,
        reason: str,
        main: Location | None = None,
        facts: Facts | None = None,
    ) -> None:
        if self._jsonl:
            record: dict[str, Any] = {"event": "action", "what": what, "source": wire(source.path)}
            if target is not None:
                record["target"] = wire(target.path)
            if main is not None:
                record["with"] = wire(main.path)
            if reason:
                record["reason"] = reason
            if facts is not None:
                record["evidence"] = evidence_wire(facts)
            out(as_json(record))
        if self._verbose or self._log is not None:
            moves = target is not None and target != source
            arrow = f" -> {safe(shown(target.path))}" if target and moves else ""
            line = f"{what}: {safe(shown(source.path))}{arrow}" + (f" ({reason})" if reason else "")
            line += f" (with {safe(shown(main.path))})" if main is not None else ""
            if self._verbose:
                out(line)
            if self._log is not None:
                with suppress(OSError):  # a log that fails must not stop a run
                    self._log.write(line + "\n")


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def wire(path: bytes) -> dict[str, str]:
    """Return a path for a program: text, and base64 where the text alone would not do."""
    fields = {"path": shown(path)}
    if (in_base64 := exact(path)) is not msgspec.UNSET:
        fields["path_b64"] = str(in_base64)
    return fields


class _Bar:
    """A Rich progress bar on stderr, redrawn only when told: a thread would slow renames down."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._phase = PhaseStarted("plan")
        self._from_ns = time.monotonic_ns() + _TENTH_NS

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


def _open_log(path: str) -> Any:
    try:
        return open(path, "a", encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise StorageUnavailableError(
            f"{path}: the log file can't be written: {error.strerror}", "choose another --log-file"
        ) from error
