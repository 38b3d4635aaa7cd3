"""File systems for tests, in a mount namespace of this process's own.

They are gone when the last process in it is, however that ends: the kernel unmounts, and frees
the loop device that was made with a mount. Daemons of FUSE die with this process.
"""

import ctypes
import fcntl
import os
import shutil
import signal
import struct
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

Word = str | Path

_CLONE_NEWNS = 0x20000
_GOING_DOWN = 0x8004587D  # _IOR('X', 125, __u32) of ext4 and xfs
_WITHOUT_FLUSHING = 2
_SIZES = {"xfs": 300 << 20, "btrfs": 128 << 20}
_OPTIONS = {"exfat": [], "ntfs": ["-F", "-q", "-f"]}
_libc = ctypes.CDLL(None, use_errno=True)
_NULL = subprocess.DEVNULL
_entered = False


def missing(*programs: str) -> list[str]:
    """Return which of the programs are not installed."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
    return [program for program in programs if shutil.which(program, path=path) is None]


def enter_own_mounts() -> None:
    """Give this process, and those it starts, a table of mounts of their own."""
    global _entered  # noqa: PLW0603 - a process has one
    if not _entered:
        if _libc.unshare(_CLONE_NEWNS):
            raise OSError(ctypes.get_errno(), "unshare")
        run("mount", "--make-rprivate", "/")
        _entered = True


def run(*words: Word) -> None:
    """Run a command that must succeed."""
    done = subprocess.run(words, capture_output=True, check=False)
    assert done.returncode == 0, (words, done.stderr)


def printed(*words: Word) -> str:
    """Return what a command prints that must succeed."""
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def die_with_parent() -> None:
    """Have the kernel end this process with the one that started it."""
    _libc.prctl(1, signal.SIGKILL, 0, 0, 0)


class Disk:
    """A file system in a file, mounted by a loop device at `point`."""

    def __init__(self, image: Path, point: Path, kind: str, options: str = "") -> None:
        self.image, self.point, self.kind, self.options = image, point, kind, options

    def mount(self) -> None:
        """Mount it."""
        options = ",".join(filter(None, ["loop", self.options]))
        run("mount", "-t", self.kind, "-o", options, self.image, self.point)

    def unmount(self) -> None:
        """Unmount it, which writes what was not written."""
        run("umount", self.point)

    def cut(self) -> None:
        """Cut its power: nothing that is not on the disk by now will come there.

        btrfs has no such call: the disk as it is now is kept, and put in its place by `replug`.
        """
        if self.kind == "btrfs":
            run("cp", "--sparse=always", self.image, self._kept)
            return
        handle = os.open(self.point, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, _GOING_DOWN, struct.pack("I", _WITHOUT_FLUSHING))
        finally:
            os.close(handle)

    def replug(self) -> None:
        """Mount again what was on the disk when its power was cut."""
        self.unmount()
        if self._kept.exists():
            self._kept.replace(self.image)
        self.mount()

    def sync(self) -> None:
        """Write what is not yet on the disk, as the kernel does at any time."""
        run("sync", "-f", self.point)

    @property
    def _kept(self) -> Path:
        return self.image.with_suffix(".kept")


class Mounts:
    """Makes file systems below *base*, and takes them away with `close`."""

    def __init__(self, base: Path) -> None:
        enter_own_mounts()
        self.base = base
        self._points: list[Path] = []
        self._log = base / "daemons.log"
        self._daemons: list[subprocess.Popen[bytes]] = []

    def point(self, name: str) -> Path:
        """Return a new folder that something is going to be mounted on."""
        point = self.base / name
        point.mkdir(parents=True)
        self._points.append(point)
        return point

    def tmpfs(self, name: str, options: str = "size=16m") -> Path:
        """Mount a file system in memory."""
        point = self.point(name)
        run("mount", "-t", "tmpfs", "-o", options, "tmpfs", point)
        return point

    def bind(self, name: str, folder: Path) -> Path:
        """Show a folder at a second place."""
        point = self.point(name)
        run("mount", "--bind", folder, point)
        return point

    def overlay(self, name: str, lower: Path) -> Path:
        """Lay a folder in memory over *lower*."""
        above = self.tmpfs(f"{name}-upper")
        (above / "upper").mkdir()
        (above / "work").mkdir()
        point = self.point(name)
        layers = f"lowerdir={lower},upperdir={above}/upper,workdir={above}/work"
        run("mount", "-t", "overlay", "-o", layers, "overlay", point)
        return point

    def disk(self, name: str, kind: str, size: int = 0, mkfs: Sequence[str] = ()) -> Disk:
        """Make a file system of the kernel's in a file, and mount it."""
        disk = Disk(self.image(name, kind, size or _SIZES.get(kind, 16 << 20), mkfs),
                    self.point(name), kind)  # fmt: skip
        disk.mount()
        return disk

    def image(self, name: str, kind: str, size: int, mkfs: Sequence[str] = ()) -> Path:
        """Make a file system in a file."""
        image = self.base / f"{name}.img"
        with image.open("wb") as file:
            file.truncate(size)
        tool = "mkntfs" if kind == "ntfs" else f"mkfs.{kind}"
        run(tool, *_OPTIONS.get(kind, ["-q"]), *mkfs, image)
        return image

    def daemon(
        self, point: Path, words: Sequence[Word], stdin: int = _NULL, stdout: int = _NULL
    ) -> "subprocess.Popen[bytes]":
        """Start what serves *point* and stays in the foreground; return when it is mounted."""
        device = point.stat().st_dev
        daemon = self.process(words, stdin, stdout)
        wait_until(lambda: point.stat().st_dev != device or daemon.poll() is not None)
        assert daemon.poll() is None, (words, self._log.read_bytes())
        return daemon

    def process(
        self, words: Sequence[Word], stdin: int = _NULL, stdout: int = _NULL
    ) -> "subprocess.Popen[bytes]":
        """Start a process that ends with this one, or with `close`; what it says goes to a log."""
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                words, stdin=stdin, stdout=stdout, stderr=log,
                preexec_fn=die_with_parent,  # noqa: PLW1509 - no thread runs beside a test
            )  # fmt: skip
        self._daemons.append(process)
        return process

    def close(self) -> None:
        """Unmount everything, end the daemons, and leave no mount and no loop device."""
        for point in reversed(self._points):
            for _ in range(mounted(point)):
                subprocess.run(["umount", "-l", point], capture_output=True, check=False)
        for daemon in self._daemons:
            daemon.kill()
            daemon.wait()
        left = [point for point in self._points if mounted(point)]
        assert not left
        wait_until(lambda: not loop_devices(self.base))


def mounted(point: Path) -> int:
    """Return how many file systems are mounted at a folder, one on another."""
    table = Path("/proc/self/mountinfo").read_text()
    return sum(line.split()[4] == str(point) for line in table.splitlines())


def wait_until(condition: Callable[[], bool]) -> None:
    """Return when *condition* holds, of which something else decides; fail after 20 seconds."""
    import time

    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def loop_devices(folder: Path) -> list[str]:
    """Return the loop devices whose file lies below *folder*."""
    table = printed("losetup", "--list", "--noheadings", "--output", "NAME,BACK-FILE")
    return [line for line in table.splitlines() if f" {folder}/" in line]
