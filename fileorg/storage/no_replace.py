"""The ladder of renaming without replacing: `renameat2`, else link and unlink, else a placeholder.

Which rung a file system has is found by trying, on files of our own, before the first move.
"""

import contextlib
import errno
import os
import stat
from collections.abc import Callable

from fileorg.storage import posix
from fileorg.storage.times import keeping_time

KNOWN = frozenset({"ext4", "ext3", "ext2", "xfs", "btrfs", "tmpfs", "f2fs", "overlay", "bcachefs"})
"""Types on which the first rung works, so that a run writes nothing to find out."""

_MISSING = {errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP}
_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}

Rename = Callable[[int, bytes, int, bytes], None]


def link_and_unlink(source_fd: int, source: bytes, target_fd: int, target: bytes) -> None:
    """Rename by a second name; a crash in between leaves both, and recovery knows.

    Folders, and files that may not have one name more, go by `over_placeholder`.
    """
    before = _look(source_fd, source)
    if stat.S_ISDIR(before.st_mode):
        over_placeholder(source_fd, source, target_fd, target)
        return
    try:
        os.link(source, target, src_dir_fd=source_fd, dst_dir_fd=target_fd, follow_symlinks=False)
    except FileExistsError:
        # On NFS the answer to a link that was made can be lost, and the second try finds it.
        there = _look(target_fd, target)
        if not _is_same(there, before) or there.st_nlink != before.st_nlink + 1:
            raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        over_placeholder(source_fd, source, target_fd, target)
        return
    try:
        _unlink_if(source_fd, source, before)
    except OSError:
        if not _names(source_fd, source, before):
            return  # only the answer was lost, or a new file was saved there: ours is the target
        with contextlib.suppress(OSError):
            _unlink_if(target_fd, target, before)
        raise


def over_placeholder(source_fd: int, source: bytes, target_fd: int, target: bytes) -> None:
    """Rename over an empty file or folder that this call has made: nobody else's can be lost.

    Between its last look and the rename another process could write into the placeholder; the
    docs say so.
    """
    if stat.S_ISDIR(_look(source_fd, source).st_mode):
        os.mkdir(target, dir_fd=target_fd)
    else:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600, dir_fd=target_fd))
    made = _look(target_fd, target)
    try:
        there = _look(target_fd, target)
        if not _is_same(there, made) or (stat.S_ISREG(there.st_mode) and there.st_size):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        os.rename(source, target, src_dir_fd=source_fd, dst_dir_fd=target_fd)
    except OSError:
        with contextlib.suppress(OSError):
            _remove_placeholder(target_fd, target, made)
        raise


WAYS: dict[str, Rename] = {
    "rename": posix.rename_no_replace,
    "link": link_and_unlink,
    "placeholder": over_placeholder,
}


def probe(folder_fd: int, scratch: bytes) -> str:
    """Return the first rung that works in a folder; `rename` where nothing may be made in it.

    What a probe that was killed has left under the same name is removed; the folder keeps its time.
    """
    other = scratch + b"2"
    with keeping_time(folder_fd):
        try:
            _remove(folder_fd, scratch, other)
            flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
            os.close(os.open(scratch, flags, 0o600, dir_fd=folder_fd))
        except PermissionError:
            return "rename"
        try:
            return _first_rung(folder_fd, scratch, other)
        finally:
            _remove(folder_fd, scratch, other)


def _remove(folder_fd: int, *names: bytes) -> None:
    for name in names:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name, dir_fd=folder_fd)


def _first_rung(folder_fd: int, scratch: bytes, other: bytes) -> str:
    try:
        posix.rename_no_replace(folder_fd, scratch, folder_fd, other)
    except OSError as error:
        if error.errno not in _MISSING:
            raise
    else:
        return "rename"
    try:
        os.link(scratch, other, src_dir_fd=folder_fd, dst_dir_fd=folder_fd, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        return "placeholder"
    return "link"


def _look(folder: int, name: bytes) -> os.stat_result:
    return os.stat(name, dir_fd=folder, follow_symlinks=False)


def _is_same(one: os.stat_result, other: os.stat_result) -> bool:
    return (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)


def _names(folder: int, name: bytes, known: os.stat_result) -> bool:
    try:
        return _is_same(_look(folder, name), known)
    except FileNotFoundError:
        return False


def _unlink_if(folder: int, name: bytes, known: os.stat_result) -> None:
    """Unlink a name that is still the known file's; `EEXIST` where another has taken it."""
    if not _is_same(_look(folder, name), known):
        raise FileExistsError(errno.EEXIST, "another file took the name meanwhile")
    os.unlink(name, dir_fd=folder)


def _remove_placeholder(folder: int, name: bytes, made: os.stat_result) -> None:
    found = _look(folder, name)
    if not _is_same(found, made):
        return
    if stat.S_ISDIR(found.st_mode):
        os.rmdir(name, dir_fd=folder)
    elif found.st_size == 0:
        os.unlink(name, dir_fd=folder)
