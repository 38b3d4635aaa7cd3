"""Copying a file between devices with its holes and metadata, and dressing new folders."""

import contextlib
import errno
import os
import stat
import struct
from collections.abc import Iterator

from fileorg.errors import StorageError
from fileorg.model.entry import Fingerprint, FolderFacts
from fileorg.model.location import Location
from fileorg.model.reason import Reason
from fileorg.storage.facts import entry_of

READ_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

WRITE_FILE = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

_BLOCK = 1 << 20
_FIDEDUPERANGE = 0xC0189436
_SHARE = struct.Struct("=QQHHIqQQiI")  # source: start, length, count; target: handle, start ...
_SHARED_AT_ONCE = 16 << 20  # what every file system takes at once
_DIFFERS = 1
_NO_ATTRIBUTES = {errno.EOPNOTSUPP, errno.EPERM, errno.EACCES}
_TOO_BIG = {errno.ENOSPC, errno.E2BIG, errno.ERANGE}
_NOWHERE = Location(0, b"")


def copy_file(
    source_fd: int, source: bytes, target_fd: int, target: bytes, expected: Fingerprint
) -> None:
    """Write *target*, which must be absent, as *source*: data, holes, times, mode, xattrs, owner.

    Owner and group are kept when root; without them the setuid and setgid bits are dropped.
    `CHANGED` if the source is not as *expected*, before and after. A failure leaves no *target*.
    """
    reading = _open_source(source_fd, source)
    try:
        before = os.fstat(reading)
        if not stat.S_ISREG(before.st_mode):
            raise StorageError(Reason.SPECIAL)
        _check(before, expected)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        writing = os.open(target, flags, 0o600, dir_fd=target_fd)
        try:
            _copy_data(reading, writing, before.st_size)
            _copy_metadata(reading, writing, before)
            _check(os.fstat(reading), expected)
        except BaseException:
            remove_own(target_fd, target, os.fstat(writing))
            raise
        finally:
            os.close(writing)
    finally:
        os.close(reading)


def copy_symlink(
    source_fd: int, source: bytes, target_fd: int, target: bytes, expected: Fingerprint
) -> None:
    """Make *target*, which must be absent, a symlink to what *source* points to."""
    found = os.stat(source, dir_fd=source_fd, follow_symlinks=False)
    _check(found, expected)
    os.symlink(os.readlink(source, dir_fd=source_fd), target, dir_fd=target_fd)
    made = os.stat(target, dir_fd=target_fd, follow_symlinks=False)
    try:
        if os.geteuid() == 0:
            os.chown(target, found.st_uid, found.st_gid, dir_fd=target_fd, follow_symlinks=False)
        times = (found.st_atime_ns, found.st_mtime_ns)
        os.utime(target, ns=times, dir_fd=target_fd, follow_symlinks=False)
    except OSError:
        remove_own(target_fd, target, made)
        raise


def make_folder(
    parent: int, name: bytes, facts: FolderFacts | None, root: os.stat_result
) -> os.stat_result:
    """Make a folder with owner, group and setgid of its root, or with all that *facts* say."""
    os.mkdir(name, 0o777 if facts is None else 0o700, dir_fd=parent)
    try:
        return dress_folder(parent, name, facts, root)
    except OSError:
        with contextlib.suppress(OSError):
            os.rmdir(name, dir_fd=parent)
        raise


def dress_folder(
    parent: int, name: bytes, facts: FolderFacts | None, root: os.stat_result
) -> os.stat_result:
    """Give a folder the owner, group and mode that `make_folder` gives it."""
    handle = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=parent)
    try:
        _dress(handle, facts, root)
        return os.fstat(handle)
    finally:
        os.close(handle)


def share_blocks(reading: int, writing: int) -> None:
    """Have two files share their blocks, range by range, as far as the kernel finds them the same.

    It compares under a lock: FIDEDUPERANGE of ioctl_fideduperange(2), not FICLONE, which trusts.
    """
    import fcntl

    size = os.fstat(reading).st_size
    if os.fstat(writing).st_size != size:
        raise StorageError(Reason.MISMATCH)
    start = 0
    while start < size:
        wanted = min(_SHARED_AT_ONCE, size - start)
        request = bytearray(_SHARE.pack(start, wanted, 1, 0, 0, writing, start, 0, 0, 0))
        fcntl.ioctl(reading, _FIDEDUPERANGE, request)
        done, status = _SHARE.unpack(request)[7:9]
        if status < 0:
            raise OSError(-status, os.strerror(-status))
        if status == _DIFFERS:
            raise StorageError(Reason.MISMATCH)
        if done == 0:  # else it could go on like this for ever
            raise StorageError(Reason.UNSUPPORTED, "the file system shared nothing")
        start += done


