"""The sums of a run, as they are shown, kept in the journal, and printed as JSON.

A path is text, and beside it base64 where it is not UTF-8.
"""

import msgspec

from fileorg.model.outcome import RunKind, RunState
from fileorg.model.requests import Requests


class FolderSum(msgspec.Struct, frozen=True):
    """What goes into one folder: a path to show, files, bytes, and a few names."""

    path: str
    files: int
    bytes: int
    examples: tuple[str, ...] = ()
    path_b64: str | msgspec.UnsetType = msgspec.UNSET


class StepSum(msgspec.Struct, frozen=True):
    """How many steps of one kind, about files of one category, ended so; and bytes of files."""

    kind: str
    status: str
    category: str
    files: int
    bytes: int


class ReasonSum(msgspec.Struct, frozen=True):
    """What was left alone for one reason, with a few paths."""

    reason: str
    count: int
    examples: tuple[str, ...] = ()


class LikelySum(msgspec.Struct, frozen=True):
    """What a first look found: files that are probably redundant, with a few paths.

    *whole* says whether all were looked at that come into question.
    """

    groups: int
    files: int
    bytes: int
    examples: tuple[str, ...]
    whole: bool


class MismatchSum(msgspec.Struct, frozen=True):
    """A file whose content is surely something else than its name says: type, and its category."""

    path: str
    mime: str
    category: str
    path_b64: str | msgspec.UnsetType = msgspec.UNSET


class Failure(msgspec.Struct, frozen=True):
    """One thing that could not be done; *target* is where the file was to go."""

    path: str
    reason: str
    detail: str = ""
    path_b64: str | msgspec.UnsetType = msgspec.UNSET
    target: str | msgspec.UnsetType = msgspec.UNSET
    target_b64: str | msgspec.UnsetType = msgspec.UNSET


class RunSummary(msgspec.Struct, frozen=True):
    """What a run did, or in a dry run would do; times in nanoseconds UTC.

    *done* counts files, and of folders that moved as one each as one: those are *whole_folders*.
    *companions* are those that went where another one goes.
    Among them are those *set_aside* as redundant, in so many *groups*; *likely* ones were only
    looked at. *steps* counts whatever was to be done about a file, *not_chosen* what a partial undo
    was not asked for. Of the *mismatches*, the first are *mismatched*.
    *requests* are those of the command that made these sums, where there are buckets, and
    *expected_requests* an estimate of what the run would send all in all; no journal keeps either.
    """

    run: str
    kind: RunKind
    state: RunState
    roots: tuple[str, ...]
    started_ns: int
    ended_ns: int
    dry_run: bool = False
    parent: str = ""
    planned: int = 0
    done: int = 0
    skipped: int = 0
    failed: int = 0
    pending: int = 0
    whole_folders: int = 0
    companions: int = 0
    copies: int = 0
    bytes: int = 0
    set_aside: int = 0
    groups: int = 0
    folders_made: int = 0
    folders_removed: int = 0
    in_place: int = 0
    not_chosen: int = 0
    folders: tuple[FolderSum, ...] = ()
    steps: tuple[StepSum, ...] = ()
    left_alone: tuple[ReasonSum, ...] = ()
    failures: tuple[Failure, ...] = ()
    mismatches: int = 0
    mismatched: tuple[MismatchSum, ...] = ()
    edited: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()
    likely: LikelySum | msgspec.UnsetType = msgspec.UNSET
    roots_b64: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    requests: Requests | msgspec.UnsetType = msgspec.UNSET
    expected_requests: Requests | msgspec.UnsetType = msgspec.UNSET
