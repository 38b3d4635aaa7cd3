"""Handles of the folders of a run, opened without following a link and kept for one batch.

A folder swapped under the run is noticed when they are dropped and opened again.
"""

import errno
import os
from collections.abc import Callable, Sequence

from fileorg.errors import StorageUnavailableError
from fileorg.model.location import Location, Root, folder_of, text
from fileorg.storage import posix

MOST = 256
"""Under the usual limit of 1,024 open files, workers included."""

_ROW = 3  # files in a folder for which a handle of it pays
_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY
_NO_NAMES = frozenset((b".", b".."))


class Handles:
    """The open folders of a run's roots."""

    def __init__(self, roots: Sequence[Root]) -> None:
        """Open every root; `StorageUnavailableError` if one can't be or is another folder now."""
        self._roots = roots
        self.root_fds: list[int] = []
        self._open: list[dict[bytes, int]] = [{} for _ in roots]
        self._known: list[set[bytes]] = [set() for _ in roots]
        self._count = 0
        try:
            for root in roots:
                self.root_fds.append(_open_root(root))
        except StorageUnavailableError:
            self.close()
            raise

    def at(self, location: Location) -> tuple[int, bytes]:
        """Return a handle of the folder that holds *location*, and the name in it."""
        path = location.path
        if b"\0" in path:
            raise OSError(errno.EINVAL, "a name holds no NUL")
        cut = path.rfind(b"/")
        name = path[cut + 1 :]
        if name in _NO_NAMES:
            raise OSError(errno.EINVAL, "not a name")
        if cut < 0:
            return self.root_fds[location.root], name or b"."
        folder = path[:cut]
        handle = self._open[location.root].get(folder)
        if handle is None:
            handle = self._add(location.root, folder)
        return handle, name

    def pair(self, source: Location, target: Location) -> tuple[int, bytes, int, bytes]:
        """Return `at` of both; getting the second never closes the first."""
        if self._count > MOST - 2:
            self.drop()
        source_fd, source_name = self.at(source)
        target_fd, target_name = self.at(target)
        return source_fd, source_name, target_fd, target_name

    def readable(self, folder: Location) -> int:
        """Open a folder for reading its entries; the caller closes it."""
        flags = os.O_RDONLY | os.O_DIRECTORY
        return posix.open_beneath(self.root_fds[folder.root], folder.path or b".", flags)

    def file(self, location: Location, flags: int) -> int:
        """Open what stands at *location*, without a handle of its folder; the caller closes it."""
        return posix.open_beneath(self.root_fds[location.root], location.path or b".", flags)

    def opener(self, flags: int) -> Callable[[Location], int]:
        """Return what does `file` for many, by a handle of a folder from its third in a row on."""
        roots, beneath, at = self.root_fds, posix.beneath(flags), self.at
        last, last_root, row = b"", -1, 0

        def opened(location: Location) -> int:
            nonlocal last, last_root, row
            root, path = location.root, location.path
            folder = path[: path.rfind(b"/") + 1]
            if folder != last or root != last_root:
                last, last_root, row = folder, root, 0
            row += 1
            if row < _ROW:
                return beneath(roots[root], path or b".")
            handle, name = at(location)
            return os.open(name, flags, dir_fd=handle)

        return opened

    def moved(self, folder: Location) -> None:
        """Forget handles that *folder* or something below it had, now that it is elsewhere."""
        if folder.path in self._known[folder.root]:
            self.drop()

    def drop(self) -> None:
        """Close all but the roots."""
        for handles in self._open:
            for handle in handles.values():
                os.close(handle)
            handles.clear()
        for known in self._known:
            known.clear()
        self._count = 0

    def refresh(self) -> None:
        """Drop all handles; `StorageUnavailableError` unless every root is where it was."""
        self.drop()
        for root in self._roots:
            try:
                found = os.stat(root.path)
            except OSError as error:
                raise StorageUnavailableError(
                    f"{text(root.path)}: {error.strerror}",
                    "it was there when the run began; when it is back: fileorg recover",
                ) from error
            _check_identity(root, found)

    def close(self) -> None:
        """Close every handle."""
        self.drop()
        while self.root_fds:
            os.close(self.root_fds.pop())

    def _add(self, root: int, folder: bytes) -> int:
        if self._count >= MOST:
            self.drop()
        handle = posix.open_beneath(self.root_fds[root], folder, _FOLDER)
        self._open[root][folder] = handle
        self._count += 1
        known = self._known[root]
        while folder and folder not in known:
            known.add(folder)
            folder = folder_of(folder)
        return handle


def _open_root(root: Root) -> int:
    try:
        handle = os.open(root.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise StorageUnavailableError(
            f"{text(root.path)}: {error.strerror}", "check that you may read it"
        ) from error
    try:
        _check_identity(root, os.fstat(handle))
    except StorageUnavailableError:
        os.close(handle)
        raise
    return handle


def _check_identity(root: Root, found: os.stat_result) -> None:
    if (found.st_dev, found.st_ino) != (root.device, root.inode):
        raise StorageUnavailableError(
            f"{text(root.path)}: another folder stands there now", "run it again"
        )
