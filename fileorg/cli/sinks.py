"""Who listens while a run works: a bar, signs of life, plain lines, JSON lines, a log file."""

import os
import sys
import time
from collections.abc import Callable
from operator import attrgetter
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

import msgspec

from fileorg.cli.options import Output
from fileorg.cli.render import err, no_more_reader, unwritable
from fileorg.cli.ticks import Clock
from fileorg.cli.words import encodable, safe
from fileorg.errors import FileorgError
from fileorg.events import Event, Noted, RunStarted
from fileorg.model.entry import Skip
from fileorg.model.evidence import Facts
from fileorg.model.location import Location, exact, shown
from fileorg.model.outcome import Outcome, Status
from fileorg.model.plan import Action, Joint, steps_in
from fileorg.model.reason import is_failure

if TYPE_CHECKING:
    from fileorg.cli.bar import Bar
    from fileorg.cli.handover import Handover
    from fileorg.cli.heartbeat import Heartbeat
    from fileorg.cli.json_lines import JsonLines
    from fileorg.cli.log_file import LogFile


class Listener:
    """Passes events on as the user asked; a context manager around the run."""

    def __init__(
        self,
        output: Output,
        *,
        quiet: bool = False,
        verbose: bool = False,
        progress: bool = True,
        log_file: str | None = None,
        clock: Clock = time.monotonic_ns,
    ) -> None:
        self._quiet = quiet
        self._verbose = verbose and output is Output.TEXT
        lines = self._verbose or output is Output.JSONL
        self._log = _log(log_file)
        wanted = progress and not quiet
        self._progress = _progress(output, clock, lines=lines) if wanted else None
        self._reader = _reader() if lines else None
        self._json = self._json_lines() if output is Output.JSONL else None
        self.wants_actions = lines or self._log is not None

    def __enter__(self) -> Self:
        """Begin to listen."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Clear the bar, close the log, and hand over what the reader has not taken yet."""
        if self._progress is not None:
            self._progress.close()
        if self._log is not None:
            _close_log(self._log)
        if self._json is not None and isinstance(error, FileorgError):
            self._json.ended_by(error)
        if self._reader is not None:
            _hand_over(self._reader)

    def tell(self, event: Event) -> None:
        """Take one event."""
        if self._json is not None:
            self._json.tell(event)
        if self._progress is not None:
            self._progress.tell(event)
        if self._log is not None and isinstance(event, RunStarted):
            self._log.begin(event)
        if isinstance(event, Noted) and not self._quiet:
            err(f"fileorg: {safe(event.message)}")

    def planned(self, item: Action | Facts | Joint | Skip) -> None:
        """Take one item of a plan: what a preview would do, or what is left alone."""
        if self._json is not None:
            self._json.planned(item)
        if isinstance(item, Facts):
            return
        if isinstance(item, Skip):
            what = "failed" if is_failure(item.reason) else "left_alone"
            self._line(what, item.location, None, item.why)
            return
        main, *companions = steps_in(item)
        self._line(_would(main), main.source, main.target)
        for action in companions:
            self._line(_would(action), action.source, action.target, main=main.source)

    def happened(self, action: Action, outcome: Outcome | None) -> None:
        """Take how one action ended."""
        if self._json is not None:
            self._json.happened(action, outcome)
        status = Status.DONE if outcome is None else outcome.status
        suffix = "" if status is Status.DONE else f"_{status.name.lower()}"
        reason = "" if outcome is None or outcome.reason is None else outcome.reason.value
        self._line(action.kind.name.lower() + suffix, action.source, action.target, reason)

    def _line(
        self,
        what: str,
        source: Location,
        target: Location | None,
        reason: str = "",
        main: Location | None = None,
    ) -> None:
        def said(path_of: Callable[[Location], bytes]) -> str:
            moves = target is not None and target != source
            arrow = f" -> {safe(shown(path_of(target)))}" if target and moves else ""
            why = f" ({reason})" if reason else ""
            together = "" if main is None else f" (with {safe(shown(path_of(main)))})"
            return f"{what}: {safe(shown(path_of(source)))}{arrow}{why}{together}"

        if self._verbose:
            self._put(said(attrgetter("path")))
        if self._log is not None:
            self._log.write(said(self._log.path_of))

    def _json_lines(self) -> "JsonLines":
        from fileorg.cli.json_lines import JsonLines

        return JsonLines(self._put, lambda: self._reader is not None and self._reader.is_behind)

    def _put(self, line: str) -> None:
        if self._reader is not None:
            encoding = sys.stdout.encoding
            self._reader.put(encodable(line + "\n", encoding).encode(encoding))


def _would(action: Action) -> str:
    return "would_" + action.kind.name.lower()


def _reader() -> "Handover | None":
    """Return what takes lines for stdout; None where that was closed by the caller."""
    if sys.stdout is None:
        return None
    from fileorg.cli.handover import Handover

    sys.stdout.flush()
    return Handover(sys.stdout.fileno())


def _hand_over(reader: "Handover") -> None:
    """Wait for the reader, now that nothing else waits for it."""
    reader.close()
    if reader.lost:
        err(f"fileorg: {reader.lost} lines for stdout found no room, and were dropped")
    if isinstance(reader.error, BrokenPipeError):
        no_more_reader()
    elif reader.error is not None:
        unwritable(reader.error)


def _progress(output: Output, clock: Clock, *, lines: bool) -> "Bar | Heartbeat | None":
    """Return what shows how far it is: a bar, or lines where there is no terminal for one.

    Neither gets between *lines* on the same terminal, and a stream of events has its own.
    """
    if _is_terminal(sys.stderr):
        if lines and _is_terminal(sys.stdout):
            return None
        from fileorg.cli.bar import Bar

        return Bar(clock)
    if output is Output.JSONL:
        return None
    from fileorg.cli.heartbeat import Heartbeat

    return Heartbeat(clock)


def _close_log(log: "LogFile") -> None:
    log.close()
    if log.problem is not None:
        err(f"fileorg: the log file is not whole: {log.problem.strerror}")


def _log(path: str | None) -> "LogFile | None":
    if path is None:
        return None
    from fileorg.cli.log_file import LogFile

    return LogFile(path)


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def wire(path: bytes) -> dict[str, str]:
    """Return a path for a program: text, and base64 where the text alone would not do."""
    fields = {"path": shown(path)}
    if (in_base64 := exact(path)) is not msgspec.UNSET:
        fields["path_b64"] = str(in_base64)
    return fields
