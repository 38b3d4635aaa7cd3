"""Writing a new local file of what comes from elsewhere, proven by what is read back."""

import os
from io import BufferedIOBase

import xxhash

from fileorg.errors import StorageError
from fileorg.model.reason import Reason
from fileorg.storage import copying

_BLOCK = 1 << 20
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def write(folder: int, name: bytes, content: BufferedIOBase, mtime_ns: int) -> None:
    """Write a new file of what can be read, with a time; what fails leaves nothing.

    `MISMATCH` if what is read back is something else.
    """
    handle = os.open(name, _NEW, 0o666, dir_fd=folder)
    try:
        _write_all(handle, content)
        os.utime(handle, ns=(mtime_ns, mtime_ns))
    except BaseException:
        copying.remove_own(folder, name, os.fstat(handle))
        raise
    finally:
        os.close(handle)


def _write_all(handle: int, content: BufferedIOBase) -> None:
    """Write all that can be read; `MISMATCH` if that is not what is read back."""
    digest = xxhash.xxh3_128()
    while block := content.read(_BLOCK):
        digest.update(block)
        view = memoryview(block)
        while view:
            view = view[os.write(handle, view) :]
    back, position = xxhash.xxh3_128(), 0
    while block := os.pread(handle, _BLOCK, position):
        back.update(block)
        position += len(block)
    if back.digest() != digest.digest():
        raise StorageError(Reason.MISMATCH)
