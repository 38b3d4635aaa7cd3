"""Sharing blocks on a file system that can: btrfs in a file, which needs root."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from fileorg.errors import StorageError
from fileorg.model.location import Location
from fileorg.model.reason import Reason
from tests.dedupe.groups import opened
from tests.pipeline.harness import Desk

pytestmark = [
    pytest.mark.root,
    pytest.mark.skipif(
        os.geteuid() != 0 or shutil.which("mkfs.btrfs") is None, reason="needs root and btrfs"
    ),
]


@pytest.fixture
def btrfs(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on btrfs."""
    image, place = tmp_path / "image", tmp_path / "mounted"
    with image.open("wb") as file:
        file.truncate(256 << 20)
    place.mkdir()
    subprocess.run(["mkfs.btrfs", "-q", image], check=True)
    subprocess.run(["mount", "-o", "loop", image, place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def blocks(path: Path) -> list[str]:
    """Return where on the disk a file lies."""
    subprocess.run(["sync", path], check=True)
    printed = subprocess.run(
        ["filefrag", "-v", path], check=True, capture_output=True, text=True
    ).stdout
    return [line.split()[3] for line in printed.splitlines() if line[:4].strip().isdigit()]


def test_equal_files_share_their_blocks(btrfs: Path) -> None:
    """Afterwards both lie at the same place, and content, inode and time are as before."""
    content = os.urandom(20 << 20)  # more than is asked for at once
    for name in ("one", "same"):
        (btrfs / name).write_bytes(content)
    before = (btrfs / "same").stat()
    assert blocks(btrfs / "one") != blocks(btrfs / "same")
    opened(btrfs).share(Location(0, b"one"), Location(0, b"same"))

    assert blocks(btrfs / "one") == blocks(btrfs / "same")
    assert (btrfs / "same").read_bytes() == content
    after = (btrfs / "same").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_the_owner_shares_a_file_that_is_read_only(btrfs: Path) -> None:
    """A file that its owner may not write to shares its blocks all the same."""
    for name in ("one", "same"):
        (btrfs / name).write_bytes(bytes(range(256)) * 4096)
        os.chown(btrfs / name, 65534, 65534)
        (btrfs / name).chmod(0o444)
    storage = opened(btrfs)
    os.seteuid(65534)
    try:
        storage.share(Location(0, b"one"), Location(0, b"same"))
    finally:
        os.seteuid(0)

    assert blocks(btrfs / "one") == blocks(btrfs / "same")


@pytest.mark.parametrize("size", [5000, 20 << 20])
def test_files_that_differ_share_nothing(btrfs: Path, size: int) -> None:
    """The kernel itself finds a byte that differs, and leaves both as they are."""
    (btrfs / "one").write_bytes(bytes(size))
    (btrfs / "other").write_bytes(bytes(size - 1) + b"x")
    with pytest.raises(StorageError) as caught:
        opened(btrfs).share(Location(0, b"one"), Location(0, b"other"))

    assert caught.value.reason is Reason.MISMATCH
    assert (btrfs / "other").read_bytes() == bytes(size - 1) + b"x"


def test_an_act_shares_and_its_undo_changes_nothing(btrfs: Path, tmp_path: Path) -> None:
    """`reflink` frees the space of redundant files in place; undo and redo leave them alone."""
    desk = Desk(btrfs)
    for name in ("a", "b"):
        (desk.root / name).write_bytes(os.urandom(1) * (1 << 20) if name == "a" else b"")
    (desk.root / "b").write_bytes((desk.root / "a").read_bytes())
    before = desk.snapshot()
    summary = desk.dedupe("reflink").summary

    assert (summary.done, summary.failed) == (1, 0)
    assert blocks(desk.root / "a") == blocks(desk.root / "b")
    assert desk.snapshot() == before
    assert desk.undo().done == 1
    assert desk.redo().done == 1
    assert desk.snapshot() == before
