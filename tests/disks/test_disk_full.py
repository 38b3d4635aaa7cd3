"""Full disks, of files and of journals: the run stops in a line, and goes on or back exactly."""

import pytest

from tests.disks.command import DONE, UNAVAILABLE, message
from tests.disks.mounts import Mounts, Word
from tests.disks.oracle import assert_nothing_lost
from tests.disks.scene import beside, inside
from tests.disks.small import KINDS, SmallDisk, few_inodes

pytestmark = pytest.mark.root


@pytest.mark.parametrize("then", ["recover", "undo"])
@pytest.mark.parametrize("what", ["bytes", "inodes"])
@pytest.mark.parametrize("verb", ["move", "copy"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_destination_is_full(
    mounts: Mounts, kind: str, verb: str, what: str, then: str
) -> None:
    """What no longer fits stays at its source; with room made it follows, or all comes back."""
    scene = beside(few_inodes(mounts, kind))
    scene.disk.fill(what, left={"bytes": 50, "inodes": 9}[what])
    words: list[Word] = ["organize", scene.desk.root, "-r", "--into", scene.into]

    ended = scene.run(*words, *(["--copy"] if verb == "copy" else []))

    assert ended.code == UNAVAILABLE
    assert "No space left" in message(ended)
    assert str(scene.disk.point) in message(ended)
    assert "fileorg recover" in message(ended)
    scene.assert_whole()
    if verb == "copy":
        assert scene.was == scene.desk.snapshot()
    if then == "recover":
        assert scene.run("recover").code == UNAVAILABLE
        scene.assert_whole()
        scene.disk.make_room()
        assert scene.run("recover").code == DONE
        scene.assert_whole()
        assert (scene.into / "Images" / "photo5.jpg").exists()
    scene.assert_undone_exactly()
    assert not scene.into.exists()


STEPS = ["advance:1", "rename_each:1", "rename_each:6", "sync:1", "finish:1"]
NO_ROOM_FOR_A_FOLDER = [("tmpfs", "inodes"), ("ext4", "inodes"), ("ext4", "bytes")]


@pytest.mark.parametrize(("kind", "what"), NO_ROOM_FOR_A_FOLDER)
def test_there_is_no_room_for_a_folder(mounts: Mounts, kind: str, what: str) -> None:
    """Where a folder can't be made nothing moves; a rename alone needs no room in memory."""
    scene = inside(few_inodes(mounts, kind))
    scene.disk.fill(what)
    words: list[Word] = ["organize", scene.desk.root, "-r"]

    ended = scene.run(*words)

    assert ended.code == UNAVAILABLE
    assert "No space left" in message(ended)
    scene.assert_whole()
    scene.assert_undone_exactly()
    assert scene.run(*words).code == UNAVAILABLE
    scene.disk.make_room()
    assert scene.run("recover").code == DONE
    scene.assert_whole()
    scene.assert_undone_exactly()


@pytest.mark.parametrize("left", [1, 2, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_the_inodes_end_between_two_folders(mounts: Mounts, kind: str, left: int) -> None:
    """Where some folders can be made and others not, undo takes away those that were."""
    scene = inside(few_inodes(mounts, kind))
    scene.disk.fill("inodes", left=left)

    ended = scene.run("organize", scene.desk.root, "-r", "-m", "date")

    assert ended.code == UNAVAILABLE
    scene.assert_whole()
    scene.assert_undone_exactly()


@pytest.mark.parametrize("kind", KINDS)
def test_an_undo_meets_a_full_disk(mounts: Mounts, kind: str) -> None:
    """What has no room at its old place stays at the new one, and comes back when there is."""
    scene = inside(SmallDisk(mounts, kind))
    there = mounts.tmpfs("there") / "sorted"
    assert scene.run("organize", scene.desk.root, "-r", "--into", there).code == DONE
    scene.disk.fill("bytes", left=50)

    ended = scene.run("undo", "last")

    assert ended.code == UNAVAILABLE
    assert "No space left" in ended.says.splitlines()[-1]
    assert_nothing_lost(scene.was, scene.desk.root, there)
    scene.disk.make_room()
    assert scene.run("recover").code == DONE
    assert scene.was == scene.desk.snapshot()
    assert not there.exists()


@pytest.mark.parametrize("left", range(6))
@pytest.mark.parametrize("what", ["bytes", "inodes"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_state_folder_is_full_before(mounts: Mounts, kind: str, what: str, left: int) -> None:
    """Without room for the whole journal nothing is touched, and no journal is left behind."""
    scene = beside(few_inodes(mounts, kind))
    scene.desk.state.path = scene.disk.point / "state"
    scene.disk.fill(what, left=left)
    words: list[Word] = ["organize", scene.desk.root, "-r"]

    ended = scene.run(*words)

    scene.disk.make_room()
    if ended.code == DONE:  # the last block or inode was enough
        assert left > 2
    else:
        assert ended.code == UNAVAILABLE
        assert str(scene.desk.state.path) in message(ended)
        assert scene.was == scene.desk.snapshot()
        assert scene.run("recover").code == DONE
        assert not list(scene.desk.state.path.glob("runs/*"))
        assert scene.run(*words).code == DONE
    scene.assert_undone_exactly()


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("what", ["bytes", "inodes"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_state_folder_fills_up_in_the_middle(
    mounts: Mounts, kind: str, what: str, step: str
) -> None:
    """A journal that can't be written ends the run; what was done is found on the disk."""
    scene = beside(few_inodes(mounts, kind))
    scene.desk.state.path = scene.disk.point / "state"
    with scene.run.held(f"{step}:hang", "organize", scene.desk.root, "-r") as run:
        scene.disk.fill(what)
        ended = run.ended()

    scene.assert_whole()
    if ended.code != DONE:  # a commit may fit into the blocks that the journal has
        assert ended.code == UNAVAILABLE
        assert str(scene.desk.state.path) in message(ended)
        assert scene.run("recover").code in {DONE, UNAVAILABLE}
        scene.assert_whole()
    scene.disk.make_room()
    assert scene.run("recover").code == DONE
    scene.assert_whole()
    scene.assert_undone_exactly()
