"""Which storage serves which roots: an explicit table, because a frozen binary discovers none."""

from collections.abc import Sequence

from fileorg.model.location import Root
from fileorg.storage.base import Storage


def open_storage(roots: Sequence[Root]) -> Storage:
    """Open the storage of *roots*; `StorageUnavailableError` if one can't be opened."""
    from fileorg.storage.local import LocalStorage

    return LocalStorage(roots)
