"""Small disks, which can be filled up and made free again, and become read-only."""

import os
import shutil
from contextlib import suppress

from tests.disks.mounts import Disk, Mounts, run

KINDS = ["tmpfs", "ext4"]
DAMAGED = "ext4, damaged"
"""One that the kernel makes read-only by itself, and what was not yet written is lost."""
_MANY_INODES, _FEW_INODES = 1000, 64
_BLOCK = 4096


class SmallDisk:
    """A disk of a few MiB, full by a folder `filler` of its own."""

    def __init__(self, mounts: Mounts, kind: str, *, inodes: int = _MANY_INODES) -> None:
        self._disk: Disk | None = None
        self._way = "remount,abort" if kind == DAMAGED else "remount,ro"
        if kind == "tmpfs":
            self.point = mounts.tmpfs("small", f"size=4m,nr_inodes={inodes}")
        else:
            options = ["-q", "-F", "-m", "0", "-N", str(inodes), "-b", "1024"]
            self._disk = mounts.disk("small", "ext4", 8 << 20, options)
            self.point = self._disk.point
            (self.point / "lost+found").rmdir()
        self._filler = self.point / ".filler"

    def fill(self, what: str, *, left: int = 0) -> None:
        """Leave no room but *left* blocks of 4 KiB, or no inode but *left* ones."""
        self._filler.mkdir()
        (self._fill_with_bytes if what == "bytes" else self._fill_with_files)(left)

    def make_room(self) -> None:
        """Take away what fills it."""
        shutil.rmtree(self._filler)

    def make_read_only(self) -> None:
        """Let nothing more be written to it."""
        run("mount", "-o", self._way, self.point)

    def make_writable(self) -> None:
        """Mount it for writing, and anew where it was damaged."""
        if self._disk is None or self._way == "remount,ro":
            run("mount", "-o", "remount,rw", self.point)
        else:
            self._disk.unmount()
            self._disk.mount()

    def sync(self) -> None:
        """Have all on the disk that is in memory."""
        run("sync", "-f", self.point)

    def _fill_with_bytes(self, left: int) -> None:
        handle = os.open(self._filler / "bytes", os.O_CREAT | os.O_WRONLY)
        with suppress(OSError):
            while True:
                os.write(handle, b"." * 1024)
        with suppress(OSError):
            while True:
                os.write(handle, b".")
        os.ftruncate(handle, os.fstat(handle).st_size - left * _BLOCK)
        os.fsync(handle)
        os.close(handle)

    def _fill_with_files(self, left: int) -> None:
        made = []
        with suppress(OSError):
            for number in range(10_000):
                path = self._filler / str(number)
                path.touch()
                made.append(path)
        for path in made[: len(made) - left - 1 : -1]:
            path.unlink()


def few_inodes(mounts: Mounts, kind: str) -> SmallDisk:
    """Return a small disk that holds few files."""
    return SmallDisk(mounts, kind, inodes=_FEW_INODES)
