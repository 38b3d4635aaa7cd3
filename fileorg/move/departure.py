"""Removing what may be replaced at any moment: it steps aside, is looked at, and only then goes.

Between a look at a name and its removal somebody may give the name to another file, as an editor
does that saves. A name that nobody else knows is given to nothing else.
"""

import msgspec

from fileorg.content.compare import same_content
from fileorg.errors import StorageError
from fileorg.model.entry import FileEntry
from fileorg.model.location import Location, shown
from fileorg.model.outcome import Outcome, Status
from fileorg.model.plan import Action
from fileorg.model.reason import Reason
from fileorg.move.acts import GONE, arrived, is_gone, look, temporary
from fileorg.storage.base import Storage, is_rewritten


def take_away(storage: Storage, run: str, seq: int, found: FileEntry) -> None:
    """Remove a file that is still the one *found*; otherwise raise, and leave what is there."""
    if is_rewritten(storage, found.location.root):
        _remove_there(storage, found)
        return
    aside = departing(found.location, run, seq)
    _check(storage.stat(found.location), found)
    _step(storage, found.location, aside)
    try:
        storage.remove(aside, msgspec.structs.replace(found, location=aside))
    except StorageError:
        if is_gone(storage, aside):
            return  # only the answer was lost
        _return(storage, aside, found.location)
        raise


def _remove_there(storage: Storage, found: FileEntry) -> None:
    """Remove what can't step aside; an answer that is lost does not matter."""
    try:
        storage.remove(found.location, found)
    except StorageError:
        if not is_gone(storage, found.location):
            raise


def return_departing(storage: Storage, run: str, seq: int, location: Location) -> None:
    """Give a file back the name it had when a run ended before it was removed."""
    aside = departing(location, run, seq)
    if look(storage, location) is None and look(storage, aside) is not None:
        _return(storage, aside, location)


def remove_copy(storage: Storage, run: str, seq: int, action: Action) -> Outcome | None:
    """Remove a copy that is as it was made, once its original is proven to be still there."""
    copy, original = action.source, action.target
    try:
        found = storage.stat(copy)
    except StorageError as error:
        gone = error.reason in GONE
        return Outcome(seq, Status.SKIPPED if gone else Status.FAILED, error.reason)
    seen, made = found.fingerprint, action.fingerprint
    is_edited = not seen.looks_like(made) and not is_rewritten(storage, copy.root)
    if not seen.is_same_file(made) or is_edited:
        return Outcome(seq, Status.FAILED, Reason.CHANGED, "the copy stays")
    try:
        if not same_content(storage, found, storage.stat(original)):
            return Outcome(seq, Status.FAILED, Reason.MISMATCH, "the copy stays")
        take_away(storage, run, seq, found)
    except StorageError as error:
        gone = error.reason in GONE
        reason = Reason.SOURCE_GONE if gone else error.reason
        return Outcome(seq, Status.FAILED, reason, str(error))
    return None


def departing(location: Location, run: str, seq: int) -> Location:
    """Return the name that a step gives to a file before it removes it."""
    return temporary(location, run, seq, "gone")


def _return(storage: Storage, aside: Location, location: Location) -> None:
    try:
        _step(storage, aside, location)
    except StorageError as error:
        raise StorageError(error.reason, f"it is at {shown(aside.name)} now: {error}") from error


def _check(seen: FileEntry, found: FileEntry) -> None:
    if not seen.fingerprint.is_same_file(found.fingerprint):
        raise StorageError(Reason.NOT_OURS)
    if not seen.fingerprint.is_unedited(found.fingerprint):
        raise StorageError(Reason.CHANGED)


def _step(storage: Storage, source: Location, target: Location) -> None:
    """Rename; an answer that is lost does not matter."""
    try:
        storage.rename(source, target)
    except StorageError as error:
        if arrived(storage, error, target) is None or not is_gone(storage, source):
            raise
