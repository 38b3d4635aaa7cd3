"""The roots of a run in a bucket: what the user points at.

A prefix that holds nothing is an empty folder: one of which all was moved is not there any more.
"""

from collections.abc import Sequence

from fileorg.errors import UsageError
from fileorg.model.location import Location, Root, is_below, is_remote
from fileorg.storage.remote import Asked, root_at


def places_in_buckets(paths: Sequence[bytes], asked: Asked) -> tuple[list[Root], list[Location]]:
    """Return the roots that locations need, and where each of these is.

    Nothing is asked of the server. Errors: `UsageError`, `StorageUnavailableError`.
    """
    if not all(map(is_remote, paths)):
        raise UsageError("a folder and a bucket are looked at one by one", "name one of them")
    roots: list[Root] = []
    for path in sorted(set(paths), key=len):
        root = root_at(path, asked)
        if not any(is_below(root.path, r.path) and r.device == root.device for r in roots):
            roots.append(root)
    return roots, [located_in(roots, path) for path in paths]


def located_in(roots: Sequence[Root], path: bytes) -> Location:
    """Return where a location of a bucket lies below the roots."""
    path = path.removesuffix(b"/")
    for number, root in enumerate(roots):
        if is_below(path, root.path):
            return Location(number, path[len(root.path) :].removeprefix(b"/"))
    raise LookupError(path)
