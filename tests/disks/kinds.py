"""File systems that differ: which there are, what they can do, and a scene on each."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol, TypeVar

from tests.disks.command import DONE
from tests.disks.mounts import Mounts, run
from tests.disks.scene import FILES, AnyDisk, Disk, Scene, inside
from tests.disks.served import serve_disk
from tests.trees import Made, make_tree

WAYS = {
    "tmpfs": "rename",
    "ext4": "rename",
    "xfs": "rename",
    "btrfs": "rename",
    "overlay": "rename",
    "bind": "rename",
    "exfat": "placeholder",
    "ntfs": "link",
}
"""How each renames without replacing."""

FOLDING = ["exfat", "ntfs"]
PLUGGED = ["ext4", "xfs", "btrfs", *FOLDING]
"""Those that can be unplugged."""
LINKING = [kind for kind in WAYS if kind != "exfat"]

_NOT_EVERYWHERE = {b"other/new\nline.txt", b"other/link.txt"}
PORTABLE = {path: what for path, what in FILES.items() if path not in _NOT_EVERYWHERE}
"""What every file system takes: no newline in a name, no link."""


class Plugged(Disk, Protocol):
    """What can be unmounted and mounted again."""

    def mount(self) -> None:
        """Mount it."""

    def unmount(self) -> None:
        """Unmount it, and all is where it is kept."""


AnyPlugged = TypeVar("AnyPlugged", bound=Plugged)


class Place:
    """A mounted folder that is never unplugged."""

    def __init__(self, point: Path) -> None:
        self.point = point

    def sync(self) -> None:
        """Have all there that is in memory."""
        run("sync", "-f", self.point)


def files_for(kind: str) -> Mapping[bytes, Made]:
    """Return a tree that a kind of file system takes."""
    return PORTABLE if kind in FOLDING else FILES


def plug(mounts: Mounts, kind: str, name: str = "disk") -> Plugged:
    """Make a file system that can be unplugged."""
    return serve_disk(mounts, name, kind) if kind in FOLDING else mounts.disk(name, kind)


def scene_on(mounts: Mounts, kind: str) -> Scene[Disk]:
    """Make a file system with a desk on it."""
    disk: Disk
    if kind == "tmpfs":
        disk = Place(mounts.tmpfs("disk"))
    elif kind == "bind":
        disk = Place(mounts.bind("disk", mounts.tmpfs("elsewhere")))
    elif kind == "overlay":
        lower = mounts.tmpfs("lower")
        make_tree(lower / "root", FILES)
        return inside(Place(mounts.overlay("disk", lower)), {})
    else:
        disk = plug(mounts, kind)
    return inside(disk, files_for(kind))


def unplugged(mounts: Mounts, kind: str) -> Scene[Plugged]:
    """Do as `scene_on`, and plug the disk in anew."""
    return settled(inside(plug(mounts, kind), files_for(kind)))


def settled(scene: Scene[AnyPlugged]) -> Scene[AnyPlugged]:
    """Plug the disk of a scene in anew: what it did not keep is no part of the scene."""
    replug(scene.disk)
    return scene._replace(was=scene.desk.snapshot())


def replug(disk: Plugged) -> None:
    """Unplug a disk and plug it in again."""
    disk.unmount()
    disk.mount()


def assert_organized_and_undone(scene: Scene[AnyDisk], way: str) -> None:
    """Nothing is lost, a second run plans nothing, the way to rename is noted, undo is exact."""
    assert scene.run("organize", scene.desk.root, "-r").code == DONE
    scene.assert_whole()
    assert (scene.desk.root / "Images" / "photo0.jpg").exists()
    organized = scene.desk.snapshot()

    assert scene.run("organize", scene.desk.root, "-r").code == DONE
    assert organized == scene.desk.snapshot()
    (record,) = scene.desk.state.records()
    journal = scene.desk.state.open(record.run)
    assert [root.way for root in journal.roots()] == [way]
    journal.close()
    scene.assert_undone_exactly()


def assert_known_when_it_is_back(scene: Scene[AnyPlugged]) -> None:
    """A disk that was unplugged is known again, also where it gives its files new numbers."""
    assert scene.run("organize", scene.desk.root, "-r").code == DONE
    scene.assert_whole()
    replug(scene.disk)
    scene.assert_whole()
    assert scene.run("organize", scene.desk.root, "-r").code == DONE
    assert len(scene.desk.state.records()) == 1

    scene.assert_undone_exactly()
    replug(scene.disk)
    assert scene.was == scene.desk.snapshot()
