"""Which storage serves which roots: an explicit table, because a frozen binary discovers none."""

from collections.abc import Sequence

from fileorg.model.location import Root
from fileorg.storage.base import Storage


def open_storage(roots: Sequence[Root], *, exact_times: bool = False) -> Storage:
    """Open the storage of *roots*; `StorageUnavailableError` if one can't be opened.

    With *exact_times* a listing of a bucket tells the times that its objects were given, which
    costs a request for each.
    """
    if not any(root.reach for root in roots):
        from fileorg.storage.local import LocalStorage

        return LocalStorage(roots)
    groups: dict[str, list[int]] = {}
    for number, root in enumerate(roots):
        groups.setdefault(root.reach, []).append(number)
    if len(groups) == 1:
        return _bucket(roots, exact_times=exact_times)
    return _routed(roots, list(groups.values()), exact_times=exact_times)


def _bucket(roots: Sequence[Root], *, exact_times: bool) -> Storage:
    from fileorg.storage.s3.storage import S3Storage

    return S3Storage(roots, roots[0].reach, exact_times=exact_times)


def _routed(roots: Sequence[Root], groups: list[list[int]], *, exact_times: bool) -> Storage:
    from fileorg.storage.routing import RoutingStorage

    parts: list[tuple[Storage, list[int]]] = []
    try:
        for numbers in groups:
            own = [roots[number] for number in numbers]
            parts.append((open_storage(own, exact_times=exact_times), numbers))
    except BaseException:
        for storage, _ in parts:
            storage.close()
        raise
    return RoutingStorage(roots, parts)
