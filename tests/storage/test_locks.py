"""One run at a time on overlapping folders."""

import errno
import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fileorg.errors import RunBusyError, StorageUnavailableError
from fileorg.storage.locks import Locks, is_locked

_HOLD = """
import os, sys
from pathlib import Path
from fileorg.storage.locks import Locks
locks = Locks(Path())
locks.take([os.fsencode(path) for path in sys.argv[1:]], 0)
print(flush=True)
sys.stdin.read()
locks.close()
"""


class Holder:
    """Another process with locks."""

    def __init__(self, *roots: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _HOLD, *roots],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.process.stdout.readline()

    def end(self) -> None:
        """Let it close its locks."""
        self.process.communicate()

    def kill(self) -> None:
        """Kill it where it is."""
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a folder with folders in it."""
    (tmp_path / "root/inner/deep").mkdir(parents=True)
    (tmp_path / "sibling").mkdir()
    return tmp_path


@pytest.fixture
def held(tree: Path) -> Iterator[Holder]:
    """Return a process that has locked `root/inner`."""
    holder = Holder(tree / "root/inner")
    yield holder
    holder.kill()


def _try(*roots: Path, wait: float = 0) -> None:
    mine = Locks(Path())
    try:
        mine.take([os.fsencode(root) for root in roots], wait)
    finally:
        mine.close()


@pytest.mark.parametrize("place", ["root/inner", "root/inner/deep", "root", "."])
def test_overlapping_roots_are_busy(tree: Path, held: Holder, place: str) -> None:
    """The same folder, one inside and one around it are all busy, and named."""
    with pytest.raises(RunBusyError, match="another run"):
        _try(tree / place)
    assert is_locked([os.fsencode(tree / place)], Path())


@pytest.mark.parametrize("place", ["sibling", "root/beside"])
def test_unrelated_roots_are_free(tree: Path, held: Holder, place: str) -> None:
    """Folders beside a locked one can be worked on."""
    (tree / place).mkdir(exist_ok=True)
    _try(tree / place)
    assert not is_locked([os.fsencode(tree / place)], Path())


def test_all_or_none(tree: Path, held: Holder) -> None:
    """When one of several roots is busy, none stays locked, and no handle open."""
    (tree / "first").mkdir()
    before = len(os.listdir("/proc/self/fd"))
    mine = Locks(Path())
    for busy in (tree / "root/inner", tree / "root"):
        with pytest.raises(RunBusyError):
            mine.take([os.fsencode(tree / "first"), os.fsencode(busy)], 0)
        assert len(os.listdir("/proc/self/fd")) == before
        Holder(tree / "first").end()


def test_a_killed_holder_holds_nothing(tree: Path, held: Holder) -> None:
    """The kernel frees the locks of a process that is killed."""
    held.kill()
    _try(tree / "root/inner")


def test_waiting_gets_the_lock(tree: Path, held: Holder) -> None:
    """With a wait the lock is taken as soon as its holder ends."""
    code = _HOLD.replace(", 0)", ", 60)").replace("print(", "print('got it', ")
    code = code.replace("locks.take", "print('asking', flush=True); locks.take")
    with subprocess.Popen(
        [sys.executable, "-c", code, tree / "root"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as waiter:
        assert waiter.stdout is not None
        assert waiter.stdout.readline() == b"asking\n"
        assert waiter.poll() is None
        held.end()
        assert waiter.stdout.readline() == b"got it\n"
        waiter.communicate()


def test_waiters_do_not_wait_for_each_other(tree: Path) -> None:
    """Two runs that each want what the other has taken first both get it in the end."""
    (tree / "other/nested").mkdir(parents=True)
    crossed = [
        [tree / "root/inner", tree / "other"],
        [tree / "root", tree / "other/nested"],
    ]
    children = []
    for roots in crossed * 2:
        child = os.fork()
        if child == 0:
            try:
                for _ in range(10):
                    _try(*roots, wait=60)
            except BaseException:  # noqa: BLE001 - the exit code tells
                os._exit(1)
            os._exit(0)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4


def test_a_missing_root_is_unavailable(tree: Path) -> None:
    """A root that is not there is no lock but an error that names it."""
    with pytest.raises(StorageUnavailableError, match="nowhere"):
        _try(tree / "nowhere")
    assert not is_locked([os.fsencode(tree / "nowhere")], Path())


@pytest.fixture
def no_folder_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make of folders what they are on NFS: nothing that flock takes."""
    flock = fcntl.flock

    def refuse(handle: int, mode: int) -> None:
        if os.path.isdir(f"/proc/self/fd/{handle}"):
            raise OSError(errno.EBADF, "Bad file descriptor")
        flock(handle, mode)

    monkeypatch.setattr(fcntl, "flock", refuse)


