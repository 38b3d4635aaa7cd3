"""What to do about redundant files: set aside, replaced by links, or made to share (pure)."""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from fileorg.errors import StorageError
from fileorg.model.duplicates import DedupePolicy, DuplicateGroup
from fileorg.model.entry import FileEntry, Kind, Skip
from fileorg.model.location import Location
from fileorg.model.plan import Action, ActionKind, FolderFound
from fileorg.model.reason import Reason
from fileorg.plan.folders import FolderBook
from fileorg.plan.surroundings import Surroundings

_SAME_DEVICE = {DedupePolicy.HARDLINK, DedupePolicy.REFLINK}
Planned = Action | FolderFound | Skip


class AsideOptions(msgspec.Struct, frozen=True):
    """What happens to redundant files; *quarantine* is the folder below a root that takes them."""

    policy: DedupePolicy
    quarantine: bytes


def plan_aside(
    groups: Iterable[DuplicateGroup], options: AsideOptions, around: Surroundings
) -> Iterator[Planned]:
    """Yield the steps for each group: the file that is kept, and what is done beside it."""
    planned: list[Planned] = []
    book = FolderBook(around, planned.append)
    for group in groups:
        keep, policy = group.keep, options.policy
        able = [
            entry
            for entry in group.redundant
            if policy not in _SAME_DEVICE or around.same_device(keep.location, entry.location)
        ]
        planned += [
            Skip(entry.location, Reason.CROSSES_DEVICES)
            for entry in group.redundant
            if entry not in able
        ]
        if able:
            place = keep.location
            planned.append(Action(ActionKind.KEEP, place, place, keep.fingerprint))
        for entry in able:
            _plan_one(keep, entry, options, book, planned.append)
        yield from planned
        planned.clear()


def _plan_one(
    keep: FileEntry,
    entry: FileEntry,
    options: AsideOptions,
    book: FolderBook,
    emit: Callable[[Planned], object],
) -> None:
    if options.policy is DedupePolicy.REFLINK:
        emit(Action(ActionKind.CLONE, entry.location, entry.location, entry.fingerprint))
        return
    aside = Location(entry.location.root, options.quarantine).below(entry.location.path)
    try:
        for folder in book.missing(aside.folder):
            book.make(folder)
    except StorageError as error:
        emit(Skip(entry.location, error.reason, str(error)))
        return
    book.touch(entry.location.folder)
    emit(Action(ActionKind.SET_ASIDE, entry.location, aside, entry.fingerprint))
    if options.policy is not DedupePolicy.QUARANTINE:
        kind = Kind.SYMLINK if options.policy is DedupePolicy.SYMLINK else Kind.FILE
        emit(Action(ActionKind.LINK, keep.location, entry.location, keep.fingerprint, "", kind))
