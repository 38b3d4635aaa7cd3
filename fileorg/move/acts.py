"""One action on the disk: look once more, act on the condition that nothing changed, look again.

What a file or a disk can cause ends as an `Outcome`; None is a plain success.
"""

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from fileorg.errors import StorageError
from fileorg.model.entry import FileEntry, Fingerprint, FolderFacts, Kind
from fileorg.model.location import Location, shown
from fileorg.model.outcome import Outcome, Status
from fileorg.model.plan import Action, ActionKind
from fileorg.model.reason import Reason
from fileorg.storage.base import ReadableStorage, Renamed, Storage, is_rewritten

GONE = frozenset({Reason.VANISHED, Reason.FOLDER_GONE})
"""Nothing stands there, or there is no folder that it could stand in."""

Facts = Callable[[Location], FolderFacts | None]


class Rules(msgspec.Struct, frozen=True):
    """How strictly a file must be the one that was planned.

    A run moves only what is untouched since the scan. A roll back puts the same file back even
    if it was edited, and with *include_changed* whatever now has its name. One that *restores*
    takes away what the run has added to it.
    """

    run: str
    rollback: bool = False
    include_changed: bool = False
    restores: bool = False


class Ready(NamedTuple):
    """A file that may be moved, and the reason to mention: `EDITED`, or none."""

    found: FileEntry
    reason: Reason | None


def move(storage: Storage, seq: int, action: Action, rules: Rules) -> Outcome | None:
    """Rename a file, symlink or folder to a free name on the same device."""
    answer = ready(storage, seq, action, rules)
    if isinstance(answer, Outcome):
        return answer
    return carry(storage, seq, action, answer.found, rules, answer.reason)


def ready(storage: Storage, seq: int, action: Action, rules: Rules) -> Ready | Outcome:
    """Return the file that a step is about, or what the step has come to already."""
    try:
        found = storage.stat(action.source)
    except StorageError as error:
        return missing(storage, seq, action, error, rules)
    if rules.rollback and is_back(storage, found, action):
        return Outcome(seq, Status.SKIPPED, Reason.IN_PLACE)
    reason = mismatch(found, action, rules)
    if reason is not None and reason is not Reason.EDITED:
        return Outcome(seq, Status.FAILED, reason)
    return Ready(found, reason)


def failed_copy(storage: ReadableStorage, seq: int, action: Action, error: StorageError) -> Outcome:
    """Return how a step failed whose copy could not be made, or not be proven."""
    if error.left:
        return left_copy(storage, seq, action.target, error.reason, str(error), error.left)
    return Outcome(seq, Status.FAILED, error.reason, str(error))


def left_copy(
    storage: ReadableStorage, seq: int, copy: Location, reason: Reason, why: str, inode: int
) -> Outcome:
    """Return how a step failed whose *copy*, known by its *inode*, stays beside its original.

    An undo of the run removes it.
    """
    place = shown(storage.roots[copy.root].absolute(copy))
    return Outcome(
        seq, Status.FAILED, reason, f"{why}; its copy stays at {place} until undo", inode
    )


def holds_back(answer: Ready | Outcome | None, rules: Rules) -> bool:
    """Whether others must not move without a file; in a roll back one that is gone is no reason."""
    if not isinstance(answer, Outcome) or answer.status is not Status.FAILED:
        return False
    return not (rules.rollback and answer.reason in GONE)


def carry(
    storage: Storage,
    seq: int,
    action: Action,
    found: FileEntry,
    rules: Rules,
    reason: Reason | None = None,
) -> Outcome | None:
    """Rename what was just *found*, and see whether it was that which moved."""
    try:
        _rename(storage, seq, action, found, rules)
    except StorageError as error:
        return _failed(storage, seq, action, error, found.fingerprint, reason)
    return _moved(storage, seq, action, found.fingerprint, reason)


