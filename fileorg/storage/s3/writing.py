"""New objects of what comes from elsewhere: in one request, or in parts; never onto anything."""

import hashlib
import mimetypes
from collections.abc import Iterator, Mapping
from io import BufferedIOBase

from fileorg.errors import StorageError
from fileorg.model.location import text
from fileorg.model.reason import Reason
from fileorg.storage.s3 import objects
from fileorg.storage.s3.client import Bucket, Reply
from fileorg.storage.s3.copying import Conditions, Way, unmade
from fileorg.storage.s3.metadata import MTIME, TAGS, Head, decimal, is_digest
from fileorg.storage.s3.parts import Upload, etag_made
from fileorg.storage.s3.places import LONGEST_KEY

PART = 64 << 20


def told_of(key: bytes, mtime_ns: int) -> dict[str, str]:
    """Return the headers of what was a file: its time, and the type that its name has."""
    return {MTIME: decimal(mtime_ns), "content-type": _type_of(key)}


def write(
    bucket: Bucket,
    key: bytes,
    content: BufferedIOBase,
    headers: Mapping[str, str],
    conditions: Conditions,
) -> Head:
    """Write an object of what can be read, with such *headers*; return it as it stands.

    Tags are left out for a server that has none. Errors: `TARGET_EXISTS`, `MISMATCH`,
    `NAME_TOO_LONG`.
    """
    if len(key) > LONGEST_KEY:
        raise StorageError(Reason.NAME_TOO_LONG, "a key has at most 1,024 bytes")
    if objects.head(bucket, key) is not None:
        raise StorageError(Reason.TARGET_EXISTS)
    blocks = _Blocks(content.read(PART), content)
    try:
        return _sent(bucket, key, blocks, dict(headers), conditions)
    except StorageError as error:
        if TAGS not in headers or error.reason is not Reason.UNSUPPORTED:
            raise
    untagged = {name: held for name, held in headers.items() if name != TAGS}
    return _sent(bucket, key, blocks, untagged, conditions)


def _sent(
    bucket: Bucket, key: bytes, blocks: "_Blocks", headers: dict[str, str], conditions: Conditions
) -> Head:
    first, absent, digest = blocks.first, conditions.way is not Way.HEAD, None
    if len(first) < PART:
        condition = {"if-none-match": "*"} if absent else {}
        reply = objects.put(bucket, key, first, headers | condition)
        blocks.size, digest = len(first), hashlib.md5(first, usedforsecurity=False)
    else:
        reply = Upload(bucket, key, headers, absent=absent).sent(blocks)
    try:
        return _checked(bucket, key, reply, blocks.size, digest)
    except StorageError as error:
        if reply.fault is not None:  # nothing was made
            raise
        left = unmade(bucket, key, etag_made(reply), conditions)
        raise StorageError(error.reason, str(error), left) from error


class _Blocks:
    """The *first* block of some content and the rest of it, counted as they pass."""

    def __init__(self, first: bytes, content: BufferedIOBase) -> None:
        self.first, self._content = first, content
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        block = self.first
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
