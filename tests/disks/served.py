"""File systems that a process serves, by FUSE: disks in a file, and a folder by SFTP."""

import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.disks.mounts import Mounts, Word, missing, mounted, printed, run

SFTP_SERVER = "/usr/lib/openssh/sftp-server"
LACKING_DISKS = missing("mount.exfat-fuse", "mkfs.exfat", "lowntfs-3g", "mkntfs")
LACKING_SFTP = missing("sshfs", SFTP_SERVER)

_SERVERS = {
    "exfat": ["mount.exfat-fuse", "-d"],
    "ntfs": ["lowntfs-3g", "-o", "ignore_case,windows_names,no_detach"],
}


class Served:
    """A file system that a process serves at `point`, by FUSE."""

    def __init__(self, mounts: Mounts, point: Path) -> None:
        self._mounts, self.point = mounts, point
        self._daemon: subprocess.Popen[bytes] | None = None

    def mount(self) -> None:
        """Mount it."""
        raise NotImplementedError

    def unmount(self) -> None:
        """Unmount it; return when all is written and the process has ended."""
        run("umount", self.point)
        if self._daemon is not None:
            self._daemon.wait(timeout=20)

    def sync(self) -> None:
        """Write what is not yet where it is kept."""
        run("sync", "-f", self.point)


class ServedDisk(Served):
    """A file system in a file, served from a loop device, which goes with its process."""

    def __init__(self, mounts: Mounts, point: Path, image: Path, server: Sequence[Word]) -> None:
        super().__init__(mounts, point)
        self._image, self._server = image, server

    def mount(self) -> None:
        """Mount it."""
        device = printed("losetup", "--find", "--show", self._image).strip()
        self._daemon = self._mounts.daemon(self.point, [*self._server, device, self.point])
        run("losetup", "--detach", device)  # when it is no longer in use


class ServedFolder(Served):
    """A folder of this machine, served by SFTP to `point`: it stands in for another machine's."""

    def __init__(self, mounts: Mounts, point: Path, folder: Path) -> None:
        super().__init__(mounts, point)
        self.folder = folder
        self._server: subprocess.Popen[bytes] | None = None

    def mount(self) -> None:
        """Mount it, also where a client has died."""
        if mounted(self.point):
            run("umount", "-l", self.point)
        asked, asking = os.pipe()
        answers, answering = os.pipe()
        self._server = self._mounts.process([SFTP_SERVER], asked, answering)
        os.close(asked)
        os.close(answering)
        client: list[Word] = ["sshfs", "-f", "-o", "passive", f":{self.folder}", self.point]
        self._daemon = self._mounts.daemon(self.point, client, answers, asking)
        os.close(answers)
        os.close(asking)

    @contextmanager
    def stalled(self) -> Iterator[None]:
        """Let it answer nothing in the block."""
        self._signal(self._server, signal.SIGSTOP)
        try:
            yield
        finally:
            self._signal(self._server, signal.SIGCONT)

    def vanish(self, what: str) -> None:
        """End the `server`, after which the client unmounts, or the `client`, which can't."""
        process = {"server": self._server, "client": self._daemon}[what]
        self._signal(process, signal.SIGKILL)
        for ending in (process, self._daemon):
            if ending is not None:
                ending.wait(timeout=20)

    def unmount(self) -> None:
        """Unmount it; the server ends with its client."""
        super().unmount()
        if self._server is not None:
            self._server.wait(timeout=20)

    @staticmethod
    def _signal(process: subprocess.Popen[bytes] | None, number: int) -> None:
        assert process is not None
        process.send_signal(number)


def serve_disk(mounts: Mounts, name: str, kind: str) -> ServedDisk:
    """Make a file system of a kind that a process serves, in a file, and mount it."""
    image = mounts.image(name, kind, 16 << 20)
    disk = ServedDisk(mounts, mounts.point(name), image, _SERVERS[kind])
    disk.mount()
    return disk


def serve_folder(mounts: Mounts, name: str) -> ServedFolder:
    """Make a folder, and mount it by SFTP."""
    folder = mounts.base / f"{name}-served"
    folder.mkdir()
    served = ServedFolder(mounts, mounts.point(name), folder)
    served.mount()
    return served
