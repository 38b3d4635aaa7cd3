"""Roots that are no local folders."""

import os

from fileorg.model.location import Root, is_remote
from fileorg.storage.asked import Asked

_SCHEME = b"s3://"


def root_at(path: bytes, asked: Asked) -> Root:
    """Return the root that `s3://bucket/prefix` is; nothing is asked of the server.

    Errors: `UsageError`, `StorageUnavailableError`.
    """
    from fileorg.storage.s3.roots import root_of

    return root_of(path, asked)


def is_object(path: bytes, asked: Asked) -> bool:
    """Whether an object stands at a location in a bucket, and nothing lies below it.

    Errors: `UsageError`, `StorageUnavailableError`.
    """
    from fileorg.storage.s3 import entering

    return entering.is_object(path, asked)


def absolute(path: bytes) -> bytes:
    """Return a location as the user gives it as one that holds wherever one is.

    The scheme of a bucket may be in capitals.
    """
    scheme, rest = path[: len(_SCHEME)].lower(), path[len(_SCHEME) :]
    if is_remote(scheme):
        path = scheme + rest
        return path.removesuffix(b"/") if rest else path
    return os.path.abspath(os.path.expanduser(path))


def real(path: bytes) -> bytes:
    """Return a location without symlinks on the way; a bucket has none."""
    return path if is_remote(path) else os.path.realpath(path)
