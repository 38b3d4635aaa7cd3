"""xxh3-128 of what files hold. It finds what may be the same; only comparing bytes proves it."""

from collections.abc import Iterable, Iterator

import xxhash

from fileorg.errors import StorageError
from fileorg.model.entry import FileEntry
from fileorg.model.location import Location
from fileorg.model.reason import Reason
from fileorg.storage.base import ReadableStorage
from fileorg.storage.translate import translated

SMALL = 64 << 10
"""Up to this size a file is read whole at once."""

END = 4 << 10
"""What is read of each end of a larger one."""

ENDS = 2 * END
"""Up to this size both ends are the whole file."""

_BLOCK = 256 << 10

digest = xxhash.xxh3_128_digest
Running = xxhash.xxh3_128


def marks(
    storage: ReadableStorage, files: Iterable[FileEntry], tail_from: int
) -> Iterator[bytes | StorageError]:
    """Yield the digest of each small file, and of the ends of each large one, or what went wrong.

    The last block is read of files from *tail_from* bytes on.
    """
    asked = list(files)
    wanted = [(e.location, s if (s := e.fingerprint.size) <= SMALL else END) for e in asked]
    contents = storage.read_each(wanted)
    for entry, (location, length), content in zip(asked, wanted, contents, strict=True):
        size = entry.fingerprint.size
        if isinstance(content, StorageError):
            yield content
        elif len(content) < length:
            yield StorageError(Reason.CHANGED)
        elif size <= SMALL or size < tail_from:
            yield digest(content)
        else:
            try:
                tail = storage.read(location, size - END, END)
            except StorageError as error:
                yield error
            else:
                yield digest(content + tail) if len(tail) == END else StorageError(Reason.CHANGED)


def heads(storage: ReadableStorage, files: Iterable[FileEntry]) -> Iterator[bytes | StorageError]:
    """Yield the digest of the first block of each file, of a file of two blocks of both."""
    asked = list(files)
    wanted = [(e.location, s if (s := e.fingerprint.size) <= ENDS else END) for e in asked]
    for (_, length), content in zip(wanted, storage.read_each(wanted), strict=True):
        yield _of(content, length)


def tails(storage: ReadableStorage, files: Iterable[FileEntry]) -> Iterator[bytes | StorageError]:
    """Yield the digest of the last block of each file, or what went wrong."""
    for entry in files:
        try:
            content = storage.read(entry.location, entry.fingerprint.size - END, END)
        except StorageError as error:
            yield error
        else:
            yield _of(content, END)


def _of(content: bytes | StorageError, length: int) -> bytes | StorageError:
    if isinstance(content, StorageError):
        return content
    return digest(content) if len(content) == length else StorageError(Reason.CHANGED)


def of_whole(storage: ReadableStorage, location: Location) -> bytes:
    """Return the digest of all that a file holds; `StorageError` where it can't be read."""
    running = Running()
    with storage.open(location) as file:
        try:
            while block := file.read(_BLOCK):
                running.update(block)
        except OSError as error:
            raise translated(error) from error
    return running.digest()
