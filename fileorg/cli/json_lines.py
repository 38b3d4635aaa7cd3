"""`--output jsonl`: each event as a line, for a program that may read it slowly, or not at all."""

import time
from collections.abc import Callable

import msgspec

from fileorg.cli import stream
from fileorg.cli.render import as_json
from fileorg.cli.ticks import TENTH_NS, Clock, Ticks
from fileorg.errors import FileorgError
from fileorg.events import Event, Mismatched, Noted, PhaseStarted, Progressed, RunStarted
from fileorg.model.entry import Skip
from fileorg.model.evidence import Facts, evidence_wire
from fileorg.model.location import Location, join
from fileorg.model.outcome import Outcome, Status
from fileorg.model.plan import Action, Joint, steps_in
from fileorg.model.reason import Reason, is_failure


class JsonLines:
    """Writes what happens to *put*; progress only while *is_behind* says that it is read."""

    def __init__(
        self,
        put: Callable[[str], object],
        is_behind: Callable[[], bool],
        clock: Clock = time.monotonic_ns,
    ) -> None:
        self._put = put
        self._is_behind = is_behind
        self._roots: tuple[bytes, ...] = ()
        self._ticks = Ticks(TENTH_NS, clock, at_once=True)
        self._facts: Facts | None = None

    def tell(self, event: Event) -> None:
        """Take one event."""
        match event:
            case Progressed(phase=phase, done=done, bytes=carried):
                if not self._is_behind() and self._ticks.is_due():
                    self._write(stream.Progress(phase=phase, done=done, bytes=carried))
            case PhaseStarted(phase=phase, total=total, unit=unit, bytes=to_carry):
                self._write(
                    stream.PhaseStarted(phase=phase, total=total, unit=unit, bytes=to_carry)
                )
            case RunStarted(run=run, kind=kind, roots=roots, dry_run=dry_run, parent=parent):
                self._roots = roots
                places = tuple(map(stream.place, roots))
                self._write(
                    stream.RunStarted(
                        run=run, kind=kind, roots=places, dry_run=dry_run, parent=parent
                    )
                )
            case Mismatched(path=path, mime=mime, category=category):
                source = stream.place(path)
                self._write(stream.Mismatched(source=source, mime=mime, category=category))
            case Noted(message=message):
                self._write(stream.Warned(message=message))

    def planned(self, item: Action | Facts | Joint | Skip) -> None:
        """Take one item of a plan; facts are told with the action that follows."""
        if isinstance(item, Facts):
            self._facts = item
            return
        if isinstance(item, Skip):
            event = stream.ActionFailed if is_failure(item.reason) else stream.ActionSkipped
            source = self._place(item.location)
            self._write(event(source=source, reason=item.reason, detail=item.detail))
            return
        main, *companions = steps_in(item)
        self._would(main, msgspec.UNSET)
        for action in companions:
            self._would(action, self._place(main.source))

    def happened(self, action: Action, outcome: Outcome | None) -> None:
        """Take how one action ended; what is put off until later has not ended."""
        name, source, target = (
            action.kind.name.lower(),
            self._place(action.source),
            self._target(action),
        )
        reason = outcome.reason if outcome is not None else None
        if outcome is None or outcome.status is Status.DONE:
            self._write(
                stream.ActionDone(
                    action=name, source=source, target=target, size=action.fingerprint.size,
                    category=action.category, reason=msgspec.UNSET if reason is None else reason,
                )
            )  # fmt: skip
            return
        event = stream.ActionSkipped if outcome.status is Status.SKIPPED else stream.ActionFailed
        self._write(
            event(
                action=name, source=source, target=target,
                reason=reason or Reason.IO_ERROR, detail=outcome.detail,
            )
        )  # fmt: skip

    def _would(self, action: Action, main: stream.Place | msgspec.UnsetType) -> None:
        facts, self._facts = self._facts, None
        self._write(
            stream.ActionPlanned(
                action=action.kind.name.lower(),
                source=self._place(action.source),
                target=self._target(action),
                size=action.fingerprint.size,
                category=action.category,
                evidence=msgspec.UNSET if facts is None else evidence_wire(facts),
                main=main,
            )
        )

    def ended_by(self, error: FileorgError) -> None:
        """Tell that an error has ended the run."""
        self._write(stream.RunFinished(exit_code=error.exit_code, error=str(error)))

    def _write(self, event: stream.Event) -> None:
        self._put(as_json(event))

    def _place(self, location: Location) -> stream.Place:
        root = self._roots[location.root]
        return stream.place(join(root, location.path) if location.path else root)

    def _target(self, action: Action) -> stream.Place | msgspec.UnsetType:
        same = action.target == action.source
        return msgspec.UNSET if same else self._place(action.target)
