"""Folders of a bucket listed ahead: one listing of all keys in order, instead of one each.

A scan goes through folders nearly in the order of keys. What lies deep is told a thousand keys at a
time, whatever the folders; a window of a few pages moves along, and holds what is asked for next.
"""

from typing import NamedTuple

from fileorg.storage.s3.client import Bucket
from fileorg.storage.s3.documents import Listed
from fileorg.storage.s3.listing import page_after

_MOST_PAGES = 16
"""Pages that are looked through for one folder: a larger one is listed by itself."""
_LAST = "\U0010ffff".encode()


class Content(NamedTuple):
    """What lies directly in a folder: its objects, and the names of the folders in it."""

    objects: list[Listed]
    folders: dict[bytes, None]


class Window:
    """The keys below a prefix from one of them to another; folders are keys that end in `/`."""

    def __init__(self, bucket: Bucket, below: bytes, page_size: int = 1000) -> None:
        self._bucket, self._below, self._page_size = bucket, below, page_size
        self._held: dict[bytes, Content] = {}
        self._start, self._end = b"", b""
        self._is_last = False
        self._is_ordered = True
        self._apart: set[bytes] = set()

    def take(self, folder: bytes) -> Content | None:
        """Return what lies in a folder, once; None where it is better listed by itself."""
        for _ in range(_MOST_PAGES):
            if self._start <= folder and (self._is_last or self._end >= folder[:-1] + b"0"):
                return self._held.pop(folder, None)
            if not self._is_ordered:
                return None
            self._pull(folder)
        self._held.pop(folder, None)
        self._apart.add(folder)
        return None

    def _pull(self, folder: bytes) -> None:
        """Take in a page more; if the folder lies elsewhere, the window goes there."""
        if not self._start <= folder <= self._end:
            self._held.clear()
            self._apart.clear()
            self._start, self._end = folder, folder[:-1] + b"." + _LAST
        else:  # what lies before is not asked for any more
            self._held = {key: held for key, held in self._held.items() if key >= folder}
        after = self._end
        page = page_after(self._bucket, self._below, after, self._page_size)
        for one in page.objects:
            if one.key <= self._end:  # from a server that keeps no order
                self._is_ordered = False
                self._held.clear()
                return
            self._end = one.key
            self._hold(one)
        self._is_last = not page.token
        if page.token and self._end == after:  # it says that there is more, and tells nothing
            self._is_ordered = False

    def _hold(self, one: Listed) -> None:
        folder = one.key[: one.key.rfind(b"/") + 1]
        if folder in self._apart:
            return
        held = self._held.get(folder)
        if held is None:
            held = self._held[folder] = Content([], {})
            self._note(folder)
        held.objects.append(one)

    def _note(self, folder: bytes) -> None:
        """Put a folder into the one that it is in, and that into its own."""
        while len(folder) > len(self._below):
            cut = folder.rfind(b"/", 0, -1) + 1
            above, name = folder[:cut], folder[cut:-1]
            if above in self._apart:
                return
            held = self._held.get(above)
            is_known = held is not None
            if held is None:
                held = self._held[above] = Content([], {})
            held.folders[name] = None
            if is_known:
                return
            folder = above
