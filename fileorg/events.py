"""What is told while a run works, and the sink it is told to."""

from typing import Final, Literal, Protocol

import msgspec

from fileorg.model.entry import Skip
from fileorg.model.evidence import Facts
from fileorg.model.outcome import Outcome
from fileorg.model.plan import Action, Joint

TOLD_EACH: Final = 100
"""Steps after which whoever works says how far it is: cheap, and soon where each takes long."""

Phase = Literal["scan", "compare", "settle", "plan", "execute", "sync"]


class Event(msgspec.Struct, frozen=True):
    """One thing that happened."""


class RunStarted(Event, frozen=True):
    """A run begins: its id, kind and roots; an undo or redo names its parent."""

    run: str
    kind: str
    roots: tuple[bytes, ...]
    dry_run: bool = False
    parent: str = ""


class PhaseStarted(Event, frozen=True):
    """A phase begins.

    *total* is how many steps it has, or bytes, where that is known. *bytes* is how many its steps
    carry over from disk to disk; 0 where they only rename.
    """

    phase: Phase
    total: int = 0
    unit: Literal["steps", "bytes"] = "steps"
    bytes: int = 0


class Progressed(Event, frozen=True):
    """*done* of the phase's steps so far, and *bytes* of those that it carries over."""

    phase: Phase
    done: int
    bytes: int = 0


class Noted(Event, frozen=True):
    """A line that the user should read."""

    message: str


class Mismatched(Event, frozen=True):
    """The content of a file is surely something else than its name says."""

    path: bytes
    mime: str
    category: str


class Planned(Event, frozen=True):
    """One item of a plan, facts before their action; for callers of the Python API.

    What belongs together is one item: the steps of a `Joint`.
    """

    item: Action | Facts | Joint | Skip


class Happened(Event, frozen=True):
    """How one action ended, as values; None is a plain success. For callers of the Python API."""

    action: Action
    outcome: Outcome | None


class EventSink(Protocol):
    """Whoever is told."""

    def tell(self, event: Event) -> None:
        """Take one event."""

    def planned(self, item: Action | Facts | Joint | Skip) -> None:
        """Take one item of a plan, facts before their action.

        In a preview that is each, else what is left alone. Only asked for where wanted.
        """

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
