"""Others at work in the same folders: nothing of theirs is overwritten, nothing leaves the root."""

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fileorg.errors import StorageError
from fileorg.model.entry import Kind
from fileorg.model.reason import Reason
from fileorg.storage import posix
from tests.storage.conformance import at
from tests.storage.local_world import LocalWorld

SWAPS = 2000


@contextmanager
def beside(work: Callable[[], None]) -> Iterator[None]:
    """Do *work* over and over in another process, which is at it when this yields."""
    ready, go = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            work()
            os.write(go, b"1")
            while True:
                work()
        finally:
            os._exit(1)
    os.close(go)
    try:
        assert os.read(ready, 1) == b"1"
        yield
    finally:
        os.close(ready)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


@pytest.mark.parametrize("openat2", [True, False])
def test_a_swapped_folder_lets_nothing_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, openat2: bool
) -> None:
    """While a folder is swapped for a symlink to the outside, 2,000 renames never follow it."""
    if not openat2:
        monkeypatch.setattr(posix, "_openat2_works", False)
    root, outside = tmp_path / "root", tmp_path / "outside"
    for folder in (root / "folder", root / "safe", outside):
        folder.mkdir(parents=True)
    for folder in (outside, root / "folder"):
        (folder / "file").write_text(folder.name)
    (root / "trap").symlink_to(outside)

    def swap() -> None:
        os.rename(root / "folder", root / "aside")
        os.rename(root / "trap", root / "folder")
        os.rename(root / "folder", root / "trap")
        os.rename(root / "aside", root / "folder")

    world = LocalWorld(root)
    refused = done = 0
    with beside(swap):
        for number in range(SWAPS):
            if number % 8 == 0:
                world.storage.refresh()
            out, back = at(b"folder/file"), at(b"safe/file")
            source, target = (out, back) if (root / "safe/file").exists() is False else (back, out)
            try:
                world.storage.rename(source, target)
                done += 1
            except StorageError:
                refused += 1
    world.storage.close()
    assert sorted(os.listdir(outside)) == ["file"]
    assert (outside / "file").read_text() == "outside"
    assert done
    assert refused


@pytest.mark.parametrize("way", ["rename", "link", "placeholder"])
def test_a_racing_writer_loses_nothing(tmp_path: Path, way: str) -> None:
    """Files that another process makes under the target names are never overwritten."""
    root = tmp_path / "root"
    root.mkdir()
    world = LocalWorld(root)
    world.local._ways = [way]
    number_of_files = 500
    for number in range(number_of_files):
        world.put(b"from-%d" % number, b"ours")
    (tmp_path / "theirs").mkdir()

    def write() -> None:
        for number in range(number_of_files):
            path = root / f"to-{number}"
            # Made in full under another name first, so that its appearance is one step.
            (tmp_path / "theirs/new").write_text("theirs")
            with contextlib.suppress(FileExistsError):
                os.link(tmp_path / "theirs/new", path)
                (tmp_path / f"theirs/kept-{number}").touch()
            (tmp_path / "theirs/new").unlink()

    taken = 0
    child = os.fork()
    if child == 0:
        try:
            write()
        finally:
            os._exit(0)
    for number in range(number_of_files):
        try:
            world.storage.rename(at(b"from-%d" % number), at(b"to-%d" % number))
        except StorageError as error:
            assert error.reason is Reason.TARGET_EXISTS
            taken += 1
    os.waitpid(child, 0)
    for number in range(number_of_files):
        is_theirs = (tmp_path / f"theirs/kept-{number}").exists()
        assert (root / f"to-{number}").read_text() == ("theirs" if is_theirs else "ours")
        assert (root / f"from-{number}").exists() is is_theirs
    world.storage.close()


def test_a_file_that_grows_is_not_copied(tmp_path: Path) -> None:
    """A file that is written while it is copied is CHANGED, and its copy is taken away."""
    root, other = tmp_path / "root", tmp_path / "other"
    root.mkdir()
    other.mkdir()
    world = LocalWorld(root, other)
    world.put(b"log", b"x" * (32 << 20))

    def grow() -> None:
        with (root / "log").open("ab") as file:
            file.write(b"more")

    with beside(grow), pytest.raises(StorageError) as raised:
        for number in range(100):
            seen = world.storage.stat(at(b"log"))
            world.storage.copy(at(b"log"), at(b"copy-%d" % number, 1), seen)
            (other / f"copy-{number}").unlink()
    assert raised.value.reason is Reason.CHANGED
    assert os.listdir(other) == []
    world.storage.close()


def test_a_write_in_the_middle_of_a_copy_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is edited between its first block and its last is CHANGED, with no copy."""
    world = LocalWorld(tmp_path)
    seen = world.put(b"file", b"x" * (3 << 20))
    write = os.pwrite

    def edit_first(handle: int, block: bytes, position: int) -> int:
        if position == 1 << 20:
            with (tmp_path / "file").open("r+b") as file:
                file.write(b"edited")
        return write(handle, block, position)

    monkeypatch.setattr(os, "pwrite", edit_first)
    with pytest.raises(StorageError) as raised:
        world.storage.copy(at(b"file"), at(b"copy"), seen)
    assert raised.value.reason is Reason.CHANGED
    assert os.listdir(tmp_path) == ["file"]
    world.storage.close()


def test_a_fifo_never_blocks(tmp_path: Path) -> None:
    """A FIFO put in the place of a file is refused at once by open, copy and remove."""
    world = LocalWorld(tmp_path)
    seen = world.put(b"file", b"content")
    (tmp_path / "file").unlink()
    world.put(b"file", b"", Kind.SPECIAL)
    for act in (
        lambda: world.storage.open(at(b"file")),
        lambda: world.storage.copy(at(b"file"), at(b"copy"), seen),
        lambda: world.storage.remove(at(b"file"), seen),
    ):
        with pytest.raises(StorageError) as raised:
            act()
        assert raised.value.reason in {Reason.SPECIAL, Reason.CHANGED, Reason.NOT_OURS}
    world.storage.close()
