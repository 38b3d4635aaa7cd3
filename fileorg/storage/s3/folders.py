"""Folders as keys make them: what has a name in common up to a slash."""

from collections.abc import Iterator, Sequence

from fileorg.errors import StorageError
from fileorg.model.entry import FileEntry, Fingerprint, FolderFacts, Kind, Listing
from fileorg.model.location import Location, Root, text
from fileorg.model.reason import Reason
from fileorg.storage.s3.client import Bucket
from fileorg.storage.s3.copying import inode_of
from fileorg.storage.s3.documents import Listed
from fileorg.storage.s3.listing import pages
from fileorg.storage.s3.metadata import Head
from fileorg.storage.s3.places import Place, is_plain, number

_NS = 10**9


def entry_of(location: Location, found: Head) -> FileEntry:
    """Return an object as an entry, with the time that its metadata gives it."""
    print_ = Fingerprint(found.size, found.mtime_ns, found.modified * _NS, inode_of(found.etag))
    return FileEntry(location, Kind.FILE, print_)


class Folders:
    """Listings of folders below the roots in a bucket."""

    def __init__(self, bucket: Bucket, roots: Sequence[Root], places: Sequence[Place]) -> None:
        self._bucket, self._roots, self._places = bucket, roots, places

    def listing(self, folder: Location) -> Listing:
        """Return a folder's entries by name; `FOLDER_GONE` where there are none, but for a root.

        A marker, the empty object that stands for a folder, is none of them. What has a part that
        is empty, `.` or `..` is of `Kind.SPECIAL`: seen, and not to be touched.
        """
        entries, is_there = [], not folder.path
        below = self._places[folder.root].below(folder.path)
        for page in pages(self._bucket, below, folders=True):
            for one in page.objects:
                is_there = True
                if one.key != below or one.size:
                    entries.append(_listed(folder, one.key[len(below) :], one))
            for prefix in page.prefixes:
                is_there = True
                entries.append(self._folder(folder, prefix[len(below) : -1]))
        if not is_there:
            raise StorageError(Reason.FOLDER_GONE)
        entries.sort(key=lambda entry: text(entry.location.path))
        return Listing(self._facts(folder), entries)

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
        where = folder.below(name)
        kind = Kind.FOLDER if is_plain(name) else Kind.SPECIAL
        return FileEntry(where, kind, Fingerprint(0, 0, 0, self._facts(where).inode))


def _names(bucket: Bucket, below: bytes) -> Iterator[bytes]:
    for page in pages(bucket, below, folders=True):
        for one in page.objects:
            if one.key != below:
                yield one.key[len(below) :]
        for prefix in page.prefixes:
            yield prefix[len(below) : -1]


def _listed(folder: Location, name: bytes, one: Listed) -> FileEntry:
    time = one.modified * _NS
    print_ = Fingerprint(one.size, time, time, inode_of(one.etag))
    kind = Kind.FILE if is_plain(name) else Kind.SPECIAL
    return FileEntry(folder.below(name), kind, print_)
