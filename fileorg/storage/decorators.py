"""Storages that wrap another: one that passes every verb on, and one that counts them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BufferedIOBase
from typing import TypeVar

from fileorg.errors import StorageError
from fileorg.model.capabilities import Capabilities
from fileorg.model.entry import FileEntry, FolderFacts, Kind, Listing
from fileorg.model.location import Location, Root
from fileorg.model.plan import Action
from fileorg.model.requests import Requests
from fileorg.storage.base import Alike, Group, Parcel, Renamed, Storage

_Answer = TypeVar("_Answer")


class StorageDecorator:
    """Passes every verb on to *inner*; a subclass overrides `before` or the verbs it changes."""

    def __init__(self, inner: Storage) -> None:
        self.inner = inner

    def before(self, verb: str) -> None:
        """Do something before *verb* is passed on, or raise instead."""

    @property
    def roots(self) -> list[Root]:
        """The roots of the wrapped storage."""
        return self.inner.roots

    @roots.setter
    def roots(self, roots: list[Root]) -> None:
        self.inner.roots = roots

    def capabilities(self, root: int) -> Capabilities:
        """Pass on."""
        self.before("capabilities")
        return self.inner.capabilities(root)

    def listing(self, folder: Location) -> Listing:
        """Pass on."""
        self.before("listing")
        return self.inner.listing(folder)

    def names(self, folder: Location) -> list[bytes]:
        """Pass on."""
        self.before("names")
        return self.inner.names(folder)

    def kinds(self, folder: Location) -> list[tuple[bytes, Kind]]:
        """Pass on."""
        self.before("kinds")
        return self.inner.kinds(folder)

    def stat(self, location: Location) -> FileEntry:
        """Pass on."""
        self.before("stat")
        return self.inner.stat(location)

    def folder_facts(self, folder: Location) -> FolderFacts:
        """Pass on."""
        self.before("folder_facts")
        return self.inner.folder_facts(folder)

    def open(self, location: Location) -> BufferedIOBase:
        """Pass on."""
        self.before("open")
        return self.inner.open(location)

    def parcel(self, location: Location, *, restore: bool = False) -> Parcel:
        """Pass on."""
        self.before("parcel")
        return self.inner.parcel(location, restore=restore)

    def read(self, location: Location, start: int, length: int) -> bytes:
        """Pass on."""
        self.before("read")
        return self.inner.read(location, start, length)

    def read_each(self, files: Iterable[tuple[Location, int]]) -> Iterator[bytes | StorageError]:
        """Pass on."""
        self.before("read_each")
        return self.inner.read_each(files)

    def alike_each(self, groups: Iterable[Group]) -> Iterator[Alike]:
        """Pass on one by one, so that each is a call of its own."""
        for group in groups:
            try:
                yield self.alike_one(group)
            except StorageError as error:
                yield error

    def alike_one(self, group: Group) -> Alike:
        """Pass on one group of `alike_each`."""
        self.before("alike_each")
        (answer,) = self.inner.alike_each((group,))
        return answer

    def link_target(self, location: Location) -> bytes:
        """Pass on."""
        self.before("link_target")
        return self.inner.link_target(location)

    def attribute(self, location: Location, name: str) -> bytes | None:
        """Pass on."""
        self.before("attribute")
        return self.inner.attribute(location, name)

    def requests(self) -> Requests:
        """Pass on, without a word: nothing is asked for it."""
        return self.inner.requests()

    def close(self) -> None:
        """Pass on."""
        self.before("close")
        self.inner.close()

    def refresh(self) -> None:
        """Pass on."""
        self.before("refresh")
        self.inner.refresh()

    def probe(self, root: int, scratch: bytes) -> str:
        """Pass on."""
        self.before("probe")
        return self.inner.probe(root, scratch)

    def rename(self, source: Location, target: Location) -> None:
        """Pass on."""
        self.before("rename")
        self.inner.rename(source, target)

    def rename_each(self, moves: Sequence[Action], *, by_ctime: bool) -> Renamed:
        """Pass on one by one, so that each is a call of its own."""
        for done, move in enumerate(moves):
            try:
                renamed = self.rename_one(move, by_ctime=by_ctime)
            except StorageError as error:
                return Renamed(done, failure=error)
            if not renamed.done:
                return Renamed(done, renamed.strayed, renamed.failure)
        return Renamed(len(moves))

    def rename_one(self, move: Action, *, by_ctime: bool) -> Renamed:
        """Pass on one move of `rename_each`."""
        self.before("rename_each")
        return self.inner.rename_each((move,), by_ctime=by_ctime)

    def copy(self, source: Location, target: Location, expected: FileEntry) -> FileEntry:
        """Pass on."""
        self.before("copy")
        return self.inner.copy(source, target, expected)

    def copy_each(
        self, copies: Sequence[Action], *, restore: bool = False
    ) -> Iterator[FileEntry | StorageError]:
        """Pass on one by one, so that each is a call of its own."""
        for copy in copies:
            try:
                yield self.copy_one(copy, restore=restore)
            except StorageError as error:
                yield error

    def copy_one(self, copy: Action, *, restore: bool) -> FileEntry:
        """Pass on one copy of `copy_each`."""
        self.before("copy_each")
        (made,) = self.inner.copy_each((copy,), restore=restore)
        return _raised(made)

    def remove_each(self, files: Sequence[FileEntry]) -> Iterator[StorageError | None]:
        """Pass on one by one, so that each is a call of its own."""
        for file in files:
            try:
                self.remove_one(file)
            except StorageError as error:
                yield error
            else:
                yield None

    def remove_one(self, file: FileEntry) -> None:
        """Pass on one removal of `remove_each`."""
        self.before("remove_each")
        (answer,) = self.inner.remove_each((file,))
        _raised(answer)

    def write(
        self,
        target: Location,
        content: BufferedIOBase,
        mtime_ns: int,
        beside: Mapping[str, str] | None = None,
    ) -> FileEntry:
        """Pass on."""
        self.before("write")
        return self.inner.write(target, content, mtime_ns, beside)

    def link(self, source: Location, target: Location) -> None:
        """Pass on."""
        self.before("link")
        self.inner.link(source, target)

    def symlink(self, path: bytes, target: Location) -> FileEntry:
        """Pass on."""
        self.before("symlink")
        return self.inner.symlink(path, target)

    def share(self, source: Location, target: Location) -> None:
        """Pass on."""
        self.before("share")
        self.inner.share(source, target)

    def remove(self, location: Location, if_match: FileEntry) -> None:
        """Pass on."""
        self.before("remove")
        self.inner.remove(location, if_match)

    def make_folder(self, folder: Location, facts: FolderFacts | None) -> FolderFacts:
        """Pass on."""
        self.before("make_folder")
        return self.inner.make_folder(folder, facts)

    def dress_folder(self, folder: Location, facts: FolderFacts | None) -> None:
        """Pass on."""
        self.before("dress_folder")
        self.inner.dress_folder(folder, facts)

    def remove_folder(self, folder: Location, inode: int) -> None:
        """Pass on."""
        self.before("remove_folder")
        self.inner.remove_folder(folder, inode)

    def set_folder_mtime(self, folder: Location, mtime_ns: int) -> None:
        """Pass on."""
        self.before("set_folder_mtime")
        self.inner.set_folder_mtime(folder, mtime_ns)

    def sync(self, roots: Iterable[int]) -> None:
        """Pass on."""
        self.before("sync")
        self.inner.sync(roots)


def _raised(answer: _Answer | StorageError) -> _Answer:
    """Return an answer, or raise the error that it is."""
    if isinstance(answer, StorageError):
        raise answer
    return answer


class CountingStorage(StorageDecorator):
    """Counts how often each verb was called."""

    def __init__(self, inner: Storage) -> None:
        super().__init__(inner)
        self.calls: Counter[str] = Counter()

    def before(self, verb: str) -> None:
        """Count."""
        self.calls[verb] += 1
