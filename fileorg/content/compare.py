"""The byte proof: whether two files hold the same, read side by side."""

from io import BufferedIOBase

from fileorg.model.entry import FileEntry, Kind
from fileorg.storage.base import ReadableStorage, in_one_service
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
    if _is_one_content(storage, one, other):
        return True
    with storage.open(one.location) as first, storage.open(other.location) as second:
        return same_bytes(first, second)


def _is_one_content(storage: ReadableStorage, one: FileEntry, other: FileEntry) -> bool:
    """Whether one server says itself that two objects hold the same."""
    number = one.fingerprint.inode
    if not number or number != other.fingerprint.inode:
        return False
    return in_one_service(storage, one.location.root, other.location.root)


def same_bytes(one: BufferedIOBase, other: BufferedIOBase) -> bool:
    """Whether two files hold the same from where they stand on; `StorageError`."""
    block, beside = bytearray(_BLOCK), bytearray(_BLOCK)
    try:
        while True:
            length = one.readinto(block)
            if other.readinto(beside) != length:
                return False
            if length < _BLOCK:  # both are at their end
                return block[:length] == beside[:length]
            if block != beside:
                return False
    except OSError as error:
        raise translated(error) from error