def remove_own(folder: int, name: bytes, made: os.stat_result) -> None:
    """Remove what this process has made under a name, unless it is something else by now."""
    with contextlib.suppress(FileNotFoundError):
        found = os.stat(name, dir_fd=folder, follow_symlinks=False)
        if (found.st_dev, found.st_ino) == (made.st_dev, made.st_ino):
            os.unlink(name, dir_fd=folder)


def _dress(handle: int, facts: FolderFacts | None, root: os.stat_result) -> None:
    made = os.fstat(handle)
    with contextlib.suppress(PermissionError):  # FAT and its kin have no owners and modes
        if os.geteuid() == 0:
            uid, gid = (root.st_uid, root.st_gid) if facts is None else (facts.uid, facts.gid)
            if (made.st_uid, made.st_gid) != (uid, gid):
                os.fchown(handle, uid, gid)
        elif facts is not None and made.st_gid != facts.gid:
            os.fchown(handle, -1, facts.gid)
    mode = stat.S_IMODE(made.st_mode) | (root.st_mode & stat.S_ISGID)
    if facts is not None:
        mode = facts.mode
    if mode != stat.S_IMODE(made.st_mode):
        with contextlib.suppress(PermissionError):
            os.fchmod(handle, mode)


def _open_source(folder: int, name: bytes) -> int:
    try:
        return os.open(name, READ_FILE, dir_fd=folder)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENXIO}:  # a symlink or a socket is there now
            raise StorageError(Reason.CHANGED) from error
        raise


def _check(found: os.stat_result, expected: Fingerprint) -> None:
    if not entry_of(_NOWHERE, found).fingerprint.is_unedited(expected):
        raise StorageError(Reason.CHANGED)


def _copy_data(reading: int, writing: int, size: int) -> None:
    os.ftruncate(writing, size)
    for start, end in _data_ranges(reading, size):
        position = start
        while position < end:
            block = os.pread(reading, min(_BLOCK, end - position), position)
            if not block:
                return  # the file shrank: its fingerprint tells, after the copy
            view = memoryview(block)
            while view:
                written = os.pwrite(writing, view, position)
                view, position = view[written:], position + written


def _data_ranges(handle: int, size: int) -> Iterator[tuple[int, int]]:
    position = 0
    while position < size:
        try:
            start = os.lseek(handle, position, os.SEEK_DATA)
            position = min(os.lseek(handle, start, os.SEEK_HOLE), size)
        except OSError as error:
            if error.errno == errno.ENXIO:  # only a hole is left
                return
            yield position, size
            return
        yield start, position


def _copy_metadata(reading: int, writing: int, source: os.stat_result) -> None:
    mode = stat.S_IMODE(source.st_mode)
    if os.geteuid() == 0:
        with contextlib.suppress(PermissionError):  # FAT and its kin have no owners and modes
            os.fchown(writing, source.st_uid, source.st_gid)
    else:
        mode &= ~(stat.S_ISUID | stat.S_ISGID)
    _copy_attributes(reading, writing)
    with contextlib.suppress(PermissionError):
        os.fchmod(writing, mode)
    os.utime(writing, ns=(source.st_atime_ns, source.st_mtime_ns))


def attribute(handle: int, name: str) -> bytes | None:
    """Return an extended attribute of an open file, None where there is none; `OSError`."""
    if not hasattr(os, "getxattr"):
        return None
    try:
        return os.getxattr(handle, name)
    except OSError as error:
        if error.errno in {*_NO_ATTRIBUTES, errno.ENODATA}:
            return None
        raise


def _copy_attributes(reading: int, writing: int) -> None:
    """Copy extended attributes; a file system that has none still takes the file."""
    if not hasattr(os, "listxattr"):
        return
    try:
        names = os.listxattr(reading)
    except OSError as error:
        if error.errno in _NO_ATTRIBUTES:
            return
        raise
    for name in names:
        try:
            os.setxattr(writing, name, os.getxattr(reading, name))
        except OSError as error:
            if error.errno in _TOO_BIG:  # not a full disk: the file stays where it is
                raise StorageError(Reason.UNSUPPORTED, f"attribute {name} is too large") from error
            if error.errno not in {*_NO_ATTRIBUTES, errno.ENODATA}:
                raise
