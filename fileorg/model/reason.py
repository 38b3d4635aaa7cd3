"""Why a file was left alone or could not be moved: every reason there is, in the user's words."""

from enum import StrEnum
from typing import Final


class Reason(StrEnum):
    """Why something was not done; the value is what a user reads and what the journal keeps."""

    # left alone by rule
    IN_PLACE = "already in place"
    SAME_CONTENT = "same content is already there"
    HIDDEN = "hidden"
    PROJECT = "project or repository"
    BUNDLE = "bundle"
    LIBRARY = "managed library"
    ENVIRONMENT = "environment of packages"
    LITTER = "system litter"
    PROGRAM = "program with its parts"
    PARTIAL = "partial download"
    MOUNT = "mount point"
    OWN = "belongs to fileorg"
    SPECIAL = "not a regular file"
    NO_PATH = "a key with an empty part, . or .."
    RELATIVE_LINK = "relative link that would break"
    FOLDER_LEFT = "folder left as it is"
    TOO_DEEP = "folder deeper than asked for"
    FOLDER_ON_PATH = "folder that files are sorted into"
    FOLDER_EMPTY = "folder without files to judge by"
    IGNORED = "ignored by .fileorgignore"
    FILTERED = "not selected"
    RULE = "left alone by rule"
    TOO_YOUNG = "changed moments ago"
    REFERENCE = "in a reference folder"
    REDUNDANT = "same content is organized already"
    SEEN_BEFORE = "reached by another source"
    # left alone by policy
    TAKEN = "name is taken"
    OLDER = "the file there is newer"
    SAME_FILE = "is the very file that is kept"
    PURGED = "purged, so not put back"
    NOT_ASIDE = "the file in its place was not set aside"
    NAMES_ARE_LINKED = "a new name would part it from its folder"
    # failed, or changed under the run
    UNIT = "stays with what it belongs to"
    UNREADABLE = "unreadable"
    VANISHED = "gone since it was seen"
    CHANGED = "changed since it was seen"
    NOT_OURS = "another file is there now"
    BLOCKED_FOLDER = "a file has the name of the folder"
    FOLDER_GONE = "folder is gone or no longer a folder"
    NAME_TOO_LONG = "name too long"
    BAD_NAME = "name not allowed there"
    ROOT_REPLACED = "another folder stands at the root now"
    TARGET_EXISTS = "name was taken meanwhile"
    NOT_EMPTY = "folder is not empty"
    EDITED = "edited since; put back as it is now"
    BUSY = "open for writing"
    SOURCE_GONE = "the original is gone, so the copy stays"
    KEPT_GONE = "the file that was kept is not there any more"
    KEPT_CHANGED = "the file that is kept is not as it was seen"
    UNDECIDED = "the disk cannot say what happened"
    CROSSES_DEVICES = "lies on another device"
    PERMISSION = "permission denied"
    READ_ONLY = "read-only file system"
    DISK_FULL = "disk full"
    DISK_GONE = "disk is gone"
    UNSUPPORTED = "not supported by the file system"
    MISMATCH = "the copy differs from the original"
    NOT_REDUNDANT = "holds something else than the file that is kept"
    IO_ERROR = "input/output error"
    STOPPED = "not reached before the run stopped"


_FAILURES = frozenset(
    {
        Reason.UNREADABLE,
        Reason.VANISHED,
        Reason.BLOCKED_FOLDER,
        Reason.PERMISSION,
        Reason.IO_ERROR,
        Reason.NAME_TOO_LONG,
        Reason.BAD_NAME,
        Reason.FOLDER_GONE,
        # what a saved plan meets
        Reason.CHANGED,
        Reason.TARGET_EXISTS,
        Reason.KEPT_GONE,
        Reason.ROOT_REPLACED,
    }
)


CONFLICTS: Final = frozenset(
    {
        Reason.SAME_CONTENT,
        Reason.REDUNDANT,
        Reason.TAKEN,
        Reason.OLDER,
        Reason.NAMES_ARE_LINKED,
        Reason.PURGED,
        Reason.UNSUPPORTED,
        Reason.CROSSES_DEVICES,
    }
)
"""Why a plan leaves a file that it was asked to move: one is in the way, or it can't be moved."""


def is_failure(reason: Reason) -> bool:
    """Whether leaving something for this reason means that something went wrong: exit code 3."""
    return reason in _FAILURES
