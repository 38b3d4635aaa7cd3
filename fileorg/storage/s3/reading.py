"""An object as a file to read: each read asks for a range, of the version that was opened."""

import io
from typing import TYPE_CHECKING

from fileorg.storage.s3 import objects
from fileorg.storage.s3.client import Bucket
from fileorg.storage.s3.metadata import Head

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

ASKED = 4 << 20


class _Ranges(io.RawIOBase):
    def __init__(self, bucket: Bucket, key: bytes, head: Head) -> None:
        super().__init__()
        self._bucket, self._key, self._head, self._at = bucket, key, head, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._head.size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer).cast("B")
        length = min(len(view), self._head.size - self._at)
        found = objects.got(self._bucket, self._key, self._at, length, self._head.etag)
        view[: len(found)] = found
        self._at += len(found)
        return len(found)


def opened(bucket: Bucket, key: bytes, head: Head) -> io.BufferedReader:
    """Return a file of an object that reads a few MiB at a time."""
    return io.BufferedReader(_Ranges(bucket, key, head), ASKED)