def move_exception(
    storage: Storage, seq: int, action: Action, rules: Rules, renamed: Renamed
) -> Outcome | None:
    """Return what becomes of the move at which `rename_each` ended, after a look of its own."""
    if renamed.strayed:
        return _moved(storage, seq, action, action.fingerprint)
    failure = renamed.failure
    if failure is None or failure.reason in {Reason.TARGET_EXISTS, Reason.VANISHED}:
        return move(storage, seq, action, rules)
    return _failed(storage, seq, action, failure, action.fingerprint)


def _failed(
    storage: Storage,
    seq: int,
    action: Action,
    error: StorageError,
    seen: Fingerprint,
    reason: Reason | None = None,
) -> Outcome:
    """Return what a rename that failed means: it is done where only its answer was lost."""
    there = arrived(storage, error, action.target)
    if there is not None and there.is_known_as(seen) and is_gone(storage, action.source):
        made = seen.inode if seen.inode != action.fingerprint.inode else 0
        return Outcome(seq, Status.DONE, reason, inode=made)
    return Outcome(seq, Status.FAILED, error.reason, str(error))


def arrived(storage: Storage, error: StorageError, target: Location) -> FileEntry | None:
    """Return what stands at *target* after an input/output error, in which an answer can be lost.

    The disk decides whether an act was done, not its answer.
    """
    if error.reason is not Reason.IO_ERROR:
        return None
    try:
        return storage.stat(target)
    except StorageError:
        return None


def look(storage: ReadableStorage, location: Location) -> FileEntry | None:
    """Return what stands there, None where nothing does; `StorageError` where it can't be told.

    In a bucket a folder is no more than what keys begin with, and is in no file's way.
    """
    try:
        found = storage.stat(location)
    except StorageError as error:
        if error.reason in GONE:
            return None
        raise
    is_nothing = found.kind is Kind.FOLDER and is_rewritten(storage, location.root)
    return None if is_nothing else found


def is_gone(storage: ReadableStorage, location: Location) -> bool:
    """Whether nothing stands there; False also where the disk does not say."""
    try:
        return look(storage, location) is None
    except StorageError:
        return False


def _moved(
    storage: Storage, seq: int, action: Action, seen: Fingerprint, reason: Reason | None = None
) -> Outcome | None:
    """Return what a rename means: whether it moved what was *seen* before, for *reason* or plainly.

    What came there between the look and the act is given back.
    """
    try:
        there = storage.stat(action.target)
    except StorageError as error:
        return _failed(storage, seq, action, error, seen, reason)
    moved = there.fingerprint
    # FAT and some FUSE file systems number a file anew when it is renamed.
    if not moved.looks_like(seen) and not there.is_known_as(seen):
        return _give_back(storage, seq, action)
    made = moved.inode if moved.inode != action.fingerprint.inode else 0
    return Outcome(seq, Status.DONE, reason, inode=made) if reason is not None or made else None


def _rename(storage: Storage, seq: int, action: Action, found: FileEntry, rules: Rules) -> None:
    try:
        storage.rename(action.source, action.target)
    except StorageError as error:
        if error.reason is not Reason.TARGET_EXISTS or not _is_case_only(storage, action, found):
            raise
        # One entry answers to both names: only a detour can change its spelling.
        detour = temporary(action.target, rules.run, seq, "case")
        storage.rename(action.source, detour)
        storage.rename(detour, action.target)


def _is_case_only(storage: Storage, action: Action, found: FileEntry) -> bool:
    if action.source.folder != action.target.folder:
        return False
    there = storage.stat(action.target)
    names = storage.names(action.source.folder)
    return there.is_known_as(found.fingerprint) and action.target.name not in names


def mismatch(found: FileEntry, action: Action, rules: Rules) -> Reason | None:
    """Return how a file differs from the planned one: CHANGED, NOT_OURS, EDITED, or None."""
    expected, seen = action.fingerprint, found.fingerprint
    if action.entry_kind is Kind.FOLDER and found.is_known_as(expected):
        return None  # what is in a folder may change while it moves
    if not rules.rollback:
        # A rename of another name of the same file changes its change time.
        same_time = seen.ctime_ns == expected.ctime_ns or found.links > 1
        return None if seen.is_unedited(expected) and same_time else Reason.CHANGED
    if action.kind is ActionKind.COPY:
        # A copy that is made again: the original was never known by its inode.
        return None if seen.looks_like(expected) else Reason.CHANGED
    if not seen.is_same_file(expected):
        if rules.include_changed:
            return Reason.EDITED
        return Reason.NOT_OURS if seen.inode else Reason.CHANGED
    return None if seen.looks_like(expected) else Reason.EDITED


