"""A storage in memory, for tests: folders, files with links, symlinks; a clock that only counts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BufferedIOBase, BytesIO

from fileorg.errors import StorageError, StorageUnavailableError
from fileorg.model.capabilities import Capabilities
from fileorg.model.entry import FileEntry, Fingerprint, FolderFacts, Kind, Listing
from fileorg.model.location import Location, Root, text
from fileorg.model.plan import Action
from fileorg.model.reason import Reason
from fileorg.storage import one_by_one
from fileorg.storage.base import NoServer, Parcel, Renamed
from fileorg.storage.one_by_one import OneByOne

_LONGEST = 255
_NO_NAMES = (b".", b"..")


class Node:
    """What a disk keeps of a file, symlink or folder: everything but its names."""

    def __init__(self, kind: Kind, inode: int, device: int, now: int) -> None:
        self.kind, self.inode, self.device = kind, inode, device
        self.mtime_ns = self.ctime_ns = now
        self.mode = 0o755 if kind is Kind.FOLDER else 0o644
        self.uid = self.gid = 0
        self.content = b""
        self.links = 1
        self.entries: dict[bytes, tuple[bytes, Node]] = {}


class MemoryStorage(NoServer, OneByOne):
    """A `Storage` of as many roots as there are *devices*; roots of one number share a device."""

    def __init__(self, devices: Sequence[int] = (1,), *, case_insensitive: bool = False) -> None:
        self._folds = case_insensitive
        self._clock = self._inodes = 0
        self._tops = [self._make(Kind.FOLDER, device) for device in devices]
        self.roots = [
            Root(b"/memory/%d" % number, top.device, top.inode)
            for number, top in enumerate(self._tops)
        ]

    # for tests to fill it and to look inside

    def put(self, location: Location, content: bytes, kind: Kind = Kind.FILE) -> FileEntry:
        """Make a file with *content*, a symlink to it, or something special; folders as needed.

        What was there is written anew, as any other process would.
        """
        folder = self._tops[location.root]
        for name in location.path.split(b"/")[:-1]:
            entry = folder.entries.get(self._key(name))
            made = self._make(Kind.FOLDER, folder.device) if entry is None else entry[1]
            if entry is None:
                self._add(folder, name, made)
            folder = made
        known = folder.entries.get(self._key(location.name))
        node = self._make(kind, folder.device) if known is None else known[1]
        if known is None:
            self._add(folder, location.name, node)
        node.content = content
        node.mtime_ns = node.ctime_ns = self._now()
        return self.stat(location)

    def node(self, location: Location) -> Node:
        """Return what stands at *location*; `VANISHED` or `FOLDER_GONE`."""
        if not location.path:
            return self._tops[location.root]
        folder, name = self._place(location)
        found = folder.entries.get(self._key(name))
        if found is None:
            raise StorageError(Reason.VANISHED)
        return found[1]

    # reading

    def capabilities(self, root: int) -> Capabilities:  # noqa: ARG002
        """Return what was chosen when it was made."""
        return Capabilities(case_insensitive=self._folds)

    def listing(self, folder: Location) -> Listing:
        """Return a folder's facts and entries."""
        node = self._folder(folder)
        entries = [_entry(folder.below(name), held) for name, held in node.entries.values()]
        return Listing(_facts(node), sorted(entries, key=lambda entry: text(entry.location.path)))

    def names(self, folder: Location) -> list[bytes]:
        """Return the names in a folder, as they are spelled there."""
        try:
            return [name for name, _ in self._folder(folder).entries.values()]
        except StorageError:
            return []

    def kinds(self, folder: Location) -> list[tuple[bytes, Kind]]:
        """Return the names in a folder and what they are."""
        return [(entry.location.name, entry.kind) for entry in self.listing(folder).entries]

    def stat(self, location: Location) -> FileEntry:
        """Return the entry at *location*."""
        return _entry(location, self.node(location))

    def folder_facts(self, folder: Location) -> FolderFacts:
        """Return a folder's facts."""
        return _facts(self._folder(folder))

    def open(self, location: Location) -> BufferedIOBase:
        """Open a file for reading."""
        node = self.node(location)
        if node.kind is not Kind.FILE:
            raise StorageError(Reason.SPECIAL)
        return BytesIO(node.content)

    def parcel(self, location: Location, *, restore: bool = False) -> Parcel:  # noqa: ARG002
        """Open a regular file; nothing lies beside it."""
        return Parcel(self.stat(location), self.open(location))

    def read(self, location: Location, start: int, length: int) -> bytes:
        """Return up to *length* bytes of a file from *start* on."""
        with self.open(location) as file:
            file.seek(start)
            return file.read(length)

    def read_each(self, files: Iterable[tuple[Location, int]]) -> Iterator[bytes | StorageError]:
        """Yield the first bytes of many files."""
        return one_by_one.read_each(self.read, files)

    def link_target(self, location: Location) -> bytes:
        """Return what a symlink points to."""
        node = self.node(location)
        if node.kind is not Kind.SYMLINK:
            raise StorageError(Reason.BAD_NAME)
        return node.content

    def attribute(self, location: Location, name: str) -> bytes | None:  # noqa: ARG002
        """Say that a file has none."""
        self.node(location)
        return None

    def close(self) -> None:
        """Nothing to let go of."""

    # changing

    def refresh(self) -> None:
        """Check that the roots are still the ones that were opened."""
        for root, top in zip(self.roots, self._tops, strict=True):
            if (root.device, root.inode) != (top.device, top.inode):
                raise StorageUnavailableError("another folder stands there now", "run it again")

    def probe(self, root: int, scratch: bytes) -> str:  # noqa: ARG002
        """Memory renames without replacing."""
        return "rename"

    def rename(self, source: Location, target: Location) -> None:
        """Rename within one device, never onto a taken name."""
        node = self.node(source)
        new_folder, new_name = self._free(target, node)
        if new_folder is node or self._holds(node, new_folder):
            raise StorageError(Reason.BAD_NAME)
        self._drop(source)
        self._add(new_folder, new_name, node)
        node.ctime_ns = self._now()

    def rename_each(self, moves: Sequence[Action], *, by_ctime: bool) -> Renamed:
        """Rename files that are as expected."""
        for count, move in enumerate(moves):
            expected = move.fingerprint
            try:
                seen = self.stat(move.source)
                found = seen.fingerprint
                is_older = by_ctime and found.ctime_ns != expected.ctime_ns and seen.links == 1
                if is_older or not found.is_unedited(expected) or seen.kind is Kind.FOLDER:
                    return Renamed(count)
                self.rename(move.source, move.target)
            except StorageError as error:
                return Renamed(count, failure=error)
        return Renamed(len(moves))

    def copy(self, source: Location, target: Location, expected: FileEntry) -> FileEntry:
        """Make a file or symlink of the same content, time, mode and owner."""
        node = self.node(source)
        if expected.kind not in {Kind.FILE, Kind.SYMLINK}:
            raise StorageError(Reason.SPECIAL)
        if node.kind is not expected.kind or not (
            _entry(source, node).fingerprint.is_unedited(expected.fingerprint)
        ):
            raise StorageError(Reason.CHANGED)
        folder, name = self._free(target)
        made = self._make(node.kind, folder.device)
        made.content, made.mtime_ns, made.mode = node.content, node.mtime_ns, node.mode
        made.uid, made.gid = node.uid, node.gid
        self._add(folder, name, made)
        return self.stat(target)

    def write(
        self,
        target: Location,
        content: BufferedIOBase,
        mtime_ns: int,
        beside: Mapping[str, str] | None = None,  # noqa: ARG002 - a folder has no place for it
    ) -> FileEntry:
        """Make a file of what can be read."""
        folder, name = self._free(target)
        made = self._make(Kind.FILE, folder.device)
        made.content, made.mtime_ns = content.read(), mtime_ns
        self._add(folder, name, made)
        return self.stat(target)

    def link(self, source: Location, target: Location) -> None:
        """Give a file a second name."""
        node = self.node(source)
        if node.kind is Kind.FOLDER:
            raise StorageError(Reason.PERMISSION)
        folder, name = self._free(target, node)
        self._add(folder, name, node)
        node.links += 1
        node.ctime_ns = self._now()

    def symlink(self, path: bytes, target: Location) -> FileEntry:
        """Make a symlink."""
        folder, name = self._free(target)
        made = self._make(Kind.SYMLINK, folder.device)
        made.content = path
        self._add(folder, name, made)
        return self.stat(target)

    def share(self, source: Location, target: Location) -> None:  # noqa: ARG002
        """Memory shares nothing."""
        raise StorageError(Reason.UNSUPPORTED)

    def remove(self, location: Location, if_match: FileEntry) -> None:
        """Remove a file that is still the one given."""
        found = self.stat(location)
        if found.kind is Kind.FOLDER or not found.fingerprint.is_same_file(if_match.fingerprint):
            raise StorageError(Reason.NOT_OURS)
        if not found.fingerprint.is_unedited(if_match.fingerprint):
            raise StorageError(Reason.CHANGED)
        node = self.node(location)
        self._drop(location)
        node.links -= 1
        node.ctime_ns = self._now()

    def make_folder(self, folder: Location, facts: FolderFacts | None) -> FolderFacts:
        """Make a folder, owned like its root or as *facts* say."""
        parent, name = self._free(folder)
        made = self._make(Kind.FOLDER, parent.device)
        like = self._tops[folder.root]
        made.uid, made.gid = (like.uid, like.gid) if facts is None else (facts.uid, facts.gid)
        made.mode = made.mode if facts is None else facts.mode
        self._add(parent, name, made)
        return _facts(made)

    def dress_folder(self, folder: Location, facts: FolderFacts | None) -> None:
        """Give a folder its mode."""
        node = self._folder(folder)
        node.mode = node.mode if facts is None else facts.mode

    def remove_folder(self, folder: Location, inode: int) -> None:
        """Remove an empty folder if *inode* is its own."""
        node = self.node(folder)
        if inode and node.inode != inode:
            raise StorageError(Reason.NOT_OURS)
        if node.kind is not Kind.FOLDER:
            raise StorageError(Reason.FOLDER_GONE)
        if node.entries:
            raise StorageError(Reason.NOT_EMPTY)
        self._drop(folder)

    def set_folder_mtime(self, folder: Location, mtime_ns: int) -> None:
        """Give a folder its modification time back."""
        node = self._folder(folder)
        node.mtime_ns, node.ctime_ns = mtime_ns, self._now()

    def sync(self, roots: Iterable[int]) -> None:
        """Memory survives nothing."""

    # the tree

    def _make(self, kind: Kind, device: int) -> Node:
        self._inodes += 1
        return Node(kind, self._inodes, device, self._now())

    def _now(self) -> int:
        self._clock += 1
        return self._clock

    def _key(self, name: bytes) -> bytes:
        return name.lower() if self._folds else name

    def _place(self, location: Location) -> tuple[Node, bytes]:
        """Return the node of the folder that holds *location*, and the name in it."""
        *above, name = location.path.split(b"/")
        if b"\0" in location.path or {*above, name} & set(_NO_NAMES):
            raise StorageError(Reason.BAD_NAME)
        folder = self._tops[location.root]
        for part in above:
            found = folder.entries.get(self._key(_fitting(part)))
            if found is None:
                raise StorageError(Reason.VANISHED)
            folder = found[1]
            if folder.kind is not Kind.FOLDER:
                raise StorageError(Reason.FOLDER_GONE)
        return folder, _fitting(name)

    def _folder(self, location: Location) -> Node:
        node = self.node(location)
        if node.kind is not Kind.FOLDER:
            raise StorageError(Reason.FOLDER_GONE)
        return node

    def _free(self, target: Location, of: Node | None = None) -> tuple[Node, bytes]:
        """Return folder and name of a place that *of* can take; or say why it can't."""
        try:
            folder, name = self._place(target)
        except StorageError as error:
            if error.reason is Reason.VANISHED:
                raise StorageError(Reason.FOLDER_GONE) from error
            raise
        if of is not None and of.device != folder.device:
            raise StorageError(Reason.CROSSES_DEVICES)
        if not name or self._key(name) in folder.entries:
            raise StorageError(Reason.TARGET_EXISTS)
        return folder, name

    def _add(self, folder: Node, name: bytes, node: Node) -> None:
        folder.entries[self._key(name)] = (name, node)
        folder.mtime_ns = folder.ctime_ns = self._now()

    def _drop(self, location: Location) -> None:
        folder, name = self._place(location)
        if not name:
            raise StorageError(Reason.BAD_NAME, "a root stays where it is")
        del folder.entries[self._key(name)]
        folder.mtime_ns = folder.ctime_ns = self._now()

    def _holds(self, node: Node, other: Node) -> bool:
        held = (child for _, child in node.entries.values())
        return any(child is other or self._holds(child, other) for child in held)


def _fitting(name: bytes) -> bytes:
    if len(name) > _LONGEST:
        raise StorageError(Reason.NAME_TOO_LONG)
    return name


def _entry(location: Location, node: Node) -> FileEntry:
    mark = Fingerprint(len(node.content), node.mtime_ns, node.ctime_ns, node.inode)
    return FileEntry(location, node.kind, mark, node.links)


def _facts(node: Node) -> FolderFacts:
    return FolderFacts(node.mode, node.uid, node.gid, node.mtime_ns, node.inode, node.device)
