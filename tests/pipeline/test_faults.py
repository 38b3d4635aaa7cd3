"""Disks that are full, read-only, elsewhere or not readable: named, and nothing is lost."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fileorg.errors import RunBusyError, StorageUnavailableError
from fileorg.storage.locks import Locks
from tests.pipeline.harness import Desk, contents, in_child
from tests.trees import File, make_tree

Mount = Callable[..., Path]
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to mount a file system")
NOBODY = 65534


@pytest.fixture
def tmpfs(tmp_path: Path) -> Iterator[Mount]:
    """Mount memory file systems, as small as asked, and unmount them afterwards."""
    mounted: list[Path] = []

    def mount(name: str, options: str = "size=4m") -> Path:
        point = tmp_path / name
        point.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", point], check=True)
        mounted.append(point)
        return point

    yield mount
    for point in mounted:
        subprocess.run(["umount", "-l", point], check=True)


@needs_root
@pytest.mark.root
def test_files_move_between_devices_with_all_their_facts(desk: Desk, tmpfs: Mount) -> None:
    """A move to another device keeps content, mode, time and hard links; undo brings all back."""
    make_tree(
        desk.root,
        {b"a.jpg": File(b"a" * 100_000, 1e9, 0o640), b"d/b.txt": File(b"b", 1.1e9, 0o600)},
    )
    os.link(desk.root / "a.jpg", desk.root / "same.jpg")
    before, files = desk.snapshot(), contents(desk.root)
    target = tmpfs("other") / "sorted"

    run = desk.organize(into=target, folders="recurse")
    assert run.done == 3
    assert files == contents(desk.root, target)
    assert (target / "Images" / "a.jpg").stat().st_nlink == 2

    desk.undo()
    assert before == desk.snapshot()
    assert not target.exists()


@needs_root
@pytest.mark.root
def test_a_folder_that_moves_as_one_crosses_devices_file_by_file(desk: Desk, tmpfs: Mount) -> None:
    """With `whole` a folder goes to another device with everything in it, hidden files too."""
    make_tree(desk.root, {b"trip/a.jpg": b"a", b"trip/.hidden": b"h", b"trip/sub/b.jpg": b"b"})
    before = desk.snapshot()
    target = tmpfs("other")

    desk.organize(into=target, folders="whole")
    assert (target / "Images" / "trip" / ".hidden").read_bytes() == b"h"
    assert not (desk.root / "trip").exists()

    desk.undo()
    assert before == desk.snapshot()


@needs_root
@pytest.mark.root
def test_a_full_disk_stops_the_run_and_recover_goes_on(desk: Desk, tmpfs: Mount) -> None:
    """When DEST is full every file is whole somewhere, and recover finishes given room."""
    files = {b"f%02d.bin" % n: b"%d" % n + os.urandom(300_000) for n in range(20)}
    make_tree(desk.root, files)
    before, all_files = desk.snapshot(), contents(desk.root)
    target = tmpfs("small", "size=3m")

    with pytest.raises(StorageUnavailableError, match="recover"):
        desk.organize(into=target)
    assert all_files == contents(desk.root, target)

    subprocess.run(["mount", "-o", "remount,size=20m", target], check=True)
    (summary,) = desk.recover()
    assert summary is not None
    assert summary.done == 20
    assert all_files == contents(desk.root, target)
    assert not list(target.rglob(".fileorg-*"))

    desk.undo()
    assert before == desk.snapshot()


@needs_root
@pytest.mark.root
def test_a_full_state_folder_stops_before_anything_is_moved(desk: Desk, tmpfs: Mount) -> None:
    """When the journal can't be written nothing is moved, and the error says where."""
    make_tree(desk.root, {b"f%05d.jpg" % n: b"%d" % n for n in range(3000)})
    before = desk.snapshot()
    state = tmpfs("state", "size=200k")
    desk.state.path.parent.mkdir(exist_ok=True)
    desk.state = type(desk.state)(state)

    with pytest.raises(StorageUnavailableError, match="journal"):
        desk.organize()

    assert before == desk.snapshot()


@needs_root
@pytest.mark.root
def test_a_read_only_disk_loses_nothing(tmp_path: Path, tmpfs: Mount) -> None:
    """On a read-only file system the run stops with a reason and the tree is as it was."""
    root = tmpfs("fixed")
    desk = Desk(tmp_path / "desk")
    make_tree(root, {b"a.jpg": b"a", b"b.pdf": b"b"})
    files = contents(root)
    subprocess.run(["mount", "-o", "remount,ro", root], check=True)

    with pytest.raises(StorageUnavailableError, match=r"[Rr]ead-only"):
        desk.organize(root)

    assert files == contents(root)


