"""Folders as keys make them: what has a name in common up to a slash."""

from collections.abc import Iterator, Sequence

from fileorg.errors import StorageError
from fileorg.model.entry import FileEntry, Fingerprint, FolderFacts, Kind, Listing
from fileorg.model.location import Location, Root, is_below, join, text
from fileorg.model.reason import Reason
from fileorg.storage.s3.client import Bucket
from fileorg.storage.s3.copying import inode_of
from fileorg.storage.s3.documents import Listed
from fileorg.storage.s3.listing import pages
from fileorg.storage.s3.metadata import Head
from fileorg.storage.s3.places import Place, is_name, number
from fileorg.storage.s3.window import Content, Window

_NS = 10**9


def entry_of(location: Location, found: Head) -> FileEntry:
    """Return an object as an entry, with the time that its metadata gives it."""
    print_ = Fingerprint(found.size, found.mtime_ns, found.modified * _NS, inode_of(found.etag))
    return FileEntry(location, Kind.FILE, print_)


class Folders:
    """Listings of folders below the roots in a bucket."""

    def __init__(self, bucket: Bucket, roots: Sequence[Root], places: Sequence[Place]) -> None:
        self._bucket, self._roots, self._places = bucket, roots, places
        self._top: Location | None = None
        self._window: Window | None = None

    def listing(self, folder: Location) -> Listing:
        """Return a folder's entries by name; `FOLDER_GONE` where there are none, but for a root.

        A marker, the empty object that stands for a folder, is none of them. What has a part that
        is empty, `.` or `..` is of `Kind.SPECIAL`: seen, and not to be touched; of what lies deeper
        the location is what its keys begin with.
        """
        below = self._places[folder.root].below(folder.path)
        content = self._ahead(folder, below) or self._content(below)
        if folder.path and not content.objects and not content.folders:
            raise StorageError(Reason.FOLDER_GONE)
        size = len(below)
        before = join(folder.path, b"")
        entries = [
            _listed(Location(folder.root, before + one.key[size:]), one.key[size:], one)
            for one in content.objects
            if one.key != below or one.size
        ]
        entries += [self._folder(folder, name) for name in content.folders]
        entries.sort(key=lambda entry: text(entry.location.path))
        return Listing(self._facts(folder), entries)

    def forget(self) -> None:
        """Forget what was listed ahead: it may have changed."""
        self._top = self._window = None

    def _ahead(self, folder: Location, below: bytes) -> Content | None:
        """Return what lies in a folder below one that was listed before it: that is a scan."""
        top = self._top
        is_inside = top is not None and top.root == folder.root and folder.path != top.path
        if top is None or not is_inside or not is_below(folder.path, top.path):
            self._top, self._window = folder, None
            return None
        if self._window is None:
            self._window = Window(self._bucket, self._places[top.root].below(top.path))
        return self._window.take(below)

    def _content(self, below: bytes) -> Content:
        """List a folder by itself."""
        found = Content([], {})
        for page in pages(self._bucket, below, folders=True):
            found.objects.extend(page.objects)
            found.folders.update(dict.fromkeys(one[len(below) : -1] for one in page.prefixes))
        return found

    def names(self, folder: Location) -> list[bytes]:
        """Return the names in a folder."""
        below = self._places[folder.root].below(folder.path)
        return [*dict.fromkeys(_names(self._bucket, below))]

    def facts(self, folder: Location) -> FolderFacts:
        """Return a folder's facts; `FOLDER_GONE` where nothing lies in it."""
        if folder.path:
            below = self._places[folder.root].below(folder.path)
            page = next(pages(self._bucket, below, folders=False, most=1))
            if not page.objects:
                raise StorageError(Reason.FOLDER_GONE)
        return self._facts(folder)

    def _facts(self, folder: Location) -> FolderFacts:
        root = self._roots[folder.root]
        inode = number(root.inode.to_bytes(8), folder.path) if folder.path else root.inode
        return FolderFacts(0, 0, 0, 0, inode, root.device)

    def _folder(self, folder: Location, name: bytes) -> FileEntry:
        where, kind = folder.below(name), Kind.FOLDER
        if not is_name(name):  # no folder that a path names: shown as what its keys begin with
            before = join(folder.path, b"")
            where, kind = Location(folder.root, before + name + b"/"), Kind.SPECIAL
        return FileEntry(where, kind, Fingerprint(0, 0, 0, self._facts(where).inode))


def _names(bucket: Bucket, below: bytes) -> Iterator[bytes]:
    for page in pages(bucket, below, folders=True):
        for one in page.objects:
            if one.key != below:
                yield one.key[len(below) :]
        for prefix in page.prefixes:
            yield prefix[len(below) : -1]


def _listed(where: Location, name: bytes, one: Listed) -> FileEntry:
    time = one.modified * _NS
    print_ = Fingerprint(one.size, time, time, inode_of(one.etag))
    return FileEntry(where, Kind.FILE if is_name(name) else Kind.SPECIAL, print_)
