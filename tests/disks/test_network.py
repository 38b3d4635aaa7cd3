"""A folder served by SFTP stands in for the disk of another machine, which stalls and vanishes."""

import pytest

from tests.disks.command import BUSY, DONE, FAILED, NO_SOURCE, UNAVAILABLE, message, strace
from tests.disks.kinds import (
    PORTABLE,
    assert_known_when_it_is_back,
    assert_organized_and_undone,
    replug,
    settled,
)
from tests.disks.mounts import Mounts, Word, missing, wait_until
from tests.disks.oracle import assert_nothing_lost, contents_only, files_of, recover_and_undo
from tests.disks.power import every_step, steps_of, stop_at
from tests.disks.scene import Scene, beside, inside
from tests.disks.served import LACKING_SFTP, ServedFolder, serve_folder
from tests.pipeline.harness import contents

LACKING = [*missing("strace"), *LACKING_SFTP]

pytestmark = [
    pytest.mark.root,
    pytest.mark.skipif(bool(LACKING), reason=f"not installed: {', '.join(LACKING)}"),
]


@pytest.fixture
def scene(mounts: Mounts) -> Scene[ServedFolder]:
    """Return a desk on a served folder, its journals on this machine."""
    return settled(inside(serve_folder(mounts, "net"), PORTABLE))


def test_a_run_is_whole_and_undone_exactly(scene: Scene[ServedFolder]) -> None:
    """Nothing is lost, a second run plans nothing, the way to rename is noted, undo is exact."""
    assert_organized_and_undone(scene, "link")


def test_a_run_is_undone_when_the_folder_is_mounted_again(scene: Scene[ServedFolder]) -> None:
    """A folder that was unmounted is known again, though its files have new numbers."""
    assert_known_when_it_is_back(scene)


@pytest.mark.parametrize("which", ["same", "inside", "around"])
def test_a_second_run_is_sent_away(scene: Scene[ServedFolder], which: str) -> None:
    """A run on a folder, in it or around it finds the first at work, and changes nothing."""
    root = scene.desk.root
    first, second = {
        "same": (root, root),
        "inside": (root, root / "deep"),
        "around": (root / "deep", root),
    }[which]
    with scene.run.held("rename_each:1:hang", "organize", first, "-r") as running:
        before = scene.desk.snapshot()
        ended = scene.run("organize", second, "-r")
        assert ended.code == BUSY
        assert "another run is at work there" in message(ended)
        assert before == scene.desk.snapshot()
        assert running.ended().code == DONE
    scene.assert_whole()
    scene.assert_undone_exactly()


def test_a_target_that_appears_meanwhile_stays(scene: Scene[ServedFolder]) -> None:
    """What another client puts under a target's name is not replaced; ours stays at its source."""
    theirs = scene.disk.folder / "root" / "Images" / "photo3.jpg"
    with scene.run.held("rename_each:3:hang", "organize", scene.desk.root, "-r") as running:
        theirs.write_bytes(b"theirs")
        ended = running.ended()

    assert ended.code == FAILED
    assert theirs.read_bytes() == b"theirs"
    scene.assert_whole()
    theirs.unlink()
    replug(scene.disk)
    scene.assert_undone_exactly()


@pytest.mark.parametrize("step", ["make_folder:1", "rename_each:5", "sync:1"])
def test_it_waits_for_a_server_that_stalls(scene: Scene[ServedFolder], step: str) -> None:
    """A server that answers nothing for a while delays a run, and that is all."""
    with scene.run.held(f"{step}:hang", "organize", scene.desk.root, "-r") as running:
        with scene.disk.stalled():
            running.go_on()
            wait_until(running.is_waiting_for_a_server)
        assert running.ended().code == DONE
    scene.assert_whole()
    scene.assert_undone_exactly()


STEPS = ["refresh:1", "advance:1", "make_folder:1", "rename_each:1", "rename_each:6"]


@pytest.mark.parametrize("what", ["server", "client"])
@pytest.mark.parametrize("step", STEPS)
def test_it_vanishes_under_a_run(scene: Scene[ServedFolder], step: str, what: str) -> None:
    """The run ends with one line that says so; when it is back it goes on, or is taken back."""
    with scene.run.held(f"{step}:hang", "organize", scene.desk.root, "-r") as running:
        scene.disk.vanish(what)
        ended = running.ended()

    assert ended.code == UNAVAILABLE
    assert "fileorg recover" in message(ended)
    assert scene.run("recover").code == UNAVAILABLE
    assert scene.run("organize", scene.desk.root, "-r").code in {NO_SOURCE, UNAVAILABLE}
    scene.disk.mount()
    assert_nothing_lost(scene.was, scene.desk.root)
    assert scene.run("recover").code == DONE
    scene.assert_whole()
    scene.assert_undone_exactly()


