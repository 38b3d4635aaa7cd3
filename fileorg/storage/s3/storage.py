"""Buckets as a storage: folders are what keys have in common; a move is a copy and a removal."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from io import BufferedIOBase
from itertools import groupby

from fileorg.errors import StorageError
from fileorg.model.capabilities import Capabilities
from fileorg.model.entry import FileEntry, Fingerprint, FolderFacts, Kind, Listing
from fileorg.model.location import Location, Root
from fileorg.model.plan import Action
from fileorg.model.reason import Reason
from fileorg.model.requests import Requests
from fileorg.storage.base import Alike, Group, Parcel
from fileorg.storage.crew import Crew
from fileorg.storage.flat import Flat
from fileorg.storage.s3 import copying, likeness, objects, removal, writing
from fileorg.storage.s3.client import MOST_AT_ONCE, Bucket
from fileorg.storage.s3.copying import Conditions
from fileorg.storage.s3.entering import entered
from fileorg.storage.s3.folders import entry_of
from fileorg.storage.s3.metadata import TAGS, Head, tagging, taken_along
from fileorg.storage.s3.places import LONGEST_KEY, is_key, place_of
from fileorg.storage.s3.reading import opened
from fileorg.storage.s3.usage import Usage

_REMEMBERED = 100_000


class S3Storage(Flat):
    """The `Storage` of roots in buckets of one service; *kept* is what their journal says of it.

    With *exact_times* a listing asks each object for the time that its metadata gives it.
    Errors: `UsageError`, `StorageUnavailableError`.
    """

    def __init__(
        self,
        roots: Sequence[Root],
        kept: str = "",
        *,
        exact_times: bool = False,
        at_once: int = MOST_AT_ONCE,
    ) -> None:
        self.roots = list(roots)
        self._places = [place_of(root.path) for root in roots]
        self._entered = entered(self.roots, self._places, kept, at_once)
        self._crew = Crew(at_once)
        self._exact_times = exact_times
        self._etags: dict[int, str] = {}

    @property
    def usage(self) -> Usage:
        """How many requests there were so far, and bytes."""
        return self._entered[0].bucket.usage

    @property
    def kept(self) -> str:
        """What a journal keeps to find the buckets again; no secret."""
        return self._entered[0].bucket.endpoint.kept

    # reading

    def capabilities(self, root: int) -> Capabilities:
        """Return what every bucket is: no folders, no renames."""
        room = LONGEST_KEY - len(self._places[root].below(b""))
        return Capabilities(
            real_directories=False,
            longest_name=room,
            longest_path=room,
            atomic_rename=False,
            unicode_names=True,
        )

    def listing(self, folder: Location) -> Listing:
        """Return what lies in a folder, by name; `FOLDER_GONE` where nothing does."""
        found = self._entered[folder.root].folders.listing(folder)
        if not self._exact_times:
            return found
        return Listing(found.facts, [*self._timed(found.entries)])

    def names(self, folder: Location) -> list[bytes]:
        """Return the names in a folder."""
        return self._entered[folder.root].folders.names(folder)

    def stat(self, location: Location) -> FileEntry:
        """Return the object at *location*, else the folder."""
        found = objects.head(self._bucket(location), self._key(location)) if location.path else None
        if found is not None:
            return entry_of(location, found)
        try:
            facts = self._entered[location.root].folders.facts(location)
        except StorageError as error:
            raise StorageError(Reason.VANISHED) from error
        return FileEntry(location, Kind.FOLDER, Fingerprint(0, 0, 0, facts.inode))

    def folder_facts(self, folder: Location) -> FolderFacts:
        """Return what is known of a folder: that something lies in it."""
        return self._entered[folder.root].folders.facts(folder)

    def open(self, location: Location) -> BufferedIOBase:
        """Open an object for reading, in the version that it has now."""
        found = self._head(location)
        return opened(self._bucket(location), self._key(location), found)

    def parcel(self, location: Location, *, restore: bool = False) -> Parcel:
        """Open an object with its content headers, metadata and tags."""
        found, bucket, key = self._head(location), self._bucket(location), self._key(location)
        self._remember(found)
        beside = taken_along(found, restore=restore)
        if tags := objects.tags_of(bucket, key):
            beside[TAGS] = tagging(tags)
        return Parcel(entry_of(location, found), opened(bucket, key, found), beside)

    def read(self, location: Location, start: int, length: int) -> bytes:
        """Return up to *length* bytes of an object from *start* on."""
        return objects.got(self._bucket(location), self._key(location), start, length)

    def read_each(self, files: Iterable[tuple[Location, int]]) -> Iterator[bytes | StorageError]:
        """Yield the first bytes of many objects, asked for many at a time."""
        return self._crew.each(lambda file: self.read(file[0], 0, file[1]), files)

    def alike_each(self, groups: Iterable[Group]) -> Iterator[Alike]:
        """Read the objects of many groups, those of each side by side."""

        def work(group: Group) -> list[bool | StorageError]:
            first, others = group
            return likeness.alike(self._seen(first), [*map(self._seen, others)])

        return self._crew.each(work, groups)

    def link_target(self, location: Location) -> bytes:  # noqa: ARG002
        """There are no symlinks in a bucket."""
        raise StorageError(Reason.BAD_NAME)

    def attribute(self, location: Location, name: str) -> bytes | None:  # noqa: ARG002
        """There are no extended attributes in a bucket."""
        return None

    def requests(self) -> Requests:
        """Return what the server was asked, as it is billed."""
        return self.usage.billed()

    def close(self) -> None:
        """Close every connection."""
        for one in self._entered:
            one.bucket.close()
        self._crew.close()

    # changing

    def refresh(self) -> None:
        """Look anew: what was listed ahead may have changed."""
        for one in self._entered:
            one.folders.forget()

    def probe(self, root: int, scratch: bytes) -> str:
        """Try with a key named *scratch* how nothing is overwritten; return the way as a word."""
        return self._entered[root].conditions(self._places[root], scratch).way

    def copy_each(
        self, copies: Sequence[Action], *, restore: bool = False
    ) -> Iterator[FileEntry | StorageError]:
        """Copy objects server-side, many at a time, each only as it was seen and to no taken key.

        With *restore* a copy loses the time that an earlier one was given. In their order.
        """
        known = {root: self._known(root) for root in {copy.target.root for copy in copies}}

        def work(action: Action) -> FileEntry:
            conditions = known[action.target.root]
            return self._copy(
                action.source, action.target, action.fingerprint, conditions, restore=restore
            )

        return self._crew.each(work, copies)

    def remove_each(self, files: Sequence[FileEntry]) -> Iterator[StorageError | None]:
        """Remove objects that are still the ones given, many at a time; in their order."""
        for root, of_root in groupby(files, lambda file: file.location.root):
            conditions, bucket = self._known(root), self._entered[root].bucket
            groups = removal.grouped(
                [self._unwanted(file) for file in of_root],
                together=conditions.conditional_deletes,
            )
            work = partial(removal.remove_group, bucket, conditional=conditions.conditional_delete)
            for outcomes in self._crew.each(work, groups):
                yield from [outcomes] if isinstance(outcomes, StorageError) else outcomes

    def copy(self, source: Location, target: Location, expected: FileEntry) -> FileEntry:
        """Copy one object server-side."""
        return self._copy(source, target, expected.fingerprint, self._known(target.root))

    def rename(self, source: Location, target: Location) -> None:
        """Copy one object and remove it; between the two, both are there."""
        seen = self.stat(source)
        if seen.kind is not Kind.FILE:
            raise StorageError(Reason.UNSUPPORTED)
        self.copy(source, target, seen)
        self.remove(source, seen)

    def remove(self, location: Location, if_match: FileEntry) -> None:
        """Remove an object that is still the one given; `NOT_OURS`, `VANISHED`."""
        file = self._unwanted(FileEntry(location, Kind.FILE, if_match.fingerprint))
        conditional = self._known(location.root).conditional_delete
        removal.remove(self._bucket(location), file, conditional=conditional)

    def write(
        self,
        target: Location,
        content: BufferedIOBase,
        mtime_ns: int,
        beside: Mapping[str, str] | None = None,
    ) -> FileEntry:
        """Write an object of what can be read."""
        conditions, key = self._known(target.root), self._key(target)
        given = writing.told_of(key, mtime_ns) if beside is None else beside
        made = writing.write(self._bucket(target), key, content, given, conditions)
        self._remember(made)
        return entry_of(target, made)

    # the rest

    def _bucket(self, location: Location) -> Bucket:
        return self._entered[location.root].bucket

    def _key(self, location: Location) -> bytes:
        """Return the key of an object; `BAD_NAME` where there can be none."""
        if not is_key(location.path):
            raise StorageError(Reason.BAD_NAME)
        return self._places[location.root].key(location.path)

    def _copy(
        self,
        source: Location,
        target: Location,
        expected: Fingerprint,
        conditions: Conditions,
        *,
        restore: bool = False,
    ) -> FileEntry:
        origin = self._bucket(source)
        wanted = copying.Copy(origin, self._key(source), self._key(target), restore)
        found, made = copying.copy(self._bucket(target), wanted, expected, conditions)
        self._remember(found)
        self._remember(made)
        return entry_of(target, made)

    def _head(self, location: Location) -> Head:
        found = objects.head(self._bucket(location), self._key(location)) if location.path else None
        if found is None:
            is_folder = bool(self._entered[location.root].folders.names(location))
            raise StorageError(Reason.SPECIAL if is_folder else Reason.VANISHED)
        return found

    def _known(self, root: int) -> Conditions:
        """Return what the endpoint does, tried now if nobody asked before; a change is to come."""
        entered = self._entered[root]
        entered.folders.forget()
        return entered.conditions(self._places[root])

    def _remember(self, found: Head) -> None:
        """Keep an ETag for the removal to come, which then needs no look before."""
        if len(self._etags) >= _REMEMBERED:
            self._etags.clear()
        self._etags[copying.inode_of(found.etag)] = found.etag

    def _seen(self, file: FileEntry) -> likeness.Seen:
        place, mark = file.location, file.fingerprint
        return likeness.Seen(self._bucket(place), self._key(place), mark.size, mark.inode)

    def _unwanted(self, file: FileEntry) -> removal.Unwanted:
        seen = file.fingerprint
        etag = self._etags.get(seen.inode, "")
        return removal.Unwanted(self._key(file.location), seen.size, seen.inode, etag)

    def _timed(self, entries: Sequence[FileEntry]) -> Iterator[FileEntry]:
        """Yield entries with the times that the metadata of objects give; what is gone is gone."""
        files = [entry for entry in entries if entry.kind is Kind.FILE]
        stats = self._crew.each(lambda entry: self._head(entry.location), files)
        for entry in entries:
            if entry.kind is not Kind.FILE:
                yield entry
                continue
            found = next(stats)
            if not isinstance(found, StorageError):
                yield entry_of(entry.location, found)
            elif found.reason is not Reason.VANISHED:
                raise found