@pytest.mark.usefixtures("no_folder_locks")
def test_a_file_is_locked_where_folders_cannot_be(tree: Path) -> None:
    """Where folders take no lock a file does, which is gone with its folder afterwards."""
    mine, root = Locks(Path()), tree / "root"
    mine.take([os.fsencode(root)], 0)
    assert (root / ".fileorg/lock").stat().st_mode & 0o777 == 0o600
    with pytest.raises(RunBusyError):
        _try(root)
    assert is_locked([os.fsencode(root)], Path())
    mine.close()
    assert not (root / ".fileorg").exists()
    _try(root)


@pytest.mark.usefixtures("no_folder_locks")
def test_a_lock_file_is_one_lock_however_many_come_and_go(tree: Path) -> None:
    """Though each holder removes the lock file, never two hold it at a time."""
    root, inside = tree / "root", tree / "sibling/inside"
    children = []
    for _ in range(4):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                for _ in range(40):
                    mine = Locks(Path())
                    mine.take([os.fsencode(root)], 60)
                    os.mkdir(inside)  # fails if another is inside
                    os.rmdir(inside)
                    mine.close()
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4


@pytest.mark.usefixtures("no_folder_locks")
def test_a_lock_file_that_was_replaced_is_no_lock(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock on a file that lost its name to another in that moment does not count."""
    file, flock = tree / "root/.fileorg/lock", fcntl.flock
    swapped: list[bool] = []

    def swap_once(handle: int, mode: int) -> None:
        if file.exists() and not swapped:
            swapped.append(True)
            file.unlink()
            file.touch()
        flock(handle, mode)

    monkeypatch.setattr(fcntl, "flock", swap_once)
    mine = Locks(Path())
    mine.take([os.fsencode(tree / "root")], 10)
    assert swapped
    with pytest.raises(RunBusyError):
        _try(tree / "root")
    mine.close()


@pytest.mark.usefixtures("no_folder_locks")
def test_a_lock_file_follows_no_symlink(tree: Path) -> None:
    """A `.fileorg` that points elsewhere is refused, and nothing is made there."""
    (tree / "root/.fileorg").symlink_to(tree / "sibling")
    with pytest.raises(StorageUnavailableError):
        _try(tree / "root")
    assert os.listdir(tree / "sibling") == []


def test_a_forked_worker_keeps_the_lock(tree: Path) -> None:
    """A lock lasts until the workers of a killed run are gone too."""
    code = _HOLD.replace("print(flush", "if os.fork() == 0: print(os.getpid(), flush=True); "
        "__import__('signal').pause()\nprint(flush")  # fmt: skip
    holder = subprocess.Popen(
        [sys.executable, "-c", code, tree / "root"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    lines = [holder.stdout.readline(), holder.stdout.readline()]
    worker = int(b"".join(lines).strip())
    holder.kill()
    try:
        with pytest.raises(RunBusyError):
            _try(tree / "root")
    finally:
        os.kill(worker, signal.SIGKILL)
        holder.communicate()
    _try(tree / "root", wait=60)
