"""What is open for writing is not removed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fileorg.model.reason import Reason
from tests.storage.conformance import at, refused
from tests.storage.local_world import LocalWorld

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="leases are Linux's")

_HOLD = "import sys; f = open(sys.argv[1], sys.argv[2]); print(flush=True); sys.stdin.read()"


def _holder(path: Path, mode: str) -> "subprocess.Popen[str]":
    """Start a process that has *path* open until its stdin ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, path, mode],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()
    return process


def test_a_file_open_for_writing_stays(tmp_path: Path) -> None:
    """A file that another process has open for writing is BUSY until it is closed there."""
    world = LocalWorld(tmp_path)
    seen = world.put(b"file", b"content")
    with _holder(tmp_path / "file", "r+") as holder:
        with refused(Reason.BUSY):
            world.storage.remove(at(b"file"), seen)
        holder.communicate()
    world.storage.remove(at(b"file"), seen)
    assert os.listdir(tmp_path) == []
    world.storage.close()


def test_a_reader_is_no_hindrance(tmp_path: Path) -> None:
    """A file that another process reads is removed."""
    world = LocalWorld(tmp_path)
    seen = world.put(b"file", b"content")
    with _holder(tmp_path / "file", "r") as holder:
        world.storage.remove(at(b"file"), seen)
        holder.communicate()
    assert os.listdir(tmp_path) == []
    world.storage.close()


def test_a_writer_that_comes_meanwhile_kills_nobody(tmp_path: Path) -> None:
    """Processes that open files for writing while they are removed never end this one."""
    code = """
import os, sys
os.chdir(sys.argv[1]); print(flush=True)
while True:
    for name in range(50):
        try: os.close(os.open(str(name), os.O_WRONLY))
        except FileNotFoundError: pass
"""
    with subprocess.Popen(
        [sys.executable, "-c", code, tmp_path], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        child = os.fork()
        if child == 0:
            try:
                _remove_many(tmp_path)
            except BaseException:  # noqa: BLE001 - the exit code tells
                os._exit(1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        writer.kill()
    assert os.waitstatus_to_exitcode(status) == 0


def _remove_many(folder: Path) -> None:
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    from fileorg.errors import StorageError

    world = LocalWorld(folder)
    for number in range(4000):
        name = b"%d" % (number % 50)
        seen = world.put(name, b"content")
        try:
            world.storage.remove(at(name), seen)
        except StorageError as error:
            assert error.reason is Reason.BUSY
            os.unlink(folder / os.fsdecode(name))


def test_what_cannot_be_told_is_removed(tmp_path: Path) -> None:
    """A symlink, and a file that can't be opened for a lease, are removed on their fingerprint."""
    world = LocalWorld(tmp_path)
    (tmp_path / "link").symlink_to("/dev/null")
    world.storage.remove(at(b"link"), world.storage.stat(at(b"link")))
    (tmp_path / "dark").write_text("x")
    (tmp_path / "dark").chmod(0)
    world.storage.remove(at(b"dark"), world.storage.stat(at(b"dark")))
    assert os.listdir(tmp_path) == []
    world.storage.close()
