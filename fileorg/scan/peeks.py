"""Folders that are looked into before their turn in the walk, each listed only once."""

from collections.abc import Iterable

from fileorg.errors import StorageError
from fileorg.model.entry import Listing
from fileorg.model.location import Location
from fileorg.scan.glimpse import Glimpse, Stays, glimpse
from fileorg.storage.base import ReadableStorage

_MOST_HELD = 10_000  # entries and folders, 3 MB of them


class Peeks:
    """Lists folders, and holds what is asked for early until its turn, as long as there is room."""

    def __init__(self, storage: ReadableStorage) -> None:
        self._storage = storage
        self._held: dict[Location, Listing] = {}
        self._room = _MOST_HELD

    def glimpse(self, folder: Location, stays: Stays | None = None) -> Glimpse:
        """Return what is in a folder whose turn it is; a `StorageError` as the storage has.

        Files that *stays* says of that they do may be known by their names only.
        """
        listing = self._take(folder)
        if listing is None and stays is not None:
            return glimpse(self._storage, folder, stays)
        return Glimpse(listing or self._storage.listing(folder), [])

    def names(self, folder: Location) -> list[bytes]:
        """Return the names in a folder whose turn will come; none where it can't be read."""
        try:
            if self._room <= 0:
                return self._storage.names(folder)
            listing = self._storage.listing(folder)
        except StorageError:
            return []
        self._held[folder] = listing
        self._room -= _weight(listing)
        return [entry.location.name for entry in listing.entries]

    def forget(self, folders: Iterable[Location]) -> None:
        """Let go of folders whose turn will not come."""
        for folder in folders:
            self._take(folder)

    def _take(self, folder: Location) -> Listing | None:
        listing = self._held.pop(folder, None)
        if listing is not None:
            self._room += _weight(listing)
        return listing


def _weight(listing: Listing) -> int:
    return 1 + len(listing.entries)
