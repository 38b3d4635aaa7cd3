"""What the verbs take: paths in any form, a state folder, and a callback for what happens."""

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from fileorg.events import Event, EventSink, Happened, Planned
from fileorg.model.entry import Skip
from fileorg.model.evidence import Facts
from fileorg.model.outcome import Outcome
from fileorg.model.plan import Action, Joint
from fileorg.pipeline.state import State, state_folder
from fileorg.storage.remote import absolute

AnyPath = str | bytes | os.PathLike[str] | os.PathLike[bytes]
OnEvent = Callable[[Event], object]
_Given = TypeVar("_Given", bound=AnyPath)


class _Callback:
    """Passes on everything as events; asks for each action only where somebody listens."""

    wants_actions = True

    def __init__(self, on_event: OnEvent) -> None:
        self.tell: Callable[[Event], Any] = on_event

    def planned(self, item: Action | Facts | Joint | Skip) -> None:
        self.tell(Planned(item))

    def happened(self, action: Action, outcome: Outcome | None) -> None:
        self.tell(Happened(action, outcome))


def sink_of(on_event: OnEvent | None) -> EventSink:
    """Return what tells a callback, if there is one."""
    from fileorg.events import Silent

    return Silent() if on_event is None else _Callback(on_event)


def several(one_or_more: _Given | Iterable[_Given]) -> tuple[_Given, ...]:
    """Return what is given as a tuple; a text alone is one, and not its letters."""
    if isinstance(one_or_more, str | bytes | os.PathLike):
        return (one_or_more,)
    return tuple(one_or_more)


def located(path: AnyPath) -> bytes:
    """Return a path as absolute bytes."""
    return absolute(os.fsencode(path))


def located_if(path: AnyPath | None) -> bytes | None:
    """Return a path as absolute bytes, if there is one."""
    return None if path is None else located(path)


def state_of(explicit: AnyPath | None) -> State:
    """Return the state folder: the one that is given, else the user's."""
    if explicit is not None:
        return State(Path(os.fsdecode(located(explicit))))
    return state_folder(None, os.environ)


def command() -> tuple[str, ...]:
    """Return what the journal names as the command: the program that called."""
    return ("import fileorg", os.path.basename(sys.argv[0]))
