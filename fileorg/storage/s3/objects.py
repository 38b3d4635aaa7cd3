"""What can be asked of one object: its headers, its bytes, to be written, to be removed."""

import base64
import hashlib
from collections.abc import Mapping, Sequence

from fileorg.errors import StorageError, StorageUnavailableError
from fileorg.model.reason import Reason
from fileorg.storage.s3.client import Bucket, Reply
from fileorg.storage.s3.documents import DocumentError, removal, removed, tag_set, tags
from fileorg.storage.s3.metadata import Head, head_of

GONE = ("NoSuchKey", "NotFound")
_NO_DOCUMENT = (400, 403)
_NO_TAGS = ("NotImplemented", "MethodNotAllowed", "NoSuchTagSet", "InvalidRange")
_ROOM_FOR_TAGS = "bytes=0-65535"  # a server that knows no tags answers with the object
_MOST_AT_ONCE = 16 << 20


def head(bucket: Bucket, key: bytes) -> Head | None:
    """Return what HEAD tells of an object, None where there is none."""
    headers = {"x-amz-checksum-mode": "ENABLED"}
    reply = bucket.ask("HeadObject", "HEAD", key, headers=headers)
    if reply.status in _NO_DOCUMENT:  # what is wrong, only an answer with a body says
        reply = bucket.ask("GetObject", "GET", key, headers={"range": "bytes=0-0"})
        if reply.fault is None:
            raise StorageError(Reason.PERMISSION, "HeadObject is denied, GetObject is not")
        raise bucket.error("GetObject", reply)
    if reply.code in GONE:
        return None
    if reply.fault is not None:
        raise bucket.error("HeadObject", reply)
    try:
        return head_of(reply.headers)
    except DocumentError as error:
        raise _strange(bucket, error) from error


def got(bucket: Bucket, key: bytes, start: int, length: int, etag: str = "") -> bytes:
    """Return up to *length* bytes of an object from *start* on; `CHANGED` if it is another now."""
    if length > _MOST_AT_ONCE:
        pieces = range(start, start + length, _MOST_AT_ONCE)
        ends = (min(_MOST_AT_ONCE, start + length - piece) for piece in pieces)
        return b"".join(
            got(bucket, key, piece, size, etag) for piece, size in zip(pieces, ends, strict=True)
        )
    if length <= 0:
        return b""
    headers = {"range": f"bytes={start}-{start + length - 1}"}
    if etag:
        headers["if-match"] = f'"{etag}"'
    reply = bucket.done("GetObject", "GET", key, headers=headers, unless=("InvalidRange",))
    if reply.fault is not None:
        return b""
    if "content-range" in reply.headers:
        return reply.body[:length]
    return reply.body[start : start + length]  # from a server that does not know ranges


def put(bucket: Bucket, key: bytes, body: bytes, headers: Mapping[str, str]) -> Reply:
    """Write an object, in one request; the answer may be a condition that does not hold.

    The server checks its sum, which a bucket with locks demands.
    """
    told = {**headers, **sum_of(body)}
    return bucket.done(
        "PutObject", "PUT", key, headers=told, body=body, unless=("PreconditionFailed",)
    )


def delete(bucket: Bucket, key: bytes, etag: str = "") -> Reply:
    """Remove an object, with *etag* only the one that has it: else `PreconditionFailed`."""
    headers = {"if-match": f'"{etag}"'} if etag else {}
    unless = ("PreconditionFailed", *GONE)
    return bucket.done("DeleteObject", "DELETE", key, headers=headers, unless=unless)


def delete_all(bucket: Bucket, wanted: Sequence[tuple[bytes, str]]) -> tuple[set[bytes], bool]:
    """Remove objects, each only while it has its ETag; return the keys of which that is certain.

    And whether others may be gone as well, because a try was not answered.
    """
    body = removal(wanted)
    reply = bucket.ask("DeleteObjects", "POST", None, {"delete": ""}, sum_of(body), body)
    try:
        return (removed(reply.body) if reply.fault is None else set()), reply.unsure
    except DocumentError:
        return set(), True


def tags_of(bucket: Bucket, key: bytes) -> list[tuple[str, str]]:
    """Return the tags of an object; none where the server knows no tags."""
    reply = bucket.done(
        "GetObjectTagging", "GET", key, {"tagging": ""}, {"range": _ROOM_FOR_TAGS}, unless=_NO_TAGS
    )
    if reply.fault is not None or not reply.body or "content-range" in reply.headers:
        return []
    try:
        return tags(reply.body)
    except DocumentError as error:
        raise _strange(bucket, error) from error


def put_tags(bucket: Bucket, key: bytes, wanted: list[tuple[str, str]]) -> None:
    """Give an object its tags."""
    body = tag_set(wanted)
    bucket.done("PutObjectTagging", "PUT", key, {"tagging": ""}, sum_of(body), body)


def sum_of(body: bytes) -> dict[str, str]:
    """Return the header that has a server check what it is sent."""
    digest = hashlib.md5(body, usedforsecurity=False).digest()
    return {"content-md5": base64.b64encode(digest).decode()}


def _strange(bucket: Bucket, error: DocumentError) -> StorageUnavailableError:
    return StorageUnavailableError(
        f"{bucket.where}: {error}", "is the endpoint one that speaks S3?"
    )
