"""A bucket in memory, for tests: flat keys, ETags and metadata; no folders, no renames."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BufferedIOBase, BytesIO
from typing import NamedTuple

from fileorg.errors import StorageError
from fileorg.model.capabilities import Capabilities
from fileorg.model.entry import FileEntry, Fingerprint, FolderFacts, Kind, Listing
from fileorg.model.location import Location, Root, is_inside, join, text
from fileorg.model.plan import Action
from fileorg.model.reason import Reason
from fileorg.storage import one_by_one
from fileorg.storage.base import Alike, Group, NoServer, Parcel
from fileorg.storage.flat import Flat
from fileorg.storage.s3.metadata import META, MTIME, Head, copied, decimal, nanoseconds
from fileorg.storage.s3.places import digest

_MTIME = MTIME.removeprefix(META)
_LONGEST_KEY = 1024
_SECOND = 1_000_000_000
_BEGIN = 1_700_000_000 * _SECOND
_NO_NAMES = (b"", b".", b"..")


class Stored(NamedTuple):
    """What a bucket keeps of an object."""

    content: bytes
    etag: bytes
    modified_ns: int
    metadata: dict[str, str]


class MemoryBucket(NoServer, Flat):
    """A `Storage` of one bucket, with a root for each of some *prefixes*; *name* is its service's.

    With *exact* times a listing knows the `mtime` in the metadata; without *keeps_etags* a copy
    has another ETag than its original, as of an object that was written in parts.
    """

    def __init__(
        self,
        prefixes: Sequence[bytes] = (b"",),
        *,
        name: str = "memory",
        exact: bool = False,
        keeps_etags: bool = True,
    ) -> None:
        self.exact = exact
        self.objects: dict[bytes, Stored] = {}
        self._keeps_etags = keeps_etags
        self._clock = 0
        self._prefixes = [join(prefix, b"") for prefix in prefixes]
        self._device = digest(name.encode())
        self.roots = [
            Root(
                join(b"s3://" + name.encode(), prefix),
                self._device,
                digest(join(prefix, b"")),
                name,
            )
            for prefix in prefixes
        ]

    # for tests to fill it and to look inside

    def put(
        self, location: Location, content: bytes, metadata: dict[str, str] | None = None
    ) -> FileEntry:
        """Write an object, over what was there, as any other program would."""
        key = self.key(location)
        self._write(key, content, metadata or {})
        return FileEntry(location, Kind.FILE, self._mark(self.objects[key]))

    def pass_days(self, days: int) -> None:
        """Let time pass until the next object is written."""
        self._clock += days * 86_400

    def key(self, location: Location) -> bytes:
        """Return the key of a location."""
        return self._prefixes[location.root] + location.path

    # reading

    def capabilities(self, root: int) -> Capabilities:
        """Return what a bucket does."""
        room = _LONGEST_KEY - len(self._prefixes[root])
        return Capabilities(
            real_directories=False,
            longest_name=room,
            longest_path=room,
            atomic_rename=False,
            unicode_names=True,
        )

    def listing(self, folder: Location) -> Listing:
        """Return objects and common prefixes."""
        facts, start = self.folder_facts(folder), self._start(folder)
        entries: dict[tuple[bytes, Kind], FileEntry] = {}
        for key, stored in self._below(start):
            name, slash, _ = key[len(start) :].partition(b"/")
            kind = Kind.FOLDER if slash else Kind.FILE
            place = folder.below(name)
            if name in _NO_NAMES:
                before = join(folder.path, b"")
                place, kind = Location(folder.root, before + name + slash), Kind.SPECIAL
            if (name, kind) not in entries:
                mark = _of_folder(start + name) if slash else self._mark(stored, exact=self.exact)
                entries[name, kind] = FileEntry(place, kind, mark)
        ordered = sorted(entries.values(), key=lambda e: (text(e.location.path), e.kind))
        return Listing(facts, ordered)

    def names(self, folder: Location) -> list[bytes]:
        """Return the names of objects and common prefixes."""
        start = self._start(folder)
        found = {key[len(start) :].partition(b"/")[0] for key, _ in self._below(start)}
        return list(found)

    def stat(self, location: Location) -> FileEntry:
        """Return the object at a location, else the prefix."""
        stored = self.objects.get(self._checked(location)) if location.path else None
        if stored is not None:
            return FileEntry(location, Kind.FILE, self._mark(stored))
        facts = self.folder_facts(location)
        return FileEntry(location, Kind.FOLDER, Fingerprint(0, 0, 0, facts.inode))

    def folder_facts(self, folder: Location) -> FolderFacts:
        """Return the facts of a prefix that holds something."""
        self._checked(folder)
        start = self._start(folder)
        if folder.path and not any(key.startswith(start) for key in self.objects):
            raise StorageError(Reason.VANISHED)
        return FolderFacts(0, 0, 0, 0, digest(start), self._device)

    def open(self, location: Location) -> BufferedIOBase:
        """Open an object for reading."""
        return BytesIO(self._found(location).content)

    def parcel(self, location: Location, *, restore: bool = False) -> Parcel:
        """Open an object with its metadata."""
        kept = _copied(self._found(location), restore=restore)
        beside = {META + name: held for name, held in kept.items()}
        return Parcel(self._entry(location), self.open(location), beside)

    def read(self, location: Location, start: int, length: int) -> bytes:
        """Return a range of an object."""
        return self._found(location).content[start : start + length]

    def read_each(self, files: Iterable[tuple[Location, int]]) -> Iterator[bytes | StorageError]:
        """Yield the first bytes of many objects."""
        return one_by_one.read_each(self.read, files)

    def alike_each(self, groups: Iterable[Group]) -> Iterator[Alike]:
        """Compare objects that are as they were seen."""
        for first, others in groups:
            try:
                content = self._as_seen(first)
            except StorageError as error:
                yield error
                continue
            yield [self._is_alike(other, content) for other in others]

    def link_target(self, location: Location) -> bytes:
        """There are no symlinks."""
        self.stat(location)
        raise StorageError(Reason.BAD_NAME)

    def attribute(self, location: Location, name: str) -> bytes | None:  # noqa: ARG002
        """Say that an object has none."""
        self.stat(location)
        return None

    def close(self) -> None:
        """Nothing to let go of."""

    # changing

    def refresh(self) -> None:
        """Do nothing: a bucket can't be replaced."""

    def probe(self, root: int, scratch: bytes) -> str:  # noqa: ARG002
        """Memory copies only where nothing is."""
        return "if-none-match"

    def rename(self, source: Location, target: Location) -> None:
        """Copy, and remove what was copied."""
        found = self._entry(source)
        self.copy(source, target, found)
        self.remove(source, found)

    def copy(self, source: Location, target: Location, expected: FileEntry) -> FileEntry:
        """Copy an object with its metadata, and give the copy a time of its own."""
        return self._copy(source, target, expected.fingerprint, restore=False)

    def copy_each(
        self, copies: Sequence[Action], *, restore: bool = False
    ) -> Iterator[FileEntry | StorageError]:
        """Copy objects that are as expected."""
        for copy in copies:
            try:
                yield self._copy(copy.source, copy.target, copy.fingerprint, restore=restore)
            except StorageError as error:
                yield error

    def write(
        self,
        target: Location,
        content: BufferedIOBase,
        mtime_ns: int,
        beside: Mapping[str, str] | None = None,
    ) -> FileEntry:
        """Write an object of what can be read."""
        key = self._checked(target)
        if not target.path or key in self.objects:
            raise StorageError(Reason.TARGET_EXISTS)
        given = {MTIME: decimal(mtime_ns)} if beside is None else beside
        self._write(key, content.read(), {n.removeprefix(META): held for n, held in given.items()})
        return self._entry(target)

    def remove(self, location: Location, if_match: FileEntry) -> None:
        """Remove an object that still has the size and ETag given."""
        found, wanted = self._entry(location).fingerprint, if_match.fingerprint
        if if_match.kind is not Kind.FILE or (found.size, found.inode) != (
            wanted.size, wanted.inode,
        ):  # fmt: skip
            raise StorageError(Reason.NOT_OURS)
        del self.objects[self.key(location)]

    def remove_each(self, files: Sequence[FileEntry]) -> Iterator[StorageError | None]:
        """Remove objects that are still the ones given."""
        return one_by_one.removed_each(self.remove, files)

    # the keys

    def _copy(
        self, source: Location, target: Location, expected: Fingerprint, *, restore: bool
    ) -> FileEntry:
        stored = self._found(source)
        seen = self._mark(stored)
        is_same = (seen.size, seen.inode) == (expected.size, expected.inode)
        if not is_same or (not restore and seen.ctime_ns != expected.ctime_ns):
            raise StorageError(Reason.CHANGED)
        key = self._checked(target)
        if not target.path or key in self.objects:
            raise StorageError(Reason.TARGET_EXISTS)
        etag = stored.etag if self._keeps_etags else b"%d-1" % self._clock
        self._write(key, stored.content, _copied(stored, restore=restore), etag)
        return self._entry(target)

    def _write(
        self, key: bytes, content: bytes, metadata: dict[str, str], etag: bytes = b""
    ) -> None:
        self._clock += 1
        etag = etag or hashlib.md5(content, usedforsecurity=False).hexdigest().encode()
        self.objects[key] = Stored(content, etag, _BEGIN + self._clock * _SECOND, metadata)

    def _found(self, location: Location) -> Stored:
        stored = self.objects.get(self._checked(location)) if location.path else None
        if stored is None:
            self.folder_facts(location)
            raise StorageError(Reason.SPECIAL)
        return stored

    def _as_seen(self, file: FileEntry) -> bytes:
        """Return what an object holds that is still the one given."""
        found, wanted = self._entry(file.location).fingerprint, file.fingerprint
        if (found.size, found.inode) != (wanted.size, wanted.inode):
            raise StorageError(Reason.CHANGED)
        return self._found(file.location).content

    def _is_alike(self, file: FileEntry, content: bytes) -> bool | StorageError:
        try:
            return self._as_seen(file) == content
        except StorageError as error:
            return error

    def _entry(self, location: Location) -> FileEntry:
        return FileEntry(location, Kind.FILE, self._mark(self._found(location)))

    def _checked(self, location: Location) -> bytes:
        """Return the key of a place that a path can name."""
        key = self.key(location)
        if not is_inside(location.path) or not _is_text(key):
            raise StorageError(Reason.BAD_NAME)
        if len(key) > _LONGEST_KEY:
            raise StorageError(Reason.NAME_TOO_LONG)
        return key

    def _start(self, folder: Location) -> bytes:
        return join(self.key(folder), b"") if folder.path else self.key(folder)

    def _below(self, start: bytes) -> Iterator[tuple[bytes, Stored]]:
        """Yield the objects below a prefix, without a marker of the prefix itself."""
        for key, stored in self.objects.items():
            if key.startswith(start) and key != start:
                yield key, stored

    def _mark(self, stored: Stored, *, exact: bool = True) -> Fingerprint:
        known = nanoseconds(stored.metadata.get(_MTIME, "")) if exact else None
        mtime_ns = stored.modified_ns if known is None else known
        size = len(stored.content)
        return Fingerprint(size, mtime_ns, stored.modified_ns, digest(stored.etag))


def _copied(stored: Stored, *, restore: bool) -> dict[str, str]:
    """Return the metadata of a copy, as every bucket is given it."""
    headers = {META + name: held for name, held in stored.metadata.items()}
    head = Head(len(stored.content), stored.modified_ns // _SECOND, "", headers)
    given = copied(head, restore=restore)
    return {name.removeprefix(META): held for name, held in given.items()}


def _of_folder(start: bytes) -> Fingerprint:
    return Fingerprint(0, 0, 0, digest(start + b"/"))


def _is_text(key: bytes) -> bool:
    try:
        key.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in key
