"""What to do about redundant files: set aside, replaced by links, or made to share (pure)."""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from fileorg.errors import StorageError
from fileorg.model.duplicates import DedupeAction, DuplicateGroup
from fileorg.model.entry import FileEntry, Kind, Skip
from fileorg.model.location import Location
from fileorg.model.plan import Action, ActionKind, FolderFound
from fileorg.model.reason import Reason
from fileorg.plan.folders import FolderBook
from fileorg.plan.surroundings import Surroundings

_SAME_DEVICE = {DedupeAction.HARDLINK, DedupeAction.REFLINK}
Planned = Action | FolderFound | Skip


class AsideOptions(msgspec.Struct, frozen=True):
    """What happens to redundant files; *quarantine* is the folder below a root that takes them."""

    action: DedupeAction
    quarantine: bytes


def plan_aside(
    groups: Iterable[DuplicateGroup], options: AsideOptions, around: Surroundings
) -> Iterator[Planned]:
    """Yield the steps for each group: the file that is kept, and what is done beside it."""
    planned: list[Planned] = []
    book = FolderBook(around, planned.append)
    for group in groups:
        plan_group(group, options, around, book, planned.append)
        yield from planned
        planned.clear()


def plan_group(
    group: DuplicateGroup,
    options: AsideOptions,
    around: Surroundings,
    book: FolderBook,
    emit: Callable[[Planned], object],
) -> list[Location]:
    """Tell *emit* the steps for a group; return the places of the files that they act on."""
    keep, action = group.keep, options.action
    able: list[FileEntry] = []
    for entry in group.redundant:
        if action is DedupeAction.HARDLINK and not keep.fingerprint.inode:
            emit(Skip(entry.location, Reason.UNSUPPORTED))  # nobody could tell it from another file
        elif action in _SAME_DEVICE and not around.same_device(keep.location, entry.location):
            emit(Skip(entry.location, Reason.CROSSES_DEVICES))
        else:
            able.append(entry)
    if able:
        emit(Action(ActionKind.KEEP, keep.location, keep.location, keep.fingerprint))
    return [entry.location for entry in able if _plan_one(keep, entry, options, book, emit)]


def _plan_one(
    keep: FileEntry,
    entry: FileEntry,
    options: AsideOptions,
    book: FolderBook,
    emit: Callable[[Planned], object],
) -> bool:
    if options.action is DedupeAction.REFLINK:
        emit(Action(ActionKind.CLONE, entry.location, entry.location, entry.fingerprint))
        return True
    aside = Location(entry.location.root, options.quarantine).below(entry.location.path)
    try:
        for folder in book.missing(aside.folder):
            book.make(folder)
    except StorageError as error:
        emit(Skip(entry.location, error.reason, str(error)))
        return False
    book.touch(entry.location.folder)
    emit(Action(ActionKind.SET_ASIDE, entry.location, aside, entry.fingerprint))
    if options.action is not DedupeAction.QUARANTINE:
        kind = Kind.SYMLINK if options.action is DedupeAction.SYMLINK else Kind.FILE
        emit(Action(ActionKind.LINK, keep.location, entry.location, keep.fingerprint, "", kind))
    return True
