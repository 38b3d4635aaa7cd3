"""What came of a run: exceptions by action, and the sums a person wants to read."""

from enum import IntEnum, StrEnum

import msgspec

from fileorg.model.reason import Reason


class Status(IntEnum):
    """How an action ended. The number is kept in journals: never reuse one."""

    DONE = 1
    SKIPPED = 2
    FAILED = 3
    PENDING = 4
    COPIED = 5  # moved between devices: both are there, the source is still to be removed


class RunState(StrEnum):
    """How far a run is."""

    PLANNING = "planning"
    RUNNING = "running"
    INTERRUPTED = "interrupted"
    FINISHED = "finished"


class RunKind(StrEnum):
    """What a run was."""

    ORGANIZE = "organize"
    APPLY = "apply"
    UNDO = "undo"
    REDO = "redo"
    DEDUPE = "dedupe"


FORWARD = frozenset({RunKind.ORGANIZE, RunKind.APPLY, RunKind.DEDUPE})
"""Runs that take back no other one."""


class Outcome(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """How action *seq* ended; `inode` is what it made, where it made something; 0 elsewhere."""

    seq: int
    status: Status
    reason: Reason | None = None
    detail: str = ""
    inode: int = 0


def is_done(outcome: Outcome | None) -> bool:
    """Whether a step was done; None is a plain success."""
    return outcome is None or outcome.status is Status.DONE


def is_copy_left(outcome: Outcome) -> bool:
    """Whether a step failed and left the copy that it had made, which is known by its inode."""
    return outcome.status is Status.FAILED and outcome.inode != 0
