"""What is told while a run works, and the sink it is told to."""

from typing import Protocol

import msgspec

from fileorg.model.entry import Skip
from fileorg.model.evidence import Facts
from fileorg.model.outcome import Outcome
from fileorg.model.plan import Action, Joint


class Event(msgspec.Struct, frozen=True, tag_field="event", tag=str.lower):
    """One thing that happened."""


class RunStarted(Event, frozen=True):
    """A run begins: its id, kind and roots."""

    run: str
    kind: str
    roots: tuple[str, ...]


class PhaseStarted(Event, frozen=True):
    """A phase begins: `plan`, `execute`, `sync`, `settle`, `scan`, `compare`.

    *total* is how many steps it has, or bytes, where that is known.
    """

    phase: str
    total: int = 0
    unit: str = "steps"


class Progressed(Event, frozen=True):
    """*done* of the phase's steps so far; at most ten a second are told."""

    phase: str
    done: int


class Noted(Event, frozen=True):
    """A line that the user should read."""

    message: str


class Mismatched(Event, frozen=True):
    """The content of a file is surely something else than its name says."""

    path: str
    mime: str
    category: str
    path_b64: str | msgspec.UnsetType = msgspec.UNSET


class EventSink(Protocol):
    """Whoever is told."""

    def tell(self, event: Event) -> None:
        """Take one event."""

    def planned(self, item: Action | Facts | Joint | Skip) -> None:
        """Take one item of the plan, facts before their action; only asked for in a preview."""

    def happened(self, action: Action, outcome: Outcome | None) -> None:
        """Take how one action ended; None is a plain success. Only asked for where wanted."""

    wants_actions: bool


class Silent:
    """A sink that drops everything."""

    wants_actions = False

    def tell(self, event: Event) -> None:
        """Drop it."""

    def planned(self, item: Action | Facts | Joint | Skip) -> None:
        """Drop it."""

    def happened(self, action: Action, outcome: Outcome | None) -> None:
        """Drop it."""
