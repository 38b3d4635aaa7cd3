"""System calls that Python 3.11 does not offer, by ctypes; each raises `OSError` with its errno."""

import ctypes
import errno
import os
import struct
import sys
from collections.abc import Callable
from functools import lru_cache

_libc = ctypes.CDLL(None, use_errno=True)
_syscall = _libc.syscall
_OPENAT2 = 437  # one number on every Linux architecture
_MNT_ID_UNIQUE, _MNT_ID_AT = 0x4000, 144  # of statx(2), since Linux 6.8
_AT_FDCWD = -100
_RESOLVE = 0x02 | 0x04 | 0x08  # no magic links, no symlinks, beneath
_RACED = frozenset((errno.EAGAIN, errno.EINTR))  # a rename elsewhere, says openat2(2)
_NOT_SO = frozenset((errno.ENAMETOOLONG, errno.ENOSYS, errno.EPERM))
_TRIES = 16
_NOREPLACE = 1
_RENAME_EXCL = 4  # macOS

_NAME = ctypes.c_char_p
_INT = ctypes.c_int
_STEP = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW


class _OpenHow(ctypes.Structure):
    _fields_ = (
        ("flags", ctypes.c_uint64),
        ("mode", ctypes.c_uint64),
        ("resolve", ctypes.c_uint64),
    )


_HOW_SIZE = ctypes.sizeof(_OpenHow)


def _function(name: str) -> "ctypes._NamedFuncPointer | None":
    function = getattr(_libc, name, None)
    if function is not None:
        function.argtypes = (_INT, _NAME, _INT, _NAME, ctypes.c_uint)
        function.restype = _INT
    return function


_EXCLUSIVE = _RENAME_EXCL if sys.platform == "darwin" else _NOREPLACE
_renameat = _function("renameatx_np" if sys.platform == "darwin" else "renameat2")


def rename_no_replace(source_fd: int, source: bytes, target_fd: int, target: bytes) -> None:
    """Rename relative to folder handles; `EEXIST` if the target name is taken."""
    if _renameat is None:
        raise OSError(errno.ENOSYS, "no renameat2")
    if _renameat(source_fd, source, target_fd, target, _EXCLUSIVE):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def open_beneath(root_fd: int, path: bytes, flags: int) -> int:
    """Open *path* below *root_fd* without following any symlink, however it is swapped."""
    return beneath(flags)(root_fd, path)


@lru_cache(maxsize=16)
def beneath(flags: int) -> Callable[[int, bytes], int]:
    """Return `open_beneath` for many files of the same *flags*."""
    how = ctypes.byref(_OpenHow(flags | os.O_CLOEXEC, 0, _RESOLVE))

    def opened(root_fd: int, path: bytes) -> int:
        if b"\0" in path or (b".." in path and b".." in path.split(b"/")):
            raise OSError(errno.EINVAL, "no path below its root")
        if not _openat2_works:
            return walk_beneath(root_fd, path, flags)
        for _ in range(_TRIES):
            handle: int = _syscall(_OPENAT2, root_fd, path, how, _HOW_SIZE)
            if handle >= 0:
                return handle
            code = ctypes.get_errno()
            if code not in _RACED:
                break
        if code in _RACED or code in _NOT_SO:
            return walk_beneath(root_fd, path, flags)
        raise OSError(code, os.strerror(code))

    return opened


def walk_beneath(root_fd: int, path: bytes, flags: int) -> int:
    """Do as `open_beneath` by one `O_NOFOLLOW` step a component: any length, any kernel."""
    *folders, last = path.split(b"/")
    handle = root_fd
    try:
        for name in folders:
            step = os.open(name, _STEP, dir_fd=handle)
            if handle != root_fd:
                os.close(handle)
            handle = step
        return os.open(last or b".", flags | os.O_NOFOLLOW, dir_fd=handle)
    finally:
        if handle != root_fd:
            os.close(handle)


def sync_file_system(handle: int) -> None:
    """Make everything written to the handle's file system durable: `syncfs`, else `sync`."""
    if not hasattr(_libc, "syncfs"):
        os.sync()
    elif _libc.syncfs(handle):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def mount_number(path: bytes) -> int | None:
    """Return the number that the mount at *path* alone has had since boot; None where unknown."""
    if not hasattr(_libc, "statx"):
        return None
    found = ctypes.create_string_buffer(256)
    if _libc.statx(_AT_FDCWD, path, 0, _MNT_ID_UNIQUE, found):
        return None
    (answered,) = struct.unpack_from("I", found)
    (number,) = struct.unpack_from("Q", found, _MNT_ID_AT)
    return int(number) if answered & _MNT_ID_UNIQUE else None


def _probe_openat2() -> bool:
    how = _OpenHow(os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, 0, 0)
    handle: int = _libc.syscall(_OPENAT2, _AT_FDCWD, b"/", ctypes.byref(how), ctypes.sizeof(how))
    if handle >= 0:
        os.close(handle)
    return handle >= 0


_openat2_works = sys.platform == "linux" and _probe_openat2()
