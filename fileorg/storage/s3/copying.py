"""Copies within a bucket, by the server: never onto anything, verified, settled if in doubt."""

from enum import StrEnum
from typing import NamedTuple

from fileorg.errors import StorageError
from fileorg.model.entry import Fingerprint
from fileorg.model.reason import Reason
from fileorg.storage.s3 import objects, parts
from fileorg.storage.s3.client import Bucket, Reply
from fileorg.storage.s3.metadata import Head, copied, directed, is_copy, is_dressed, written
from fileorg.storage.s3.places import LONGEST_KEY, number, quoted

LARGEST_COPY = 5 << 30
"""Bytes that one CopyObject carries."""


class Way(StrEnum):
    """How an endpoint is kept from copying onto what is there; the value goes into the journal."""

    IF_NONE_MATCH = "if-none-match"
    R2 = "r2"
    MULTIPART = "multipart"
    HEAD = "head"


CONDITIONS = {
    Way.IF_NONE_MATCH: {"if-none-match": "*"},
    Way.R2: {"cf-copy-destination-if-none-match": "*"},
}


class Copy(NamedTuple):
    """One that is wanted: from key to key, and whether it takes an earlier copy back."""

    source: bytes
    target: bytes
    restore: bool = False


def inode_of(etag: str) -> int:
    """Return the number that the content of an object is known by."""
    return number(etag)


def is_as_expected(found: Head, expected: Fingerprint, *, timed: bool) -> bool:
    """Whether an object is the one that was seen; *timed*: and was not written again since."""
    if found.size != expected.size or inode_of(found.etag) != expected.inode:
        return False
    return not timed or found.modified == expected.ctime_ns // 10**9


def copy(bucket: Bucket, wanted: Copy, expected: Fingerprint, way: Way) -> tuple[Head, Head]:
    """Copy an object that is as *expected* to where nothing is; return original and copy.

    Errors: `VANISHED` and `CHANGED` of the source, `TARGET_EXISTS`, `MISMATCH`, `NAME_TOO_LONG`.
    """
    if len(wanted.target) > LONGEST_KEY:
        raise StorageError(Reason.NAME_TOO_LONG, "a key has at most 1,024 bytes")
    source = objects.head(bucket, wanted.source)
    if source is None:
        raise StorageError(Reason.VANISHED)
    if not is_as_expected(source, expected, timed=not wanted.restore):
        raise StorageError(Reason.CHANGED)
    if way in {Way.HEAD, Way.MULTIPART} and objects.head(bucket, wanted.target) is not None:
        raise StorageError(Reason.TARGET_EXISTS)
    etag = _made(bucket, wanted, source, way)
    return source, _verified(bucket, wanted, source, etag)


def _made(bucket: Bucket, wanted: Copy, source: Head, way: Way) -> str:
    """Copy as the size and the endpoint need it; return the ETag, empty where none was told."""
    if source.size <= LARGEST_COPY and way is not Way.MULTIPART:
        reply = _at_once(bucket, wanted, source, way)
        told = reply.body
    elif source.size:
        headers = written(source, restore=wanted.restore) | _tags(bucket, wanted, source)
        upload = parts.Upload(bucket, wanted.target, headers, absent=way is not Way.HEAD)
        pinned = way is not Way.R2  # which does not know the condition, and may refuse it
        reply = upload.copied(wanted.source, source, pinned=pinned)
        told = reply.body
    else:  # nothing has no parts
        headers = written(source, restore=wanted.restore) | _tags(bucket, wanted, source)
        absent = {"if-none-match": "*"}
        reply = objects.put(bucket, wanted.target, b"", headers | absent)
        told = b""
    if reply.fault is not None:
        return _settled(bucket, wanted, source, reply)
    return parts.etag_of(told) if told else ""


def _at_once(bucket: Bucket, wanted: Copy, source: Head, way: Way) -> Reply:
    headers = {
        "x-amz-copy-source": f"{bucket.name}/{quoted(wanted.source)}",
        "x-amz-copy-source-if-match": f'"{source.etag}"',
        **directed(source, restore=wanted.restore),
        **CONDITIONS.get(way, {}),
    }
    return bucket.done(
        "CopyObject", "PUT", wanted.target, headers=headers, unless=("PreconditionFailed",)
    )


def _tags(bucket: Bucket, wanted: Copy, source: Head) -> dict[str, str]:
    """Return the header with the tags, which only CopyObject copies by itself."""
    return {"x-amz-tagging": objects.tags_of(bucket, wanted.source)} if source.has_tags else {}


def _settled(bucket: Bucket, wanted: Copy, source: Head, reply: Reply) -> str:
    """Find out which condition did not hold; if an earlier try did the work, that is success."""
    there = objects.head(bucket, wanted.target)
    if there is None:
        raise StorageError(Reason.CHANGED)
    expected = copied(source, restore=wanted.restore)
    if reply.unsure and is_copy(there, source) and there.metadata == expected:
        return there.etag
    raise StorageError(Reason.TARGET_EXISTS)


def _verified(bucket: Bucket, wanted: Copy, source: Head, etag: str) -> Head:
    """Return the copy as it stands there; one that is wrong is removed: `MISMATCH`."""
    made = objects.head(bucket, wanted.target)
    if made is None:
        raise StorageError(Reason.MISMATCH, "the server made a copy that is not there")
    if etag and made.etag != etag:
        raise StorageError(Reason.MISMATCH, "the copy was replaced while it was looked at")
    if not is_copy(made, source) or not is_dressed(made, source, restore=wanted.restore):
        objects.delete(bucket, wanted.target, made.etag)
        raise StorageError(Reason.MISMATCH, "the server's copy lacks content or metadata")
    return made