@needs_root
@pytest.mark.root
def test_mount_points_are_left_alone(desk: Desk, tmpfs: Mount) -> None:
    """Another file system mounted inside SOURCE is not entered."""
    make_tree(desk.root, {b"a.jpg": b"a"})
    (desk.root / "stick").mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "none", desk.root / "stick"], check=True)
    try:
        make_tree(desk.root / "stick", {b"b.jpg": b"b"})
        summary = desk.organize(folders="recurse")
        there = (desk.root / "stick" / "b.jpg").exists()
    finally:
        subprocess.run(["umount", desk.root / "stick"], check=True)

    assert there
    assert [reason.reason for reason in summary.left_alone] == ["mount point"]


def test_an_unreadable_folder_is_a_failure_not_an_empty_folder(desk: Desk) -> None:
    """A folder that may not be read is named with its reason; the rest is organized."""
    make_tree(desk.root, {b"a.jpg": b"a", b"locked/b.jpg": b"b"})
    (desk.root / "locked").chmod(0)
    os.chmod(desk.root.parent, 0o777)
    os.chmod(desk.root, 0o777)

    def as_nobody() -> None:
        if os.geteuid() == 0:
            os.seteuid(NOBODY)
        summary = desk.organize(folders="recurse", jobs=1)
        assert [failure.reason for failure in summary.failures] == ["unreadable"]
        assert summary.done == 1

    for folder in desk.root.parents:
        if folder.is_relative_to("/tmp") and folder != Path("/tmp"):
            folder.chmod(folder.stat().st_mode | 0o111)
    assert in_child(as_nobody) == 0
    assert (desk.root / "Images" / "a.jpg").exists()
    (desk.root / "locked").chmod(0o700)


def test_a_file_that_changes_after_the_plan_is_not_moved(desk: Desk) -> None:
    """What was edited, replaced or removed between plan and act stays and is named."""
    make_tree(desk.root, {b"a.jpg": b"a", b"b.jpg": b"b", b"c.jpg": b"c", b"d.jpg": b"d"})

    def meddle() -> None:
        (desk.root / "a.jpg").write_bytes(b"edited")
        (desk.root / "b.jpg").unlink()
        (desk.root / "new").write_bytes(b"another")
        (desk.root / "new").replace(desk.root / "c.jpg")

    summary = desk.organize_with(meddle)

    assert sorted(failure.reason for failure in summary.failures) == [
        "changed since it was seen",
        "changed since it was seen",
        "gone since it was seen",
    ]
    assert (desk.root / "a.jpg").read_bytes() == b"edited"
    assert (desk.root / "c.jpg").read_bytes() == b"another"
    assert summary.done == 1


def test_a_name_taken_after_the_plan_is_not_overwritten(desk: Desk) -> None:
    """A file that somebody puts at the target between plan and act stays, and so does ours."""
    make_tree(desk.root, {b"a.jpg": b"ours"})

    def take() -> None:
        make_tree(desk.root, {b"Images/a.jpg": b"theirs"})

    summary = desk.organize_with(take)

    assert [failure.reason for failure in summary.failures] == ["name was taken meanwhile"]
    assert (desk.root / "a.jpg").read_bytes() == b"ours"
    assert (desk.root / "Images" / "a.jpg").read_bytes() == b"theirs"


@pytest.mark.parametrize("where", ["same", "inside", "around"])
def test_a_run_on_an_overlapping_root_is_refused(desk: Desk, where: str) -> None:
    """While a run holds a folder, one on it, inside it or around it ends with `RunBusyError`."""
    make_tree(desk.root, {b"sub/a.jpg": b"a"})
    held = {"same": desk.root, "inside": desk.root / "sub", "around": desk.root.parent}[where]
    locks = Locks(Path())
    locks.take([os.fsencode(held)], 0)

    code = in_child(lambda: _expect_busy(desk))

    locks.close()
    assert code == 0
    assert (desk.root / "sub" / "a.jpg").exists()


def _expect_busy(desk: Desk) -> None:
    with pytest.raises(RunBusyError):
        desk.organize(folders="recurse")
