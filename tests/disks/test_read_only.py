"""Disks that are read-only, or become so in the middle: told in a line, and undo is exact."""

import pytest

from tests.disks.command import DONE, UNAVAILABLE, message
from tests.disks.mounts import Mounts, Word
from tests.disks.oracle import assert_nothing_lost
from tests.disks.scene import beside, inside
from tests.disks.small import DAMAGED, KINDS, SmallDisk
from tests.pipeline.harness import contents

pytestmark = pytest.mark.root


@pytest.mark.parametrize("way", ["in place", "away from it"])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_moved_on_or_off_a_read_only_disk(mounts: Mounts, kind: str, way: str) -> None:
    """A run on files that can't be moved ends before it begins, and so does its preview."""
    scene = inside(SmallDisk(mounts, kind))
    there = mounts.tmpfs("there")
    words: list[Word] = ["organize", scene.desk.root, "-r"]
    words += ["--into", there / "sorted"] if way == "away from it" else []
    scene.disk.make_read_only()

    for preview in ([], ["--dry-run"]):
        ended = scene.run(*words, *preview)
        assert ended.code == UNAVAILABLE
        assert f"{scene.desk.root}: Read-only file system" in message(ended)
    assert scene.was == scene.desk.snapshot()
    assert not list(there.iterdir())
    assert scene.run("undo", "last").code == 2

    scene.disk.make_writable()
    assert scene.run(*words).code == DONE
    scene.assert_undone_exactly()


@pytest.mark.parametrize("kind", KINDS)
def test_a_read_only_card_is_copied_from(mounts: Mounts, kind: str) -> None:
    """With --copy the source may be read-only; undo removes the copies."""
    scene = inside(SmallDisk(mounts, kind))
    there = mounts.tmpfs("there") / "sorted"
    scene.disk.make_read_only()

    assert scene.run("organize", scene.desk.root, "-r", "--copy", "--into", there).code == DONE
    assert_nothing_lost(scene.was, there)
    assert scene.run("organize", scene.desk.root, "-r", "--copy", "--into", there).code == DONE
    assert len(contents(there)) == len(contents(scene.desk.root))

    assert scene.run("undo", "last").code == DONE
    assert not there.exists()
    assert scene.was == scene.desk.snapshot()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_moved_to_a_read_only_disk(mounts: Mounts, kind: str) -> None:
    """A destination or a state folder that can't be written ends a run before it begins."""
    scene = beside(SmallDisk(mounts, kind))
    scene.disk.make_read_only()
    words: list[Word] = ["organize", scene.desk.root, "-r"]

    for option, place in (("--into", scene.into), ("--state-dir", scene.disk.point / "state")):
        ended = scene.run(*words, option, place)
        assert ended.code == UNAVAILABLE
        assert str(scene.disk.point) in message(ended)
        assert "Read-only file system" in message(ended)
        assert scene.was == scene.desk.snapshot()
    assert scene.run("runs", "--state-dir", scene.disk.point / "state").code == DONE


ACROSS = ["copy:1", "copy:3", "rename:2", "sync:1", "note:1", "remove:1", "remove:4"]
STEPS = ["make_folder:1", "make_folder:2", "rename_each:1", "rename_each:5", "sync:1"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("kind", [*KINDS, DAMAGED])
def test_it_becomes_read_only_in_the_middle(mounts: Mounts, kind: str, step: str) -> None:
    """The run stops at the first step that is refused; later it goes on or is taken back."""
    scene = inside(SmallDisk(mounts, kind))
    with scene.run.held(f"{step}:hang", "organize", scene.desk.root, "-r") as run:
        scene.disk.make_read_only()
        ended = run.ended()

    scene.assert_whole()
    if step == "sync:1" and ended.code == DONE:
        assert kind != DAMAGED  # all was done, and nothing has to be written
    else:
        assert ended.code == UNAVAILABLE
        assert "fileorg recover" in message(ended)
        assert scene.run("recover").code == UNAVAILABLE
        scene.assert_whole()
    scene.disk.make_writable()
    assert scene.run("recover").code == DONE
    scene.assert_whole()
    assert scene.run("organize", scene.desk.root, "-r").code == DONE
    scene.assert_undone_exactly()


@pytest.mark.parametrize("step", ["remove_folder:1", "rename_each:4"])
@pytest.mark.parametrize("kind", [*KINDS, DAMAGED])
def test_it_becomes_read_only_in_an_undo(mounts: Mounts, kind: str, step: str) -> None:
    """An undo that is refused half way is finished by recover."""
    scene = inside(SmallDisk(mounts, kind))
    assert scene.run("organize", scene.desk.root, "-r").code == DONE
    with scene.run.held(f"{step}:hang", "undo", "last") as run:
        scene.disk.make_read_only()
        ended = run.ended()

    assert ended.code == UNAVAILABLE
    scene.assert_whole()
    scene.disk.make_writable()
    assert scene.run("recover").code == DONE
    assert scene.was == scene.desk.snapshot()


@pytest.mark.parametrize("step", ACROSS)
@pytest.mark.parametrize("which", ["source", "target"])
@pytest.mark.parametrize("kind", [*KINDS, DAMAGED])
def test_one_side_of_a_move_becomes_read_only(
    mounts: Mounts, kind: str, which: str, step: str
) -> None:
    """Between devices every file is whole on one side, whichever side is refused at any step."""
    disk = SmallDisk(mounts, kind)
    scene = inside(disk) if which == "source" else beside(disk)
    there = mounts.tmpfs("there") / "sorted" if which == "source" else scene.into
    words: list[Word] = ["organize", scene.desk.root, "-r", "--into", there]
    with scene.run.held(f"{step}:hang", *words) as run:
        disk.make_read_only()
        ended = run.ended()

    assert_nothing_lost(scene.was, scene.desk.root, there)
    if ended.code != DONE:
        assert ended.code == UNAVAILABLE
        assert "fileorg recover" in message(ended)
    disk.make_writable()
    assert scene.run("recover").code == DONE
    assert_nothing_lost(scene.was, scene.desk.root, there)
    scene.assert_undone_exactly()
    assert not there.exists()


@pytest.mark.parametrize("step", ["advance:1", "rename_each:3", "finish:1"])
def test_the_state_folder_becomes_read_only(mounts: Mounts, step: str) -> None:
    """A journal that can no longer be written ends the run, and its rest is found later."""
    scene = beside(SmallDisk(mounts, DAMAGED))
    scene.desk.state.path = scene.disk.point / "state"
    with scene.run.held(f"{step}:hang", "organize", scene.desk.root, "-r") as run:
        scene.disk.make_read_only()
        ended = run.ended()

    assert ended.code == UNAVAILABLE
    assert str(scene.desk.state.path) in message(ended)
    scene.assert_whole()
    assert scene.run("recover").code == UNAVAILABLE
    scene.disk.make_writable()
    assert scene.run("recover").code == DONE
    scene.assert_whole()
    scene.assert_undone_exactly()
