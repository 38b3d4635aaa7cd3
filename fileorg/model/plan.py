"""What is going to be done: actions as values, in the order in which they are safe."""

from enum import IntEnum, StrEnum
from typing import final

import msgspec

from fileorg.model.entry import FileEntry, Fingerprint, FolderFacts, Kind, Unit
from fileorg.model.evidence import Facts
from fileorg.model.location import Location


class ActionKind(IntEnum):
    """What an action does. The number is kept in journals: never reuse one."""

    MAKE_FOLDER = 1
    QUARANTINE = 2
    MOVE = 3
    COPY = 4
    RESTORE = 5
    REMOVE_COPY = 6
    REMOVE_FOLDER = 7
    KEEP = 8  # nothing is done: what follows, up to the next of these, is redundant beside it
    SET_ASIDE = 9
    LINK = 10  # a symlink where that is the kind of the entry
    CLONE = 11
    REMOVE_LINK = 12
    BRING_BACK = 13
    LEAVE_CLONE = 14  # nothing is done: what takes a clone back, so that a redo knows of it


NO_FILES = frozenset({ActionKind.MAKE_FOLDER, ActionKind.REMOVE_FOLDER, ActionKind.KEEP})
"""Kinds that do nothing to a file; all others are what a run did, file by file."""

CARRIES = frozenset({
    ActionKind.MOVE, ActionKind.COPY, ActionKind.RESTORE, ActionKind.REMOVE_COPY,
    ActionKind.SET_ASIDE, ActionKind.CLONE, ActionKind.LEAVE_CLONE, ActionKind.BRING_BACK,
})  # fmt: skip
"""Kinds that count as a file done; the others come with one of these."""


class ConflictPolicy(StrEnum):
    """What happens when a target name is taken by a file with other content."""

    RENAME = "rename"
    SKIP = "skip"
    REPLACE = "replace"
    NEWER = "newer"
    FAIL = "fail"


class TakenPolicy(StrEnum):
    """What becomes of a file that an undo can't put back because its place is taken."""

    SKIP = "skip"
    RENAME = "rename"


class FolderPolicy(StrEnum):
    """What happens to the subfolders of SOURCE."""

    LEAVE = "leave"
    RECURSE = "recurse"
    WHOLE = "whole"


@final
class Classified(msgspec.Struct, frozen=True, gc=False, array_like=True, tag=8):
    """An entry, its category, and the number of the layout that places it: 0 is the job's own.

    *facts* are None of a file that goes by its name and its stat, as most do. A folder that moves
    as one goes by the newest time of its files, and its size is their sum.
    """

    entry: FileEntry
    category: str
    facts: Facts | None = None
    layout: int = 0

    @property
    def location(self) -> Location:
        """Where the entry is."""
        return self.entry.location


@final
class ClassifiedUnit(msgspec.Struct, frozen=True, gc=False):
    """Files that move as one, and what their main file is: that decides for all of them."""

    main: Classified
    unit: Unit

    @property
    def location(self) -> Location:
        """Where the main file is."""
        return self.main.entry.location


@final
class Action(msgspec.Struct, frozen=True, gc=False, array_like=True, tag=3):
    """One step of a plan.

    To make or remove a folder, to keep a file or to clone into it, source and target are the same.
    """

    kind: ActionKind
    source: Location
    target: Location
    fingerprint: Fingerprint
    category: str = ""
    entry_kind: Kind = Kind.FILE


@final
class Joint(msgspec.Struct, frozen=True, gc=False, array_like=True, tag=11):
    """Steps that are taken together or not at all: those of a unit, its main file's first."""

    actions: tuple[Action, ...]


def steps_in(item: Action | Joint) -> tuple[Action, ...]:
    """Return the steps of an item of a plan: one, or those that are taken together."""
    return item.actions if type(item) is Joint else (item,)


class FolderFound(msgspec.Struct, frozen=True, gc=False, array_like=True, tag=4):
    """How a folder was before the run touched it: what undo gives it back."""

    location: Location
    facts: FolderFacts


@final
class InPlace(msgspec.Struct, frozen=True, gc=False, array_like=True, tag=5):
    """So many files are where they belong: no rows, no names."""

    count: int


@final
class NotChosen(msgspec.Struct, frozen=True, gc=False):
    """So many files of a run stay as it put them: its undo was asked for others only."""

    count: int


class FolderTime(msgspec.Struct, frozen=True, gc=False):
    """The modification time, in nanoseconds UTC, that a folder gets when the run ends."""

    location: Location
    mtime_ns: int


NO_FINGERPRINT = Fingerprint(0, 0, 0, 0)
