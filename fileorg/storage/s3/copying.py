"""Copies by the server: never onto anything, verified, settled if in doubt."""

from enum import StrEnum
from typing import NamedTuple

from fileorg.errors import StorageError
from fileorg.model.entry import Fingerprint
from fileorg.model.reason import Reason
from fileorg.storage.s3 import objects, parts
from fileorg.storage.s3.client import Bucket, Reply
from fileorg.storage.s3.metadata import TAGS, Head, directed, is_copy, is_dressed, tagging, written
from fileorg.storage.s3.places import LONGEST_KEY, digest, quoted

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


class Conditions(NamedTuple):
    """How nothing is overwritten, and whether one removal, or one of many, can have a condition."""

    way: Way
    conditional_delete: bool
    conditional_deletes: bool = False


class Copy(NamedTuple):
    """One that is wanted: from a key of some bucket to a key, and if it takes one before back."""

    origin: Bucket
    source: bytes
    target: bytes
    restore: bool = False


def inode_of(etag: str) -> int:
    """Return the number that the content of an object is known by."""
    return digest(etag.encode())


def copy(
    bucket: Bucket, wanted: Copy, expected: Fingerprint, conditions: Conditions
) -> tuple[Head, Head]:
    """Copy an object that is as *expected* into a bucket, where nothing is; return both.

    Errors: `VANISHED` and `CHANGED` of the source, `TARGET_EXISTS`, `MISMATCH`, `NAME_TOO_LONG`.
    """
    way = conditions.way
    if len(wanted.target) > LONGEST_KEY:
        raise StorageError(Reason.NAME_TOO_LONG, "a key has at most 1,024 bytes")
    source = objects.head(wanted.origin, wanted.source)
    if source is None:
        raise StorageError(Reason.VANISHED)
    if source.size != expected.size or inode_of(source.etag) != expected.inode:
        raise StorageError(Reason.CHANGED)
    at_once = source.size <= LARGEST_COPY and way is not Way.MULTIPART
    is_free = at_once and way is not Way.HEAD  # the server looks itself
    if not is_free and objects.head(bucket, wanted.target) is not None:
        raise StorageError(Reason.TARGET_EXISTS)
    tags = [] if at_once else objects.tags_of(wanted.origin, wanted.source)
    if at_once:
        reply = _at_once(bucket, wanted, source, way)
    else:
        reply = _anew(bucket, wanted, source, tags, way)
    try:
        made = _verified(bucket, wanted, source, reply)
        if tags and sorted(objects.tags_of(bucket, wanted.target)) != sorted(tags):
            objects.put_tags(bucket, wanted.target, tags)  # of a server that forgot them
    except StorageError as error:
        if reply.fault is not None:  # nothing was made
            raise
        left = unmade(bucket, wanted.target, parts.etag_made(reply), conditions)
        raise StorageError(error.reason, str(error), left) from error
    return source, made


def unmade(bucket: Bucket, key: bytes, etag: str, conditions: Conditions) -> int:
    """Remove what was just written to a key and has this *etag*; return its number if it stays.

    What another program has written there since is no longer ours, and stays as well.
    """
    try:
        if not conditions.conditional_delete:
            found = objects.head(bucket, key)
            if found is None or found.etag != etag:
                return 0
        objects.delete(bucket, key, etag if conditions.conditional_delete else "")
    except StorageError:
        return inode_of(etag)
    return 0


def _at_once(bucket: Bucket, wanted: Copy, source: Head, way: Way) -> Reply:
    headers = {
        "x-amz-copy-source": f"{wanted.origin.name}/{quoted(wanted.source)}",
        "x-amz-copy-source-if-match": f'"{source.etag}"',
        **directed(source, restore=wanted.restore),
        **CONDITIONS.get(way, {}),
    }
    return bucket.done(
        "CopyObject", "PUT", wanted.target, headers=headers, unless=("PreconditionFailed",)
    )


def _anew(
    bucket: Bucket, wanted: Copy, source: Head, tags: list[tuple[str, str]], way: Way
) -> Reply:
    """Copy in parts, or write what has no parts because it is empty."""
    headers = written(source, restore=wanted.restore)
    if tags:
        headers[TAGS] = tagging(tags)
    if not source.size:
        return objects.put(bucket, wanted.target, b"", headers | {"if-none-match": "*"})
    upload = parts.Upload(bucket, wanted.target, headers, absent=way is not Way.HEAD)
    # R2 does not know this condition, and may refuse it.
    return upload.copied(wanted.origin, wanted.source, source, pinned=way is not Way.R2)


def _verified(bucket: Bucket, wanted: Copy, source: Head, reply: Reply) -> Head:
    """Return the copy as it stands there: `MISMATCH` if it is wrong.

    If a condition did not hold, an earlier try may have done the work, unless that is for others.
    """
    made = objects.head(bucket, wanted.target)
    is_right = (
        made is not None
        and is_copy(made, source)
        and is_dressed(made, source, restore=wanted.restore)
    )
    if made is not None and is_right and (reply.fault is None or reply.unsure):
        return made
    if reply.fault is not None:
        raise StorageError(Reason.CHANGED if made is None else Reason.TARGET_EXISTS)
    raise StorageError(Reason.MISMATCH, "the server's copy lacks content or metadata")
