"""The removal of one object, and of no other that may have come to its key."""

from fileorg.errors import StorageError
from fileorg.model.entry import Fingerprint
from fileorg.model.reason import Reason
from fileorg.storage.s3 import objects
from fileorg.storage.s3.client import Bucket
from fileorg.storage.s3.copying import inode_of


def remove(
    bucket: Bucket, key: bytes, expected: Fingerprint, etag: str, *, conditional: bool
) -> None:
    """Remove an object while its content is as *expected*: `VANISHED`, `NOT_OURS`, `PERMISSION`.

    Where the server minds conditions and the *etag* is known, it is the one who looks; else we
    look just before.
    """
    if not etag:
        found = objects.head(bucket, key)
        if found is None:
            raise StorageError(Reason.VANISHED)
        if inode_of(found.etag) != expected.inode or found.size != expected.size:
            raise StorageError(Reason.NOT_OURS)
        etag = found.etag
    reply = objects.delete(bucket, key, etag if conditional else "")
    if reply.fault is None or reply.unsure:
        return _settle(bucket, key, etag) if reply.fault else None
    raise StorageError(Reason.VANISHED if reply.code in objects.GONE else Reason.NOT_OURS)


def _settle(bucket: Bucket, key: bytes, etag: str) -> None:
    """Look what became of a removal of which a try had no answer: gone is what was wanted."""
    found = objects.head(bucket, key)
    if found is not None and found.etag != etag:
        raise StorageError(Reason.NOT_OURS)
    if found is not None:
        raise StorageError(Reason.IO_ERROR, "it can't be told whether it was removed")
