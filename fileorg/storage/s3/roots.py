"""Roots in a bucket: from what a user writes, or a journal keeps, to the values of a run."""

from fileorg.model.location import Root
from fileorg.storage.asked import ANY, Asked
from fileorg.storage.s3.endpoints import Endpoint, device_of, inode_of, read
from fileorg.storage.s3.places import place_of
from fileorg.storage.s3.session import found


def endpoint_of(path: bytes, kept: str = "", asked: Asked = ANY) -> Endpoint:
    """Return the service of a location: as a journal *kept* it, else as *asked*.

    What is not asked for is as the environment says. Errors: `UsageError`,
    `StorageUnavailableError`.
    """
    return read(kept) if kept else found(place_of(path), asked)


def root_of(path: bytes, asked: Asked = ANY) -> Root:
    """Return the root of a location; nothing is asked of the server. Errors as `endpoint_of`."""
    place = place_of(path)
    endpoint = endpoint_of(place.path, asked=asked)
    device, inode = device_of(endpoint, place), inode_of(endpoint, place)
    return Root(place.path, device, inode, endpoint.kept)
