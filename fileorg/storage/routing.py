"""Roots of several storages as one: a verb goes to its root's, a copy from one to another.

What goes from one to another streams through here and is proven before it is told of.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BufferedIOBase
from itertools import groupby

import msgspec

from fileorg.errors import StorageError
from fileorg.model.capabilities import Capabilities
from fileorg.model.entry import FileEntry, FolderFacts, Kind, Listing
from fileorg.model.location import Location, Root
from fileorg.model.plan import Action, ActionKind
from fileorg.model.reason import Reason
from fileorg.model.requests import NO_REQUESTS, Requests
from fileorg.storage.base import Alike, Group, Parcel, Renamed, Storage
from fileorg.storage.carrying import Carrier


class RoutingStorage:
    """A `Storage` over *parts*, each with the numbers that its roots have in the run."""

    def __init__(self, roots: Sequence[Root], parts: Sequence[tuple[Storage, list[int]]]) -> None:
        self.roots = list(roots)
        self._carrier = Carrier(self)
        self._storages = [storage for storage, _ in parts]
        self._routes = {
            number: (storage, own) for storage, all_ in parts for own, number in enumerate(all_)
        }

    # reading

    def capabilities(self, root: int) -> Capabilities:
        """Ask the root's own."""
        storage, own = self._routes[root]
        return storage.capabilities(own)

    def listing(self, folder: Location) -> Listing:
        """Ask the root's own."""
        storage, own = self._at(folder)
        found = storage.listing(own)
        entries = [self._entry(entry, folder.root) for entry in found.entries]
        return Listing(found.facts, entries)

    def names(self, folder: Location) -> list[bytes]:
        """Ask the root's own."""
        storage, own = self._at(folder)
        return storage.names(own)

    def kinds(self, folder: Location) -> list[tuple[bytes, Kind]]:
        """Ask the root's own."""
        storage, own = self._at(folder)
        return storage.kinds(own)

    def stat(self, location: Location) -> FileEntry:
        """Ask the root's own."""
        storage, own = self._at(location)
        return self._entry(storage.stat(own), location.root)

    def folder_facts(self, folder: Location) -> FolderFacts:
        """Ask the root's own."""
        storage, own = self._at(folder)
        return storage.folder_facts(own)

    def open(self, location: Location) -> BufferedIOBase:
        """Ask the root's own."""
        storage, own = self._at(location)
        return storage.open(own)

    def parcel(self, location: Location, *, restore: bool = False) -> Parcel:
        """Ask the root's own."""
        storage, own = self._at(location)
        found = storage.parcel(own, restore=restore)
        return found._replace(entry=self._entry(found.entry, location.root))

    def read(self, location: Location, start: int, length: int) -> bytes:
        """Ask the root's own."""
        storage, own = self._at(location)
        return storage.read(own, start, length)

    def read_each(self, files: Iterable[tuple[Location, int]]) -> Iterator[bytes | StorageError]:
        """Ask the root's own, as many at a time as come one after another."""
        for storage, run in groupby(files, lambda file: self._routes[file[0].root][0]):
            yield from storage.read_each((self._at(place)[1], length) for place, length in run)

    def alike_each(self, groups: Iterable[Group]) -> Iterator[Alike]:
        """Ask the first file's own, one by one."""
        for first, others in groups:
            storage, _ = self._at(first.location)
            if any(self._at(other.location)[0] is not storage for other in others):
                yield StorageError(Reason.CROSSES_DEVICES)
                continue
            own = (self._own_entry(first), [self._own_entry(other) for other in others])
            yield from storage.alike_each([own])

    def link_target(self, location: Location) -> bytes:
        """Ask the root's own."""
        storage, own = self._at(location)
        return storage.link_target(own)

    def attribute(self, location: Location, name: str) -> bytes | None:
        """Ask the root's own."""
        storage, own = self._at(location)
        return storage.attribute(own, name)

    def requests(self) -> Requests:
        """Return the sums of all."""
        return sum((storage.requests() for storage in self._storages), NO_REQUESTS)

    def close(self) -> None:
        """Close all."""
        self._carrier.close()
        for storage in self._storages:
            storage.close()

    # changing

    def refresh(self) -> None:
        """Look at all roots again."""
        for storage in self._storages:
            storage.refresh()

    def probe(self, root: int, scratch: bytes) -> str:
        """Ask the root's own."""
        storage, own = self._routes[root]
        return storage.probe(own, scratch)

    def rename(self, source: Location, target: Location) -> None:
        """Rename within one storage; `CROSSES_DEVICES` between two."""
        storage, old, new = self._both(source, target)
        storage.rename(old, new)

    def rename_each(self, moves: Sequence[Action], *, by_ctime: bool) -> Renamed:
        """Rename within one storage after the other."""
        done = 0
        for storage, run in groupby(moves, self._route_of):
            if storage is None:
                return Renamed(done, failure=StorageError(Reason.CROSSES_DEVICES))
            own = [self._own(move) for move in run]
            renamed = storage.rename_each(own, by_ctime=by_ctime)
            done += renamed.done
            if renamed.done < len(own):
                return renamed._replace(done=done)
        return Renamed(done)

    def copy(self, source: Location, target: Location, expected: FileEntry) -> FileEntry:
        """Copy within one storage, or from one to another."""
        if self._routes[source.root][0] is not self._routes[target.root][0]:
            kind, mark = expected.kind, expected.fingerprint
            action = Action(ActionKind.COPY, source, target, mark, entry_kind=kind)
            return self._carrier.carry(action)
        storage, old, new = self._both(source, target)
        return self._entry(storage.copy(old, new, self._own_entry(expected)), target.root)

    def copy_each(
        self, copies: Sequence[Action], *, restore: bool = False
    ) -> Iterator[FileEntry | StorageError]:
        """Copy within one storage at once, and from one to another one by one."""
        for storage, run in groupby(copies, self._route_of):
            if storage is None:
                yield from self._carrier.carry_each(run, restore=restore)
                continue
            actions = list(run)
            made = storage.copy_each([self._own(action) for action in actions], restore=restore)
            for action, answer in zip(actions, made, strict=True):
                yield self._answer(answer, action.target.root)

    def remove_each(self, files: Sequence[FileEntry]) -> Iterator[StorageError | None]:
        """Remove from one storage after the other."""
        for storage, run in groupby(files, lambda file: self._routes[file.location.root][0]):
            yield from storage.remove_each([self._own_entry(file) for file in run])

    def write(
        self,
        target: Location,
        content: BufferedIOBase,
        mtime_ns: int,
        beside: Mapping[str, str] | None = None,
    ) -> FileEntry:
        """Ask the root's own."""
        storage, own = self._at(target)
        return self._entry(storage.write(own, content, mtime_ns, beside), target.root)

    def link(self, source: Location, target: Location) -> None:
        """Link within one storage."""
        storage, old, new = self._both(source, target)
        storage.link(old, new)

    def symlink(self, path: bytes, target: Location) -> FileEntry:
        """Ask the root's own."""
        storage, own = self._at(target)
        return self._entry(storage.symlink(path, own), target.root)

    def share(self, source: Location, target: Location) -> None:
        """Share within one storage."""
        storage, old, new = self._both(source, target)
        storage.share(old, new)

    def remove(self, location: Location, if_match: FileEntry) -> None:
        """Ask the root's own."""
        storage, own = self._at(location)
        storage.remove(own, self._own_entry(if_match))

    def make_folder(self, folder: Location, facts: FolderFacts | None) -> FolderFacts:
        """Ask the root's own."""
        storage, own = self._at(folder)
        return storage.make_folder(own, facts)

    def dress_folder(self, folder: Location, facts: FolderFacts | None) -> None:
        """Ask the root's own."""
        storage, own = self._at(folder)
        storage.dress_folder(own, facts)

    def remove_folder(self, folder: Location, inode: int) -> None:
        """Ask the root's own."""
        storage, own = self._at(folder)
        storage.remove_folder(own, inode)

    def set_folder_mtime(self, folder: Location, mtime_ns: int) -> None:
        """Ask the root's own."""
        storage, own = self._at(folder)
        storage.set_folder_mtime(own, mtime_ns)

    def sync(self, roots: Iterable[int]) -> None:
        """Sync each of the roots in its storage."""
        for root in roots:
            storage, own = self._routes[root]
            storage.sync([own])

    # the routes

    def _at(self, location: Location) -> tuple[Storage, Location]:
        """Return the storage of a location, and what it is called there."""
        storage, root = self._routes[location.root]
        return storage, Location(root, location.path)

    def _both(self, source: Location, target: Location) -> tuple[Storage, Location, Location]:
        """Return the storage of two locations; `CROSSES_DEVICES` if it is not one."""
        (one, old), (other, new) = self._at(source), self._at(target)
        if one is not other:
            raise StorageError(Reason.CROSSES_DEVICES)
        return one, old, new

    def _route_of(self, action: Action) -> Storage | None:
        """Return the storage that holds both ends of a step, None where there are two."""
        one, other = self._routes[action.source.root][0], self._routes[action.target.root][0]
        return one if one is other else None

    def _own(self, action: Action) -> Action:
        """Return a step as the storage of both its ends knows it."""
        old, new = self._at(action.source)[1], self._at(action.target)[1]
        return msgspec.structs.replace(action, source=old, target=new)

    def _own_entry(self, entry: FileEntry) -> FileEntry:
        return msgspec.structs.replace(entry, location=self._at(entry.location)[1])

    def _entry(self, entry: FileEntry, root: int) -> FileEntry:
        """Return an entry as it is called in the run."""
        return msgspec.structs.replace(entry, location=Location(root, entry.location.path))

    def _answer(self, answer: FileEntry | StorageError, root: int) -> FileEntry | StorageError:
        return answer if isinstance(answer, StorageError) else self._entry(answer, root)
