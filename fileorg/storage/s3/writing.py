"""New objects of what comes from elsewhere: in one request, or in parts; never onto anything."""

import hashlib
import mimetypes
from collections.abc import Iterator
from io import BufferedIOBase

from fileorg.errors import StorageError
from fileorg.model.location import text
from fileorg.model.reason import Reason
from fileorg.storage.s3 import objects
from fileorg.storage.s3.client import Bucket, Reply
from fileorg.storage.s3.copying import Way
from fileorg.storage.s3.metadata import MTIME, Head, decimal, is_digest
from fileorg.storage.s3.parts import Upload
from fileorg.storage.s3.places import LONGEST_KEY

PART = 64 << 20


def write(bucket: Bucket, key: bytes, content: BufferedIOBase, mtime_ns: int, way: Way) -> Head:
    """Write an object of what can be read, with its time as metadata; return it as it stands.

    Errors: `TARGET_EXISTS`, `MISMATCH`, `NAME_TOO_LONG`.
    """
    if len(key) > LONGEST_KEY:
        raise StorageError(Reason.NAME_TOO_LONG, "a key has at most 1,024 bytes")
    if objects.head(bucket, key) is not None:
        raise StorageError(Reason.TARGET_EXISTS)
    headers = {MTIME: decimal(mtime_ns), "content-type": _type_of(key)}
    absent = way is not Way.HEAD
    first = content.read(PART)
    if len(first) < PART:
        condition = {"if-none-match": "*"} if absent else {}
        reply = objects.put(bucket, key, first, headers | condition)
        return _checked(bucket, key, reply, len(first), hashlib.md5(first, usedforsecurity=False))
    blocks = _Blocks(first, content)
    reply = Upload(bucket, key, headers, absent=absent).sent(blocks)
    return _checked(bucket, key, reply, blocks.size)


class _Blocks:
    """The *first* block of some content and the rest of it, counted as they pass."""

    def __init__(self, first: bytes, content: BufferedIOBase) -> None:
        self._first, self._content = first, content
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        block = self._first
        while block:
            self.size += len(block)
            yield block
            block = self._content.read(PART)


def _checked(
    bucket: Bucket, key: bytes, reply: Reply, size: int, digest: "hashlib._Hash | None" = None
) -> Head:
    """Return the object as it stands there, if it is what was written; the server checked sums.

    If a condition did not hold, an earlier try may have done the work.
    """
    made = objects.head(bucket, key)
    is_right = made is not None and made.size == size
    if made is not None and digest is not None and is_digest(made):
        is_right = is_right and made.etag == digest.hexdigest()
    if made is not None and is_right and (reply.fault is None or reply.unsure):
        return made
    if reply.fault is not None:
        raise StorageError(Reason.TARGET_EXISTS)
    raise StorageError(Reason.MISMATCH, "the server has something else than was sent")


def _type_of(key: bytes) -> str:
    """Return the type that a browser is told, by the extension."""
    return mimetypes.guess_type(text(key))[0] or "application/octet-stream"