def missing(
    storage: Storage, seq: int, action: Action, error: StorageError, rules: Rules
) -> Outcome:
    """Return what a missing source means: the step may have been done before the run stopped."""
    gone = error.reason in GONE
    there = _arrived_before(storage, action) if gone else None
    if there is None:
        return Outcome(seq, Status.FAILED, error.reason, str(error))
    if rules.rollback:
        return Outcome(seq, Status.SKIPPED, Reason.IN_PLACE)
    return Outcome(seq, Status.DONE, inode=there.fingerprint.inode)


def is_back(storage: Storage, found: FileEntry, action: Action) -> bool:
    """Whether another file has the old name because the file itself is back at its place."""
    is_other = not found.is_known_as(action.fingerprint)
    is_move = action.kind is not ActionKind.COPY
    return is_other and is_move and _arrived_before(storage, action) is not None


def _arrived_before(storage: Storage, action: Action) -> FileEntry | None:
    """Return what stands at the target if it is the file, or a copy from another device."""
    try:
        there = look(storage, action.target)
    except StorageError:
        return None
    if there is None:
        return None
    expected = action.fingerprint
    is_it = there.is_known_as(expected) or there.fingerprint.looks_like(expected)
    return there if is_it else None


def _give_back(storage: Storage, seq: int, action: Action) -> Outcome:
    """Undo a rename that caught a file put there between the look and the act."""
    try:
        storage.rename(action.target, action.source)
    except StorageError as error:
        return Outcome(seq, Status.FAILED, Reason.NOT_OURS, f"moved by mistake: {error}")
    return Outcome(seq, Status.FAILED, Reason.CHANGED)


def make_folder(storage: Storage, seq: int, action: Action, facts: FolderFacts | None) -> Outcome:
    """Make a folder, as *facts* say where it is made again; one that is there is kept."""
    try:
        inode = storage.make_folder(action.target, facts).inode
    except StorageError as error:
        if error.reason is Reason.TARGET_EXISTS:
            return _folder_there(storage, seq, action)
        there = arrived(storage, error, action.target)
        if there is None or there.kind is not Kind.FOLDER:
            return Outcome(seq, Status.FAILED, error.reason, str(error))
        inode = there.fingerprint.inode
    return Outcome(seq, Status.DONE, inode=inode)


def _folder_there(storage: Storage, seq: int, action: Action) -> Outcome:
    try:
        storage.folder_facts(action.target)
    except StorageError as error:
        return Outcome(seq, Status.FAILED, Reason.BLOCKED_FOLDER, str(error))
    return Outcome(seq, Status.SKIPPED, Reason.TARGET_EXISTS)


def remove_folder(storage: Storage, seq: int, action: Action) -> Outcome | None:
    """Remove a folder if it is the one known and empty; otherwise it stays."""
    try:
        storage.remove_folder(action.source, action.fingerprint.inode)
    except StorageError as error:
        if error.reason is Reason.VANISHED:
            return Outcome(seq, Status.SKIPPED, Reason.VANISHED)
        if error.reason in {Reason.NOT_EMPTY, Reason.NOT_OURS, Reason.TARGET_EXISTS}:
            return Outcome(seq, Status.SKIPPED, error.reason)
        if not is_gone(storage, action.source):  # or only the answer was lost
            return Outcome(seq, Status.FAILED, error.reason, str(error))
    return None


def temporary(target: Location, run: str, seq: int, kind: str) -> Location:
    """Return the place, beside *target*, of a step's own file; recovery derives the same."""
    return target.folder.below(f".fileorg-{run}-{seq}.{kind}".encode())