@pytest.mark.parametrize("what", ["server", "client"])
@pytest.mark.parametrize("step", ["sync:1", "finish:1"])
def test_it_vanishes_when_all_is_done(scene: Scene[ServedFolder], step: str, what: str) -> None:
    """A server that has answered every request has done what it says, and undo is exact."""
    with scene.run.held(f"{step}:hang", "organize", scene.desk.root, "-r") as running:
        scene.disk.vanish(what)
        assert running.ended().code == DONE

    scene.disk.mount()
    scene.assert_whole()
    assert scene.run("recover").code == DONE
    scene.assert_undone_exactly()


ACROSS = ["copy:1", "copy:3", "rename:2", "sync:1", "note:1", "remove:1", "remove:4"]


@pytest.mark.parametrize("step", ACROSS)
@pytest.mark.parametrize("which", ["source", "target"])
def test_one_side_of_a_move_vanishes(mounts: Mounts, which: str, step: str) -> None:
    """Files on the way to or from it are whole on one side, and all come back in the end."""
    served = serve_folder(mounts, "net")
    scene = settled(inside(served, PORTABLE) if which == "source" else beside(served, PORTABLE))
    there = mounts.tmpfs("there") / "sorted" if which == "source" else scene.into
    words: list[Word] = ["organize", scene.desk.root, "-r", "--into", there]
    with scene.run.held(f"{step}:hang", *words) as running:
        served.vanish("client")
        ended = running.ended()

    served.mount()
    assert not files_of(scene.was) - contents_only(scene.desk.root, there)
    if ended.code != DONE:
        assert ended.code == UNAVAILABLE
        assert "fileorg recover" in message(ended)
    assert scene.run("recover").code == DONE
    assert not files_of(scene.was) - contents_only(scene.desk.root, there)
    assert scene.run("undo", "last").code == DONE
    assert scene.was.keys() == scene.desk.snapshot().keys()
    assert not there.exists()


@every_step(7)
@pytest.mark.parametrize("then", ["at once", "mounted again"])
def test_a_run_may_die_at_any_step(scene: Scene[ServedFolder], then: str, stride: int) -> None:
    """A dead run is settled, also when its files have other numbers by then."""
    organize = lambda: scene.desk.organize(folders="recurse")  # noqa: E731 - said twice
    steps = steps_of(organize)
    scene.desk.undo()
    for number in range(1, steps + 1, stride):
        stop_at(number, organize)
        if then == "mounted again":
            replug(scene.disk)
        assert_nothing_lost(scene.was, scene.desk.root)
        recover_and_undo(scene.desk)
        assert scene.was == scene.desk.snapshot(), number


@pytest.mark.parametrize("then", ["at once", "mounted again"])
def test_a_run_may_die_between_link_and_unlink(scene: Scene[ServedFolder], then: str) -> None:
    """The two names have two numbers there, and are known as one file by what they hold."""
    ours = contents(scene.desk.root).total()
    scene.run.killed("unlinkat", 5, "organize", scene.desk.root, "-r")
    if then == "mounted again":
        replug(scene.disk)
    assert contents(scene.desk.root).total() == ours + 1

    assert scene.run("recover").code == DONE
    scene.assert_whole()
    assert contents(scene.desk.root).total() == ours
    scene.assert_undone_exactly()


def test_folders_that_cannot_be_locked(scene: Scene[ServedFolder]) -> None:
    """Where a folder takes no lock, as on NFS, a file in it does, and a second run is sent away."""
    root = scene.desk.root
    no_locks = strace("flock:error=EBADF", "linkat:signal=STOP:when=1", path=root)
    first = scene.run.started("organize", root, "-r", under=no_locks)
    wait_until((root / ".fileorg" / "lock").exists)

    second = scene.run.started("organize", root, "-r", under=no_locks).ended()

    assert second.code == BUSY
    assert "another run is at work there" in message(second)
    assert first.ended().code == DONE
    scene.assert_whole()
    assert not (root / ".fileorg").exists()
    scene.assert_undone_exactly()


@pytest.mark.parametrize("what", ["server", "client"])
@pytest.mark.parametrize("step", ["rename_each:4", "remove_folder:1"])
def test_it_vanishes_under_an_undo(scene: Scene[ServedFolder], step: str, what: str) -> None:
    """An undo that lost its folder is finished by recover."""
    assert scene.run("organize", scene.desk.root, "-r").code == DONE
    with scene.run.held(f"{step}:hang", "undo", "last") as running:
        scene.disk.vanish(what)
        ended = running.ended()

    assert ended.code == UNAVAILABLE
    assert "fileorg recover" in ended.says.splitlines()[-1]
    scene.disk.mount()
    assert scene.run("recover").code == DONE
    assert scene.was == scene.desk.snapshot()
