"""Which storage serves which roots: an explicit table, because a frozen binary discovers none."""

from collections.abc import Sequence

from fileorg.errors import UsageError
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
    if len({(root.reach, root.device) for root in roots}) > 1:
        raise UsageError("files move within one bucket only", "name one bucket and no folder")
    from fileorg.storage.s3.storage import S3Storage

    return S3Storage(roots, roots[0].reach, exact_times=exact_times)
