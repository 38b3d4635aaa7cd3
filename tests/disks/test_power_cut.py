"""The power goes at any step of a run or an undo: nothing is lost, and undo is exact."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fileorg.pipeline.state import State
from tests.disks.mounts import Disk, Mounts
from tests.disks.oracle import TREE, assert_nothing_lost, recover_and_undo
from tests.disks.power import Power, steps_of, stop_at
from tests.pipeline.harness import Desk, contents
from tests.trees import make_tree

pytestmark = pytest.mark.root

KINDS = ["ext4", "xfs", "btrfs"]
JOURNALS = ["same", "cut", "kept"]
"""On the disk of the files, on another that is cut too, or on one that keeps its power."""


def seeds(quick: int, long: int) -> pytest.MarkDecorator:
    """Run a test with the few cuts of the quick set, and with the many of the long one."""
    sets = [range(quick), pytest.param(range(quick, long), marks=pytest.mark.long)]
    return pytest.mark.parametrize("seeds", sets, ids=["quick", "long"])


@pytest.fixture
def plug(mounts: Mounts) -> Callable[..., tuple[Desk, list[Disk]]]:
    """Make a desk on new disks, as often as asked; return it with those that lose power."""

    def plugged(name: str, kind: str, journal: str) -> tuple[Desk, list[Disk]]:
        data = mounts.disk(f"{name}-data", kind)
        disks, desk = [data], Desk(data.point)
        if journal == "cut":
            disks.append(mounts.disk(f"{name}-state", kind))
            desk.state = State(disks[1].point / "state")
        elif journal == "kept":
            desk.state = State(mounts.base / f"{name}-state")
        make_tree(desk.root, TREE)
        for disk in disks:
            disk.sync()
        return desk, disks

    return plugged


@pytest.fixture
def spare(tmp_path: Path) -> Desk:
    """Return a desk with the tree, to count the steps of what is cut elsewhere."""
    desk = Desk(tmp_path / "spare")
    make_tree(desk.root, TREE)
    return desk


@seeds(3, 33)
@pytest.mark.parametrize("journal", JOURNALS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_power_goes_in_a_run(
    mounts: Mounts, plug: Callable[..., tuple[Desk, list[Disk]]], spare: Desk,
    kind: str, journal: str, seeds: range,
) -> None:  # fmt: skip
    """Whatever step of a run the power goes at, every file is whole, and undo is exact."""
    steps = steps_of(lambda: spare.organize(folders="recurse"))
    for seed in seeds:
        desk, disks = plug(f"d{seed}", kind, journal)
        was = desk.snapshot()

        Power(disks, seed).cut(lambda: desk.organize(folders="recurse"), steps)

        assert_nothing_lost(was, desk.root)
        if desk.recover() not in ([], [None]):
            assert desk.organize(folders="recurse", dry_run=True).done == 0, seed
        recover_and_undo(desk)
        assert was == desk.snapshot(), seed
        mounts.close()


@seeds(1, 11)
@pytest.mark.parametrize("journal", JOURNALS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_power_goes_in_an_undo(
    mounts: Mounts, plug: Callable[..., tuple[Desk, list[Disk]]], spare: Desk,
    kind: str, journal: str, seeds: range,
) -> None:  # fmt: skip
    """Whatever step of an undo the power goes at, every file is whole, and undo is exact."""
    spare.organize(folders="recurse")
    steps = steps_of(lambda: spare.undo("last"))
    for seed in seeds:
        desk, disks = plug(f"d{seed}", kind, journal)
        was = desk.snapshot()
        run = desk.organize(folders="recurse").run

        Power(disks, seed).cut(lambda: desk.undo(run), steps)

        assert_nothing_lost(was, desk.root)
        desk.recover()
        desk.undo(run)
        assert was == desk.snapshot(), seed
        mounts.close()


@seeds(4, 34)
@pytest.mark.parametrize("source", ["kept", "cut"])
@pytest.mark.parametrize("kind", ["ext4", "xfs"])
def test_the_power_of_the_destination_goes(
    mounts: Mounts, plug: Callable[..., tuple[Desk, list[Disk]]], spare: Desk,
    kind: str, source: str, seeds: range,
) -> None:  # fmt: skip
    """Files carried to a disk that loses its power are whole there or still at their source."""
    steps = steps_of(lambda: spare.organize(into=mounts.tmpfs("into"), folders="recurse"))
    for seed in seeds:
        desk, disks = plug(f"d{seed}", kind, "kept" if source == "kept" else "same")
        target = mounts.disk(f"d{seed}-into", kind)
        target.sync()
        was, there = desk.snapshot(), target.point / "sorted"

        cut = [target] if source == "kept" else [*disks, target]
        Power(cut, seed).cut(lambda: desk.organize(into=there, folders="recurse"), steps)

        assert_nothing_lost(was, desk.root, target.point)
        recover_and_undo(desk)
        assert was == desk.snapshot(), seed
        assert not there.exists()
        mounts.close()


def test_an_inode_of_another_device_is_not_taken_for_ours(mounts: Mounts, spare: Desk) -> None:
    """A file at the target that has our file's number, on its own device, costs nobody a byte."""
    into = mounts.tmpfs("counted")
    steps = steps_of(lambda: spare.organize(into=into, folders="recurse"))
    for number in range(1, steps + 1):
        desk, there = Desk(mounts.tmpfs(f"d{number}")), mounts.tmpfs(f"into{number}")
        make_tree(desk.root, {b"a.jpg": b"ours"})
        stop_at(number, lambda: desk.organize(into=there))
        if (there / "Images").is_dir() and not (there / "Images" / "a.jpg").exists():
            _make_with_inode(there, (desk.root / "a.jpg").stat().st_ino)
        files = set(contents(desk.root, there))

        desk.recover()

        assert files <= set(contents(desk.root, there)), number
        mounts.close()


def _make_with_inode(folder: Path, inode: int) -> None:
    for number in range(inode):
        made = folder / f"{number}"
        made.write_text("theirs")
        if made.stat().st_ino == inode:
            made.rename(folder / "Images" / "a.jpg")
            return
