"""Local disk: every call is relative to a folder handle that was opened without following a link.

`handles` keeps those; `no_replace` renames; `copying` copies; here they become the verbs.
"""

import errno
import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BufferedIOBase

from fileorg.errors import StorageError, StorageUnavailableError
from fileorg.model.capabilities import Capabilities
from fileorg.model.entry import FileEntry, FolderFacts, Kind, Listing
from fileorg.model.location import Location, Root, text
from fileorg.model.plan import Action
from fileorg.model.reason import Reason
from fileorg.storage import (
    copying,
    leases,
    local_listing,
    local_probe,
    local_writing,
    mounts,
    no_replace,
    posix,
)
from fileorg.storage.base import NoServer, Parcel, Renamed
from fileorg.storage.facts import entry_of, facts_of, is_expected, signed
from fileorg.storage.handles import Handles
from fileorg.storage.one_by_one import OneByOne
from fileorg.storage.translate import about_target, translated, unread

_NO_FILE = {errno.ELOOP, errno.ENXIO}  # a symlink, a socket


class LocalStorage(NoServer, OneByOne):
    """The folders of a run on local disks; a `Storage`."""

    def __init__(self, roots: Sequence[Root]) -> None:
        self.roots = list(roots)
        self._handles = Handles(self.roots)
        self._ways = ["rename"] * len(self.roots)
        self._numbered = [not local_probe.numbers_anew(root.path) for root in self.roots]

    # reading

    def capabilities(self, root: int) -> Capabilities:
        """Probe by reading: the kind of file system, and whether it folds case."""
        try:
            return local_probe.capabilities(self._handles.root_fds[root], self.roots[root].path)
        except OSError as error:
            raise translated(error) from error

    def listing(self, folder: Location) -> Listing:
        """Return a folder's facts and its entries sorted by name."""
        with self._listed(folder) as handle:
            numbered = self._numbered[folder.root]
            entries = local_listing.entries(handle, folder, numbered=numbered)
            return Listing(facts_of(os.fstat(handle)), entries)

    def names(self, folder: Location) -> list[bytes]:
        """Return the names in a folder; empty where there is no such folder."""
        try:
            with self._listed(folder) as handle:
                return local_listing.names(handle)
        except StorageError as failure:
            if failure.reason in {Reason.VANISHED, Reason.FOLDER_GONE}:
                return []
            raise

    def kinds(self, folder: Location) -> list[tuple[bytes, Kind]]:
        """Return the names in a folder and what they are, by name."""
        with self._listed(folder) as handle:
            return local_listing.kinds(handle)

    @contextmanager
    def _listed(self, folder: Location) -> Iterator[int]:
        """Give a handle to list a folder by."""
        try:
            handle = self._handles.readable(folder)
            try:
                yield handle
            finally:
                os.close(handle)
        except OSError as error:
            raise translated(error) from error

    def stat(self, location: Location) -> FileEntry:
        """Return the entry at *location*, a symlink as itself."""
        try:
            folder, name = self._handles.at(location)
            found = os.stat(name, dir_fd=folder, follow_symlinks=False)
        except OSError as error:
            raise translated(error) from error
        return entry_of(location, found, numbered=self._numbered[location.root])

    def folder_facts(self, folder: Location) -> FolderFacts:
        """Return a folder's facts."""
        try:
            parent, name = self._handles.at(folder)
            return facts_of(_stat_folder(parent, name))
        except OSError as error:
            raise translated(error) from error

    def open(self, location: Location) -> BufferedIOBase:
        """Open a regular file for reading, never waiting on a FIFO."""
        try:
            folder, name = self._handles.at(location)
            handle = os.open(name, copying.READ_FILE, dir_fd=folder)
        except OSError as error:
            raise self._unopened(location, error) from error
        try:
            if stat.S_ISREG(os.fstat(handle).st_mode):
                return os.fdopen(handle, "rb")
        except OSError as error:
            os.close(handle)
            raise translated(error) from error
        os.close(handle)
        raise StorageError(Reason.SPECIAL)

    def parcel(self, location: Location, *, restore: bool = False) -> Parcel:  # noqa: ARG002
        """Open a regular file; nothing lies beside it."""
        return Parcel(self.stat(location), self.open(location))

    def read(self, location: Location, start: int, length: int) -> bytes:
        """Return up to *length* bytes of a file from *start* on."""
        try:
            handle = self._handles.file(location, copying.READ_FILE)
        except OSError as error:
            raise self._unopened(location, error) from error
        try:
            found = os.pread(handle, length, start)
            while 0 < len(found) < length:
                more = os.pread(handle, length - len(found), start + len(found))
                if not more:
                    break
                found += more
        except OSError as error:
            raise unread(error) from error
        finally:
            os.close(handle)
        return found

    def read_each(self, files: Iterable[tuple[Location, int]]) -> Iterator[bytes | StorageError]:
        """Yield the first bytes of many files; cheap where neighbours follow one another."""
        opened, read, close = self._handles.opener(copying.READ_FILE), os.pread, os.close
        for location, length in files:
            try:
                handle = opened(location)
            except OSError as error:
                yield self._unopened(location, error)
                continue
            try:
                found: bytes | StorageError = read(handle, length, 0)
            except OSError as error:
                found = unread(error)
            close(handle)
            yield found

    def _unopened(self, location: Location, error: OSError) -> StorageError:
        """Return why a file did not open: where it is a symlink or a socket, because it is that."""
        if error.errno in _NO_FILE:
            try:
                if self.stat(location).kind is not Kind.FILE:
                    return StorageError(Reason.SPECIAL)
            except StorageError as failure:
                return failure
        return translated(error)

    def link_target(self, location: Location) -> bytes:
        """Return what a symlink points to."""
        try:
            folder, name = self._handles.at(location)
            return os.readlink(name, dir_fd=folder)
        except OSError as error:
            raise translated(error) from error

    def attribute(self, location: Location, name: str) -> bytes | None:
        """Return an extended attribute of a file, None where it has none of that name."""
        try:
            handle = self._handles.file(location, copying.READ_FILE)
        except OSError as error:
            raise self._unopened(location, error) from error
        try:
            return copying.attribute(handle, name)
        except OSError as error:
            raise translated(error) from error
        finally:
            os.close(handle)

    def close(self) -> None:
        """Let go of every handle."""
        self._handles.close()

    # changing

    def refresh(self) -> None:
        """Check that every root is still where it was, and drop the cached handles."""
        self._handles.refresh()

    def probe(self, root: int, scratch: bytes) -> str:
        """Find out how this root renames without replacing; known file systems are left alone."""
        mount = mounts.holding(self.roots[root].path)
        if mount is not None and mount.type in no_replace.KNOWN:
            return self._ways[root]
        try:
            self._ways[root] = no_replace.probe(self._handles.root_fds[root], scratch)
        except OSError as error:
            path = text(self.roots[root].path)
            raise StorageUnavailableError(
                f"{path}: {error.strerror}", "nothing was moved"
            ) from error
        return self._ways[root]

    def rename(self, source: Location, target: Location) -> None:
        """Rename within one device, never onto a taken name."""
        try:
            source_fd, old, target_fd, new = self._handles.pair(source, target)
            no_replace.WAYS[self._ways[target.root]](source_fd, old, target_fd, new)
        except OSError as error:
            raise self._about_two(error, source) from error
        self._handles.moved(source)

    def rename_each(self, moves: Sequence[Action], *, by_ctime: bool) -> Renamed:
        """Rename files that are as expected; the two looks and the act cost three calls each."""
        pair, ways, look = self._handles.pair, self._ways, os.stat
        for count, move in enumerate(moves):
            try:
                source_fd, old, target_fd, new = pair(move.source, move.target)
                seen = look(old, dir_fd=source_fd, follow_symlinks=False)
                if not is_expected(seen, move, by_ctime):
                    return Renamed(count)
                no_replace.WAYS[ways[move.target.root]](source_fd, old, target_fd, new)
                moved = look(new, dir_fd=target_fd, follow_symlinks=False).st_ino
            except OSError as error:
                return Renamed(count, failure=self._about_two(error, move.source))
            if moved != seen.st_ino:
                return Renamed(count, strayed=True)
        return Renamed(len(moves))

    def copy(self, source: Location, target: Location, expected: FileEntry) -> FileEntry:
        """Write *target* as a copy of *source* with its holes and metadata."""
        try:
            source_fd, old, target_fd, new = self._handles.pair(source, target)
            if expected.kind is Kind.SYMLINK:
                copying.copy_symlink(source_fd, old, target_fd, new, expected.fingerprint)
            elif expected.kind is Kind.FILE:
                copying.copy_file(source_fd, old, target_fd, new, expected.fingerprint)
            else:
                raise StorageError(Reason.SPECIAL)
        except OSError as error:
            raise self._about_two(error, source) from error
        return self.stat(target)

    def write(
        self,
        target: Location,
        content: BufferedIOBase,
        mtime_ns: int,
        beside: Mapping[str, str] | None = None,  # noqa: ARG002 - a folder has no place for it
    ) -> FileEntry:
        """Write a new file of what can be read, with a time."""
        try:
            folder, name = self._handles.at(target)
            local_writing.write(folder, name, content, mtime_ns)
        except OSError as error:
            raise about_target(error) from error
        return self.stat(target)

    def link(self, source: Location, target: Location) -> None:
        """Give a file a second name."""
        try:
            source_fd, old, target_fd, new = self._handles.pair(source, target)
            os.link(old, new, src_dir_fd=source_fd, dst_dir_fd=target_fd, follow_symlinks=False)
        except OSError as error:
            raise self._about_two(error, source) from error

    def symlink(self, path: bytes, target: Location) -> FileEntry:
        """Make a symlink."""
        try:
            folder, name = self._handles.at(target)
            os.symlink(path, name, dir_fd=folder)
        except OSError as error:
            raise about_target(error) from error
        return self.stat(target)

    def share(self, source: Location, target: Location) -> None:
        """Have the kernel compare two files and let them share their blocks."""
        try:
            reading = self._handles.file(source, copying.READ_FILE)
            try:
                writing = self._sharing(target)
                try:
                    copying.share_blocks(reading, writing)
                finally:
                    os.close(writing)
            finally:
                os.close(reading)
        except OSError as error:
            raise translated(error) from error

    def _sharing(self, location: Location) -> int:
        """Open a file whose blocks are to be given up: its owner may, though it be read-only."""
        try:
            return self._handles.file(location, copying.WRITE_FILE)
        except PermissionError:
            return self._handles.file(location, copying.READ_FILE)

    def remove(self, location: Location, if_match: FileEntry) -> None:
        """Remove a file that is still the one given and that nobody is writing."""
        try:
            folder, name = self._handles.at(location)
            if if_match.kind is Kind.FILE and leases.is_written(folder, name):
                raise StorageError(Reason.BUSY)
            found = self.stat(location)
            if found.kind is Kind.FOLDER or not found.fingerprint.is_same_file(
                if_match.fingerprint
            ):
                raise StorageError(Reason.NOT_OURS)
            if not found.fingerprint.is_unedited(if_match.fingerprint):
                raise StorageError(Reason.CHANGED)
            os.unlink(name, dir_fd=folder)
        except OSError as error:
            raise translated(error) from error

    def make_folder(self, folder: Location, facts: FolderFacts | None) -> FolderFacts:
        """Make a folder; owner, group and setgid come from *facts*, else from the root."""
        try:
            parent, name = self._handles.at(folder)
            root = os.fstat(self._handles.root_fds[folder.root])
            made = copying.make_folder(parent, name, facts, root)
        except OSError as error:
            raise translated(error) from error
        self._handles.moved(folder)
        return facts_of(made)

    def dress_folder(self, folder: Location, facts: FolderFacts | None) -> None:
        """Give a folder owner, group and setgid from *facts*, else from the root."""
        try:
            parent, name = self._handles.at(folder)
            root = os.fstat(self._handles.root_fds[folder.root])
            copying.dress_folder(parent, name, facts, root)
        except OSError as error:
            raise translated(error) from error

    def remove_folder(self, folder: Location, inode: int) -> None:
        """Remove an empty folder if *inode* is its own."""
        try:
            parent, name = self._handles.at(folder)
            found = os.stat(name, dir_fd=parent, follow_symlinks=False)
            is_known = self._numbered[folder.root] and inode
            if is_known and signed(found.st_ino) != inode:
                raise StorageError(Reason.NOT_OURS)
            os.rmdir(name, dir_fd=parent)
        except OSError as error:
            raise translated(error) from error
        self._handles.moved(folder)

    def set_folder_mtime(self, folder: Location, mtime_ns: int) -> None:
        """Give a folder its modification time back."""
        try:
            parent, name = self._handles.at(folder)
            times = (_stat_folder(parent, name).st_atime_ns, mtime_ns)
            os.utime(name, ns=times, dir_fd=parent, follow_symlinks=False)
        except OSError as error:
            raise translated(error) from error

    def sync(self, roots: Iterable[int]) -> None:
        """Return when everything done below *roots* is durable."""
        devices = {self.roots[root].device: root for root in roots}
        for root in devices.values():
            try:
                posix.sync_file_system(self._handles.root_fds[root])
            except OSError as error:
                raise translated(error) from error

    def _about_two(self, error: OSError, source: Location) -> StorageError:
        """Translate an error of a verb of two places: the target's folder may be what is gone."""
        failure = translated(error)
        if failure.reason is Reason.VANISHED:
            try:
                self.stat(source)
            except StorageError:
                return failure
            return StorageError(Reason.FOLDER_GONE, str(failure))
        return failure


def _stat_folder(parent: int, name: bytes) -> os.stat_result:
    found = os.stat(name, dir_fd=parent, follow_symlinks=False)
    if not stat.S_ISDIR(found.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    return found
