"""The byte proof: whether two files hold the same, read side by side."""

from typing import BinaryIO

from fileorg.model.entry import FileEntry, Kind
from fileorg.storage.base import ReadableStorage
from fileorg.storage.translate import translated

_BLOCK = 1 << 18


def same_content(storage: ReadableStorage, one: FileEntry, other: FileEntry) -> bool:
    """Whether two files or symlinks hold the same bytes; `StorageError` if one can't be read."""
    if one.kind is not other.kind or one.fingerprint.size != other.fingerprint.size:
        return False
    if one.kind is Kind.SYMLINK:
        return storage.link_target(one.location) == storage.link_target(other.location)
    if one.kind is not Kind.FILE:
        return False
    with storage.open(one.location) as first, storage.open(other.location) as second:
        return same_bytes(first, second)


def same_bytes(one: BinaryIO, other: BinaryIO) -> bool:
    """Whether two files hold the same from where they stand on; `StorageError`."""
    try:
        while True:
            block = one.read(_BLOCK)
            if block != other.read(_BLOCK):
                return False
            if not block:
                return True
    except OSError as error:
        raise translated(error) from error
