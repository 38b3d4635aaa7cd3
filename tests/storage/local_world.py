"""Two roots on real disks, the second on another device."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fileorg.model.entry import FileEntry, Kind
from fileorg.model.location import Root
from fileorg.storage.local import LocalStorage
from tests.storage.conformance import World, at


def root_of(path: Path) -> Root:
    """Return a folder as a root."""
    found = path.stat()
    return Root(os.fsencode(path), found.st_dev, found.st_ino)


class LocalWorld(World):
    """Folders on the local disk."""

    def __init__(self, *folders: Path) -> None:
        self.folders = folders
        self.storage = self.local = LocalStorage([root_of(folder) for folder in folders])

    def path(self, path: bytes, root: int = 0) -> Path:
        """Return where something is."""
        return self.folders[root] / os.fsdecode(path)

    def put(self, path: bytes, content: bytes, kind: Kind = Kind.FILE) -> FileEntry:
        """Write to the disk; what is written again gets a new modification time."""
        full = self.path(path)
        full.parent.mkdir(parents=True, exist_ok=True)
        if kind is Kind.SYMLINK:
            os.symlink(content, os.fsencode(full))
        elif kind is Kind.SPECIAL:
            os.mkfifo(full)
        else:
            old = full.stat().st_mtime_ns if full.exists() else None
            full.write_bytes(content)
            if old is not None:
                os.utime(full, ns=(old + 1000, old + 1000))
        return self.storage.stat(at(path))


@contextmanager
def two_devices(tmp_path: Path) -> Iterator[LocalWorld]:
    """Return a world of which the second root is on another device; skip where there is none."""
    shm = Path("/dev/shm")
    if not shm.is_dir() or shm.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second device at /dev/shm")
    first = tmp_path / "first"
    first.mkdir()
    second = Path(tempfile.mkdtemp(dir=shm))
    world = LocalWorld(first, second)
    try:
        yield world
    finally:
        world.storage.close()
        shutil.rmtree(second)
