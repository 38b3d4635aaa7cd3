"""What the disk says of a step that may or may not have happened: the crash table (pure)."""

from enum import Enum

from fileorg.model.entry import FileEntry, Fingerprint
from fileorg.model.plan import ActionKind


class Resolution(Enum):
    """What became of a step, and with it what recovery does."""

    DONE = "done"
    NOT_DONE = "not done"
    HALF = "both names are one file"
    BLOCKED = "another file has the name"
    UNKNOWN = "the disk cannot say"
    DOUBTFUL = "a comparison can say"


_BY_NAME = {(True, True): Resolution.HALF, (False, True): Resolution.DONE}


def resolve_move(
    expected: Fingerprint,
    source: FileEntry | None,
    target: FileEntry | None,
    *,
    listed: tuple[bool, bool],
) -> Resolution:
    """Return what became of a rename, from what stands at both places.

    *listed* says which of the two names the folders list, letter by letter: on a file system that
    folds case, one entry answers to both names and must never be unlinked.
    """
    at_source = source is not None and source.is_known_as(expected)
    at_target = target is not None and target.is_known_as(expected)
    if at_source and at_target:
        return _BY_NAME.get(listed, Resolution.NOT_DONE)
    if at_target:
        return Resolution.DONE
    if at_source:
        return Resolution.NOT_DONE if target is None else Resolution.BLOCKED
    return Resolution.UNKNOWN


def resolve_copy(
    kind: ActionKind, source: FileEntry | None, target: FileEntry | None, expected: Fingerprint
) -> Resolution:
    """Return what became of a copy, or of a move between devices, which copies and then unlinks.

    The copy carries size and modification time of the original; its name appears only complete.
    The source of a plain copy is never touched, and a copy that is made again does not know its
    inode: there the target alone tells.
    """
    is_copy = target is not None and target.fingerprint.looks_like(expected)
    at_source = source is not None and source.fingerprint.is_same_file(expected)
    if kind is not ActionKind.COPY and not at_source:
        return Resolution.DONE if is_copy else Resolution.UNKNOWN
    if target is None:
        return Resolution.NOT_DONE
    if not is_copy:
        return Resolution.BLOCKED
    return Resolution.DONE if kind is ActionKind.COPY else Resolution.HALF


def resolve_rewrite(
    kind: ActionKind,
    source: FileEntry | None,
    target: FileEntry | None,
    expected: Fingerprint,
    copied: int,
    *,
    told: bool = True,
) -> Resolution:
    """Return what became of a copy, or of a move that copies and then removes, in buckets.

    Numbers are those of contents; *copied* is that of the copy where one was noted, else 0.
    *told*: a copy may have the number of its original, and that is proof enough.
    DOUBTFUL where only a comparison can tell whether the target is the copy.
    """
    numbers = {expected.inode if told else 0, copied} - {0}
    is_copy = target is not None and target.fingerprint.inode in numbers
    at_source = source is not None and source.fingerprint.inode == expected.inode
    if kind is not ActionKind.COPY and not at_source:
        return Resolution.DONE if is_copy else Resolution.UNKNOWN
    if target is None:
        return Resolution.NOT_DONE
    if is_copy:
        return Resolution.DONE if kind is ActionKind.COPY else Resolution.HALF
    is_alike = at_source and target.fingerprint.size == expected.size
    return Resolution.DOUBTFUL if is_alike else Resolution.BLOCKED
