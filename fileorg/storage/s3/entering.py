"""The first look at buckets: that they are there, may be listed, and in which region they are."""

import secrets
from collections.abc import Sequence
from contextlib import closing

from fileorg.errors import StorageError, StorageUnavailableError
from fileorg.model.location import Root, shown
from fileorg.model.reason import Reason
from fileorg.storage.asked import ANY, Asked
from fileorg.storage.s3 import objects
from fileorg.storage.s3.client import Bucket, Reply
from fileorg.storage.s3.copying import Conditions
from fileorg.storage.s3.endpoints import Endpoint, checked_region, device_of
from fileorg.storage.s3.folders import Folders
from fileorg.storage.s3.listing import page_of, query_of
from fileorg.storage.s3.places import Place, place_of
from fileorg.storage.s3.probing import probe
from fileorg.storage.s3.roots import endpoint_of
from fileorg.storage.s3.session import Keys
from fileorg.storage.s3.usage import Usage


class Entered:
    """A bucket that has answered, its folders, and what it does with conditions."""

    def __init__(self, bucket: Bucket, roots: Sequence[Root], places: Sequence[Place]) -> None:
        self.bucket = bucket
        self.folders = Folders(bucket, roots, places)
        self._conditions: Conditions | None = None

    def conditions(self, place: Place, scratch: bytes = b"") -> Conditions:
        """Return what the server does, tried once with a key below *place* named *scratch*."""
        if self._conditions is None:
            name = scratch or b".fileorg-probe-" + secrets.token_hex(8).encode()
            self._conditions = probe(self.bucket, place.key(name))
        return self._conditions


def entered(
    roots: Sequence[Root], places: Sequence[Place], kept: str, at_once: int
) -> list[Entered]:
    """Return the bucket of each of *roots*, which are of one service, once it has answered.

    Errors: `UsageError`, `StorageUnavailableError`.
    """
    endpoint = endpoint_of(places[0].path, kept)
    keys, usage = Keys(endpoint.profile), Usage()
    found: dict[str, Entered] = {}
    try:
        for root, place in zip(roots, places, strict=True):
            _check(root, endpoint, place)
            if place.bucket not in found:
                bucket = Bucket(endpoint, place.bucket, at_once=at_once, keys=keys, usage=usage)
                found[place.bucket] = Entered(bucket, roots, places)
                _look(bucket, place)
    except BaseException:
        for one in found.values():
            one.bucket.close()
        raise
    return [found[place.bucket] for place in places]


def is_object(path: bytes, asked: Asked = ANY) -> bool:
    """Whether a location is an object, with nothing below it as in a folder. Errors as `entered`.

    Nobody is asked about a whole bucket.
    """
    place = place_of(path)
    if not place.prefix:
        return False
    with closing(Bucket(endpoint_of(path, asked=asked), place.bucket, at_once=1)) as bucket:
        below = page_of(bucket, place.below(b""), _look(bucket, place))
        try:
            return not below.objects and objects.head(bucket, place.prefix) is not None
        except StorageError:  # whose name may not even be asked for is not what was meant
            return False


def _check(root: Root, endpoint: Endpoint, place: Place) -> None:
    """Refuse a root that is elsewhere than it was: `StorageUnavailableError`."""
    if root.device != device_of(endpoint, place):
        raise StorageUnavailableError(
            f"{shown(root.path)}: it is another bucket now",
            "is the endpoint the one of that run? (AWS_ENDPOINT_URL_S3, AWS_PROFILE)",
        )


def _look(bucket: Bucket, place: Place) -> Reply:
    """List one key; a wrong region is set right once, if the server tells which it is."""
    query = query_of(place.below(b""), 1)
    reply = bucket.ask("ListObjectsV2", "GET", query=query)
    region = reply.fault.region if reply.fault else ""
    if region and region != bucket.endpoint.region:
        bucket.move_to(checked_region(region))
        reply = bucket.ask("ListObjectsV2", "GET", query=query)
    if reply.fault is None:
        return reply
    error = bucket.error("ListObjectsV2", reply)
    if isinstance(error, StorageError):
        remedy = "check the rights of the credentials: it needs s3:ListBucket"
        if error.reason is not Reason.PERMISSION:
            remedy = "is the endpoint one that speaks S3?"
        raise StorageUnavailableError(f"{bucket.where}: {error}", remedy) from error
    raise error
