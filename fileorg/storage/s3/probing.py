"""What an endpoint really does with conditions, found by trying them on keys of our own.

That it answers 200 proves nothing: what stands there afterwards does.
"""

from fileorg.errors import StorageError, StorageUnavailableError
from fileorg.model.location import shown
from fileorg.model.reason import Reason
from fileorg.storage.s3 import failures, objects
from fileorg.storage.s3.client import Bucket
from fileorg.storage.s3.copying import CONDITIONS, Conditions, Way
from fileorg.storage.s3.parts import Upload
from fileorg.storage.s3.places import quoted

_SOURCE, _TARGET = b"copied by fileorg to see what this bucket does", b"must stay as it is"
_OTHER_ETAG = "0" * 32


def probe(bucket: Bucket, scratch: bytes) -> Conditions:
    """Try with keys that begin with *scratch*, and remove them.

    `StorageUnavailableError` where nothing can be written, or not removed again.
    """
    source, target = scratch, scratch + b"-2"
    _check(bucket, source)
    try:
        objects.put(bucket, source, _SOURCE, {})
        ways = (way for way in Way if _is_kept(bucket, source, target, way))
        way = next(ways, Way.HEAD)
        objects.put(bucket, target, _TARGET, {})
        alone = _is_delete_conditional(bucket, target)
        return Conditions(way, alone, alone and _are_deletes_conditional(bucket, target))
    except StorageError as error:
        raise StorageUnavailableError(
            f"{bucket.where}: it can't be found out what it does with conditions: {error}",
            "nothing was moved; try again",
        ) from error
    finally:
        _remove(bucket, source, target)


def _remove(bucket: Bucket, *keys: bytes) -> None:
    for key in keys:
        try:
            objects.delete(bucket, key)
        except StorageError as error:
            raise StorageUnavailableError(
                f"{bucket.where}: {shown(key)} was written to try, and stays: {error}",
                "nothing was moved; remove it",
            ) from error


def _check(bucket: Bucket, key: bytes) -> None:
    """Write and remove: who can't remove would be left with two of everything."""
    doing, remedy = "written", "nothing was moved; it needs s3:PutObject"
    try:
        objects.put(bucket, key, _SOURCE, {})
        doing, remedy = "removed", f"nothing was moved; {shown(key)} was written to try, and stays"
        objects.delete(bucket, key)
    except StorageError as error:
        raise StorageUnavailableError(
            f"{bucket.where}: nothing can be {doing}: {error}", remedy
        ) from error


def _is_kept(bucket: Bucket, source: bytes, target: bytes, way: Way) -> bool:
    """Whether a copy in this way leaves what is at the target as it is."""
    if way is Way.HEAD:
        return True
    objects.put(bucket, target, _TARGET, {})
    try:
        code = (
            _in_parts(bucket, source, target)
            if way is Way.MULTIPART
            else _at_once(bucket, source, target, way)
        )
        return code == "PreconditionFailed" and _stands(bucket, target)
    except StorageError:  # one that it does not know
        return False


def _at_once(bucket: Bucket, source: bytes, target: bytes, way: Way) -> str:
    headers = {"x-amz-copy-source": f"{bucket.name}/{quoted(source)}", **CONDITIONS[way]}
    reply = bucket.ask("CopyObject", "PUT", target, headers=headers)
    if failures.is_slow(reply.status, reply.code):  # which says nothing of conditions
        raise bucket.error("CopyObject", reply)
    return reply.code


def _in_parts(bucket: Bucket, source: bytes, target: bytes) -> str:
    found = objects.head(bucket, source)
    if found is None:
        raise StorageError(Reason.VANISHED)
    return Upload(bucket, target, {}, absent=True).copied(bucket, source, found, pinned=True).code


def _stands(bucket: Bucket, target: bytes) -> bool:
    return objects.got(bucket, target, 0, 2 * len(_TARGET)) == _TARGET


def _is_delete_conditional(bucket: Bucket, target: bytes) -> bool:
    """Whether an object of another ETag stays."""
    try:
        reply = objects.delete(bucket, target, _OTHER_ETAG)
        return reply.code == "PreconditionFailed" and _stands(bucket, target)
    except StorageError:
        return False


def _are_deletes_conditional(bucket: Bucket, target: bytes) -> bool:
    """Whether, of many that are removed at once, each is only removed if it has its ETag."""
    try:
        found = objects.head(bucket, target)
        kept, _ = objects.delete_all(bucket, [(target, _OTHER_ETAG)])
        if found is None or kept or not _stands(bucket, target):
            return False
        gone, _ = objects.delete_all(bucket, [(target, found.etag)])
        return gone == {target} and objects.head(bucket, target) is None
    except StorageError:
        return False
