"""File systems that differ: on each a run is whole, is known the second time, and is undone."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from fileorg.model.location import Location
from fileorg.model.reason import Reason
from fileorg.pipeline.workspace import open_root
from tests.disks.command import DONE, FAILED, Command
from tests.disks.kinds import (
    FOLDING,
    LINKING,
    PLUGGED,
    WAYS,
    Plugged,
    assert_known_when_it_is_back,
    assert_organized_and_undone,
    plug,
    replug,
    scene_on,
    unplugged,
)
from tests.disks.mounts import Mounts, Word, missing, run
from tests.disks.oracle import (
    assert_nothing_lost,
    contents_only,
    files_of,
    recover_and_undo,
    without_folder_times,
)
from tests.disks.power import every_step, steps_of, stop_at
from tests.disks.served import LACKING_DISKS
from tests.pipeline.faults import CRASHED, Faults, at_work
from tests.pipeline.harness import Desk, contents, in_child, snapshot
from tests.pipeline.respell import respell
from tests.trees import File, make_tree, read_tree

LACKING = [*missing("strace"), *LACKING_DISKS]

pytestmark = [
    pytest.mark.root,
    pytest.mark.skipif(bool(LACKING), reason=f"not installed: {', '.join(LACKING)}"),
]


@pytest.mark.parametrize("kind", WAYS)
def test_a_run_is_whole_and_undone_exactly(mounts: Mounts, kind: str) -> None:
    """Nothing is lost, a second run plans nothing, the way to rename is noted, undo is exact."""
    assert_organized_and_undone(scene_on(mounts, kind), WAYS[kind])


@pytest.mark.parametrize("kind", PLUGGED)
def test_a_run_is_undone_when_the_disk_is_back(mounts: Mounts, kind: str) -> None:
    """A disk that was unplugged is known again, also where it gives its files new numbers."""
    assert_known_when_it_is_back(unplugged(mounts, kind))


@pytest.mark.parametrize("kind", PLUGGED)
def test_a_whole_folder_is_undone_when_the_disk_is_back(mounts: Mounts, kind: str) -> None:
    """A folder that moved as one comes back, also where it has another number by then."""
    scene = unplugged(mounts, kind)
    assert scene.run("organize", scene.desk.root, "--folders", "whole").code == DONE
    scene.assert_whole()
    assert not (scene.desk.root / "deep").exists()
    replug(scene.disk)

    scene.assert_undone_exactly()


@pytest.mark.parametrize("kind", FOLDING)
def test_a_file_of_another_time_or_size_is_not_taken_for_ours(mounts: Mounts, kind: str) -> None:
    """Where numbers are not kept, an edited or exchanged file stays, named, until told to go."""
    scene = unplugged(mounts, kind)
    assert scene.run("organize", scene.desk.root, "-r").code == DONE
    images = scene.desk.root / "Images"
    (images / "photo1.jpg").write_bytes(b"edited")
    os.utime(images / "photo2.jpg", (1, 1))
    replug(scene.disk)
    edited = contents(scene.desk.root)

    ended = scene.run("undo", "last")

    assert ended.code == FAILED
    assert edited == contents(scene.desk.root)
    assert {path.name for path in images.iterdir()} == {"a.jpg", "photo1.jpg", "photo2.jpg"}
    first = scene.desk.state.records()[-1].run
    assert scene.run("undo", first, "--include-changed").code == DONE
    assert edited == contents(scene.desk.root)
    assert (scene.desk.root / "photo1.jpg").exists()


@every_step(9)
@pytest.mark.parametrize("then", ["at once", "plugged in again"])
@pytest.mark.parametrize("kind", FOLDING)
def test_a_run_may_die_at_any_step(mounts: Mounts, kind: str, then: str, stride: int) -> None:
    """On disks of the lower rungs and without lasting numbers too, a dead run is settled."""
    scene = unplugged(mounts, kind)
    organize = lambda: scene.desk.organize(folders="recurse")  # noqa: E731 - said twice
    steps = steps_of(organize)
    scene.desk.undo()
    for number in range(1, steps + 1, stride):
        stop_at(number, organize)
        scene.desk.snapshot()
        if then == "plugged in again":
            replug(scene.disk)
        assert_nothing_lost(scene.was, scene.desk.root)
        recover_and_undo(scene.desk)
        assert scene.was == scene.desk.snapshot(), number


@pytest.mark.parametrize("then", ["at once", "plugged in again"])
@pytest.mark.parametrize("rung", ["placeholder", "link"])
def test_a_run_may_die_within_a_rename(mounts: Mounts, rung: str, then: str) -> None:
    """Between placeholder and rename, or link and unlink, one name is too many: it goes."""
    kind = next(kind for kind in FOLDING if WAYS[kind] == rung)
    scene = unplugged(mounts, kind)
    call, number = {"placeholder": ("renameat", 3), "link": ("unlinkat", 5)}[rung]
    scene.run.killed(call, number, "organize", scene.desk.root, "-r")
    assert_nothing_lost(scene.was, scene.desk.root)
    assert contents(scene.desk.root).total() == files_of(scene.was).total() + 1
    if then == "plugged in again":
        replug(scene.disk)

    assert scene.run("recover").code == DONE
    scene.assert_whole()
    assert contents(scene.desk.root).total() == files_of(scene.was).total()
    scene.assert_undone_exactly()


@pytest.mark.parametrize("then", ["at once", "plugged in again"])
def test_a_run_may_die_within_a_rename_of_a_folder(mounts: Mounts, then: str) -> None:
    """An empty folder that was to be renamed over goes, and the one with the files is moved."""
    scene = unplugged(mounts, "ntfs")
    words: list[Word] = ["organize", scene.desk.root, "--folders", "whole"]
    scene.run.killed("renameat", 1, *words)
    assert len([*scene.desk.root.rglob("deep")]) == 2
    scene.assert_whole()
    if then == "plugged in again":
        replug(scene.disk)

    assert scene.run("recover").code == DONE
    scene.assert_whole()
    assert not (scene.desk.root / "deep").exists()
    scene.assert_undone_exactly()


@pytest.mark.parametrize("kind", FOLDING)
def test_a_stranger_of_the_same_size_and_time_is_not_ours(mounts: Mounts, kind: str) -> None:
    """Without numbers only the same bytes make two names one file: recovery unlinks no other."""
    scene = unplugged(mounts, kind)
    with scene.run.held("rename_each:3:hang", "organize", scene.desk.root, "-r"):
        pass  # it is killed there
    ours, theirs = scene.desk.root / "photo2.jpg", scene.desk.root / "Images" / "photo2.jpg"
    theirs.write_bytes(b"x" * ours.stat().st_size)
    os.utime(theirs, ns=(ours.stat().st_atime_ns, ours.stat().st_mtime_ns))

    assert scene.run("recover").code == FAILED
    assert theirs.read_bytes()[:1] == b"x"
    scene.assert_whole()
    theirs.unlink()
    assert scene.run("undo", "last").code == DONE
    assert without_folder_times(scene.was) == without_folder_times(scene.desk.snapshot())


@pytest.mark.parametrize("kind", FOLDING)
def test_names_that_differ_in_case_alone_take_no_place_of_another(
    mounts: Mounts, kind: str
) -> None:
    """Where case is folded the second of such names is numbered, and nothing is overwritten."""
    scene = unplugged(mounts, kind)
    more = {b"A.JPG": b"loud", b"Deep/Er/PHOTO0.jpg": b"louder", b"images/PHOTO1.JPG": b"there"}
    scene.desk.root.joinpath("a.jpg").unlink()
    make_tree(scene.desk.root, more)
    scene = scene._replace(was=scene.desk.snapshot())

    assert scene.run("organize", scene.desk.root, "-r").code == DONE
    scene.assert_whole()
    names = [path.name.lower() for path in (scene.desk.root / "Images").iterdir()]
    assert {"a.jpg", "a (1).jpg", "photo0 (1).jpg", "photo1.jpg", "photo1 (1).jpg"} <= set(names)
    scene.assert_undone_exactly()


TIMED = {
    b"a.jpg": File(b"one", 1_600_000_001.123456789),
    b"A.JPG": File(b"two", 1_500_000_001.5),
    b"b/a.Jpg": File(b"three", 1_400_000_003.000000321),
    b"b/text.txt": File(b"text" * 5000, 1_300_000_001.75),
}
"""Times of a precision that few disks keep, and names that fold to one."""


def carried_to(mounts: Mounts, kind: str) -> tuple[Desk, Plugged]:
    """Return a desk in memory, whose files are to be carried to a disk, and that disk."""
    desk = Desk(mounts.tmpfs("source"))
    make_tree(desk.root, TIMED)
    return desk, plug(mounts, kind)


@pytest.mark.parametrize("option", ["--no-copy", "--copy"])
@pytest.mark.parametrize("kind", PLUGGED)
def test_files_are_carried_there_and_back(mounts: Mounts, kind: str, option: str) -> None:
    """Files carried to a disk that keeps less precise times are known there, and come back."""
    desk, disk = carried_to(mounts, kind)
    was, command = desk.snapshot(), Command(desk)
    words: list[Word] = ["organize", desk.root, "-r", "--into", disk.point / "sorted"]
    words += ["--copy"] if option == "--copy" else []

    assert command(*words).code == DONE
    assert contents_only(disk.point) == Counter(what.content for what in TIMED.values())
    replug(disk)

    assert command("undo", "last").code == DONE
    assert was.keys() == desk.snapshot().keys()
    assert not (disk.point / "sorted").exists()
    if option == "--copy":
        assert was == desk.snapshot()


@every_step(7)
@pytest.mark.parametrize("kind", FOLDING)
def test_carrying_files_there_may_die_at_any_step(mounts: Mounts, kind: str, stride: int) -> None:
    """A copy is known by the time that the disk keeps of it, so a dead run is settled."""
    desk, disk = carried_to(mounts, kind)
    files = contents_only(desk.root)
    organize = lambda: desk.organize(into=disk.point / "sorted", folders="recurse")  # noqa: E731
    names, steps = desk.snapshot().keys(), steps_of(organize)
    desk.undo()
    for number in range(1, steps + 1, stride):
        stop_at(number, organize)
        assert not files - contents_only(desk.root, disk.point)
        replug(disk)
        recover_and_undo(desk)
        assert names == desk.snapshot().keys(), number
        assert files == contents_only(desk.root, disk.point), number


STRANGE = {
    b"a:b.jpg": b"colon",
    b"dot.": b"dot",
    b"CON.txt": b"reserved",
    b"new\nline.pdf": b"newline",
    b"plain.jpg": b"plain",
}
UNSPEAKABLE = b"not-utf8-\xff.jpg"


@pytest.mark.parametrize("kind", FOLDING)
def test_a_name_that_is_not_allowed_there_is_changed_or_stays(mounts: Mounts, kind: str) -> None:
    """Reserved characters are replaced; a name that is no text stays, said with exit code 3."""
    desk, disk = Desk(mounts.tmpfs("source")), plug(mounts, kind)
    make_tree(desk.root, {**STRANGE, UNSPEAKABLE: b"bytes"})
    was, command, there = desk.snapshot(), Command(desk), disk.point / "sorted"

    ended = command("organize", desk.root, "-r", "--into", there, "--output", "json")

    assert ended.code == FAILED
    (failure,) = json.loads(ended.prints)["failures"]
    assert failure["reason"] == Reason.BAD_NAME
    assert read_tree(desk.root) == {UNSPEAKABLE: b"bytes"}
    assert contents_only(there) == Counter(STRANGE.values())
    assert command("undo", "last").code == DONE
    assert was.keys() == desk.snapshot().keys()


def test_the_spelling_alone_is_changed(mounts: Mounts) -> None:
    """A rename to another case of the same name, which dies at any step, keeps the file."""
    scene = unplugged(mounts, "exfat")
    roots = [open_root(os.fsencode(scene.desk.root))]
    old, new = Location(0, b"photo1.jpg"), Location(0, b"PHOTO1.jpg")

    def dying(number: int) -> int:
        with at_work(Faults(f"*:{number}:crash-after")):
            respell(scene.desk.state, roots, old, new)
        return 0

    number = 1
    while in_child(lambda: dying(number)) == CRASHED:
        assert_nothing_lost(scene.was, scene.desk.root)
        assert contents(scene.desk.root).total() == files_of(scene.was).total()
        recover_and_undo(scene.desk)
        assert scene.was == scene.desk.snapshot(), number
        number += 1
    assert number > 6
    scene.assert_whole()
    scene.assert_undone_exactly()


@pytest.mark.parametrize("kind", LINKING)
def test_hard_links_stay_two_names_of_one_file(mounts: Mounts, kind: str) -> None:
    """Both names of a file are moved, neither is taken for a copy, and they stay one file."""
    scene = scene_on(mounts, kind)
    os.link(scene.desk.root / "photo0.jpg", scene.desk.root / "deep" / "same.jpg")
    os.link(scene.desk.root / "photo0.jpg", scene.desk.root / "deep" / "photo0.jpg")
    scene = scene._replace(was=scene.desk.snapshot())

    assert scene.run("organize", scene.desk.root, "-r").code == DONE
    scene.assert_whole()
    images = scene.desk.root / "Images"
    assert (images / "photo0.jpg").samefile(images / "same.jpg")
    assert contents(scene.desk.root).total() == files_of(scene.was).total()
    scene.assert_undone_exactly()
    assert (scene.desk.root / "photo0.jpg").samefile(scene.desk.root / "deep" / "same.jpg")


SEEN_TWICE = ["both are sources", "one is the target", "one is in the other"]


def words_for(way: str, root: Path, again: Path) -> list[Word]:
    """Return the command for a folder that a bind mount shows at two places."""
    match way:
        case "both are sources":
            return ["organize", root, again, "-r"]
        case "one is the target":
            return ["organize", root, "-r", "--into", again]
        case _:
            return ["organize", root, "-r"]


@pytest.mark.parametrize("way", SEEN_TWICE)
@pytest.mark.parametrize("kind", ["ext4", "exfat"])
def test_a_folder_that_is_seen_twice_is_one(mounts: Mounts, kind: str, way: str) -> None:
    """Of two places at which a bind mount shows a folder none is taken for a copy of the other."""
    scene = scene_on(mounts, kind)
    root = scene.desk.root
    place = "disk/root/keep/again" if way == "one is in the other" else "again"
    again = mounts.bind(place, root)
    ours = files_of(scene.was).total()

    assert scene.run(*words_for(way, root, again)).code == DONE
    run("umount", again)
    scene.assert_whole()
    assert contents(root).total() == ours
    assert (root / "Images" / "photo0.jpg").exists()
    run("mount", "--bind", root, again)
    assert scene.run("undo", "last").code == DONE
    run("umount", again)
    assert contents(root).total() == ours
    if way == "one is in the other":
        again.rmdir()
    assert without_folder_times(scene.was) == without_folder_times(scene.desk.snapshot())


@pytest.mark.parametrize("bound", [True, False], ids=["bind", "another disk"])
def test_a_mount_inside_the_tree_is_left_alone_and_moved_to(mounts: Mounts, *, bound: bool) -> None:
    """What is mounted in the tree is not organized; as a target it is copied to."""
    scene = scene_on(mounts, "tmpfs")
    root = scene.desk.root
    left = mounts.tmpfs("disk/root/card")
    make_tree(left, {b"left.jpg": b"alone"})
    if bound:
        mounts.bind("disk/root/Documents", mounts.tmpfs("elsewhere"))
    else:
        mounts.tmpfs("disk/root/Documents")
    was = scene.desk.snapshot()

    assert scene.run("organize", root, "-r").code == DONE
    assert_nothing_lost(was, root)
    assert (left / "left.jpg").exists()
    assert (root / "Documents" / "c.pdf").exists()
    assert scene.run("undo", "last").code == DONE
    assert was == scene.desk.snapshot()


@every_step(5)
def test_a_copy_between_two_mounts_of_one_device_may_die(mounts: Mounts, stride: int) -> None:
    """The kernel renames nothing between them, and a copy that a dead run has left is known."""
    scene = scene_on(mounts, "ext4")
    place = scene.disk.point / "shown"
    place.mkdir()
    again = mounts.bind("again", place)
    organize = lambda: scene.desk.organize(into=again, folders="recurse")  # noqa: E731
    steps = steps_of(organize)
    scene.desk.undo()
    for number in range(1, steps + 1, stride):
        stop_at(number, organize)
        assert_nothing_lost(scene.was, scene.desk.root, again)
        recover_and_undo(scene.desk)
        assert scene.was == scene.desk.snapshot(), number
        assert not list(again.iterdir()), number


def test_a_lower_layer_is_only_read(mounts: Mounts) -> None:
    """Files of a lower layer are moved in the upper one; the layer stays as it is."""
    scene = scene_on(mounts, "overlay")
    lower = mounts.base / "lower"
    below = snapshot(lower)

    assert scene.run("organize", scene.desk.root, "-r").code == DONE
    scene.assert_whole()
    assert below == snapshot(lower)
    scene.assert_undone_exactly()


def test_a_folder_of_a_lower_layer_stays_whole(mounts: Mounts) -> None:
    """A folder that the overlay can't rename stays as it is, named, and exit code 3 says so."""
    scene = scene_on(mounts, "overlay")

    ended = scene.run("organize", scene.desk.root, "--folders", "whole", "--output", "json")

    assert ended.code == FAILED
    failures = json.loads(ended.prints)["failures"]
    assert {Path(failure["path"]).name for failure in failures} == {"deep", "other"}
    scene.assert_whole()
    scene.assert_undone_exactly()
