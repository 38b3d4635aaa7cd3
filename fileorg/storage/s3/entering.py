"""The first look at a bucket: that it is there, may be listed, and in which region it is."""

from collections.abc import Sequence

from fileorg.errors import StorageError, StorageUnavailableError, UsageError
from fileorg.model.location import Root, shown
from fileorg.model.reason import Reason
from fileorg.storage.s3.client import Bucket
from fileorg.storage.s3.endpoints import checked_region, device_of
from fileorg.storage.s3.places import Place
from fileorg.storage.s3.roots import endpoint_of


def entered(roots: Sequence[Root], places: Sequence[Place], kept: str, at_once: int) -> Bucket:
    """Return the bucket of *roots* once it has answered.

    Errors: `UsageError`, `StorageUnavailableError`.
    """
    endpoint = endpoint_of(places[0].path, kept)
    if len({(place.scheme, place.bucket) for place in places}) > 1:
        raise UsageError("roots in more than one bucket", "run it once for each")
    for root, place in zip(roots, places, strict=True):
        if root.device != device_of(endpoint, place):
            raise StorageUnavailableError(
                f"{shown(root.path)}: it is another bucket now",
                "is the endpoint the one of that run? (AWS_ENDPOINT_URL_S3, AWS_PROFILE)",
            )
    bucket = Bucket(endpoint, places[0].bucket, at_once=at_once)
    try:
        _look(bucket, places[0])
    except BaseException:
        bucket.close()
        raise
    return bucket


def _look(bucket: Bucket, place: Place) -> None:
    """List one key; a wrong region is set right once, if the server tells which it is."""
    query = {"list-type": "2", "max-keys": "1", "prefix": place.below(b"").decode()}
    reply = bucket.ask("ListObjectsV2", "GET", query=query)
    region = reply.fault.region if reply.fault else ""
    if region and region != bucket.endpoint.region:
        bucket.move_to(checked_region(region))
        reply = bucket.ask("ListObjectsV2", "GET", query=query)
    if reply.fault is None:
        return
    error = bucket.error("ListObjectsV2", reply)
    if isinstance(error, StorageError):
        remedy = "check the rights of the credentials: it needs s3:ListBucket"
        if error.reason is not Reason.PERMISSION:
            remedy = "is the endpoint one that speaks S3?"
        raise StorageUnavailableError(f"{bucket.where}: {error}", remedy) from error
    raise error
