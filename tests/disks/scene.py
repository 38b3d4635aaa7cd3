"""A desk with one part of it on a small disk: the files, or where they or their journals go."""

from collections.abc import Mapping
from pathlib import Path
from typing import Generic, NamedTuple, Protocol, TypeVar

from fileorg.pipeline.state import State
from tests.disks.command import DONE, Command
from tests.disks.oracle import TREE, assert_nothing_lost
from tests.pipeline.harness import Desk, Snapshot
from tests.trees import File, Made, make_tree

PHOTOS = {b"photo%d.jpg" % n: File(b"%d" % n * 60_000, 1e9 + n) for n in range(6)}
FILES = {**TREE, **PHOTOS}


class Disk(Protocol):
    """Something that is mounted at *point*."""

    point: Path

    def sync(self) -> None:
        """Have all on the disk that is in memory."""


AnyDisk = TypeVar("AnyDisk", bound=Disk)


class Scene(NamedTuple, Generic[AnyDisk]):
    """The desk, the disk, how the tree was, and what runs commands."""

    desk: Desk
    disk: AnyDisk
    was: Snapshot
    run: Command

    @property
    def into(self) -> Path:
        """A folder on the small disk."""
        return self.disk.point / "sorted"

    def assert_whole(self) -> None:
        """Nothing is lost, and nothing half made is left."""
        places = [self.desk.root, self.into] if self.into.exists() else [self.desk.root]
        assert_nothing_lost(self.was, *places)
        assert not [part for place in places for part in place.rglob(".fileorg-*")]

    def assert_undone_exactly(self) -> None:
        """The last run is taken back, and the tree is the one of before."""
        assert self.run("undo", "last").code == DONE
        assert self.was == self.desk.snapshot()


def beside(disk: AnyDisk, tree: Mapping[bytes, Made] = FILES) -> Scene[AnyDisk]:
    """Make a desk with a *tree* on the disk of this machine, and the other one beside it."""
    return _scene(Desk(disk.point.parent / "desk"), disk, tree)


def inside(disk: AnyDisk, tree: Mapping[bytes, Made] = FILES) -> Scene[AnyDisk]:
    """Make a desk on the disk with a *tree*, its journals elsewhere."""
    desk = Desk(disk.point)
    desk.state = State(disk.point.parent / "state")
    return _scene(desk, disk, tree)


def _scene(desk: Desk, disk: AnyDisk, tree: Mapping[bytes, Made]) -> Scene[AnyDisk]:
    make_tree(desk.root, tree)
    disk.sync()
    return Scene(desk, disk, desk.snapshot(), Command(desk))
