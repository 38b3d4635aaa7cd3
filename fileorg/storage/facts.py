"""From what `stat` says to the values of the model, within 64 signed bits (SQLite's integers)."""

import os
import stat

from fileorg.model.entry import FileEntry, Fingerprint, FolderFacts, Kind
from fileorg.model.location import Location
from fileorg.model.plan import Action

_KINDS = {stat.S_IFREG: Kind.FILE, stat.S_IFDIR: Kind.FOLDER, stat.S_IFLNK: Kind.SYMLINK}
_SPECIAL, _FOLDER = Kind.SPECIAL, Kind.FOLDER
_MOST = (1 << 63) - 1


def entry_of(location: Location, found: os.stat_result, *, numbered: bool = True) -> FileEntry:
    """Return what stands at *location*; without an inode unless it is *numbered* for good."""
    inode, mtime_ns, ctime_ns = found.st_ino, found.st_mtime_ns, found.st_ctime_ns
    if not (inode <= _MOST and -_MOST <= mtime_ns <= _MOST and -_MOST <= ctime_ns <= _MOST):
        inode, mtime_ns, ctime_ns = signed(inode), _bounded(mtime_ns), _bounded(ctime_ns)
    return FileEntry(
        location,
        _KINDS.get(found.st_mode & 0o170000, _SPECIAL),
        Fingerprint(found.st_size, mtime_ns, ctime_ns, inode if numbered else 0),
        found.st_nlink,
    )


def is_expected(seen: os.stat_result, move: Action, by_ctime: bool) -> bool:
    """Whether what stands at a source is the file or symlink that is to be moved."""
    expected = move.fingerprint
    return (
        (seen.st_ino == expected.inode or not expected.inode)
        and seen.st_mtime_ns == expected.mtime_ns
        and seen.st_size == expected.size
        # a rename of another name of the same file changes its change time
        and (not by_ctime or seen.st_ctime_ns == expected.ctime_ns or seen.st_nlink > 1)
        and move.entry_kind is not _FOLDER
    )


def facts_of(found: os.stat_result) -> FolderFacts:
    """Return what it takes to make a folder again."""
    return FolderFacts(
        stat.S_IMODE(found.st_mode),
        found.st_uid,
        found.st_gid,
        _bounded(found.st_mtime_ns),
        signed(found.st_ino),
        found.st_dev,
    )


def signed(inode: int) -> int:
    """Return an inode number as a signed one, by which it is as well told from any other."""
    return inode if inode <= _MOST else inode - (1 << 64)


def _bounded(time_ns: int) -> int:
    """Return a time within the years 1677 to 2262, which is what 64 bits hold."""
    return max(-_MOST, min(time_ns, _MOST))
