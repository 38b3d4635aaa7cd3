"""Writing a new local file of what comes from elsewhere, proven by what is read back."""

import os
from io import BufferedIOBase

import xxhash

from fileorg.errors import StorageError
from fileorg.model.entry import FileEntry
from fileorg.model.location import Location
from fileorg.model.reason import Reason
from fileorg.storage import copying
from fileorg.storage.handles import Handles
from fileorg.storage.translate import translated

_BLOCK = 1 << 20
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class LocalWriting:
    """The verb `write` of local folders."""

    _handles: Handles

    def stat(self, location: Location) -> FileEntry:
        """Return the entry at *location*."""
        raise NotImplementedError

    def write(self, target: Location, content: BufferedIOBase, mtime_ns: int) -> FileEntry:
        """Write a new file of what can be read, with a time."""
        try:
            folder, name = self._handles.at(target)
            handle = os.open(name, _NEW, 0o666, dir_fd=folder)
        except OSError as error:
            failure = translated(error)
            gone = failure.reason is Reason.VANISHED
            raise StorageError(Reason.FOLDER_GONE if gone else failure.reason) from error
        try:
            _write_all(handle, content)
            os.utime(handle, ns=(mtime_ns, mtime_ns))
        except BaseException as error:
            copying.remove_own(folder, name, os.fstat(handle))
            if isinstance(error, OSError):
                raise translated(error) from error
            raise
        finally:
            os.close(handle)
        return self.stat(target)


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
