"""Duplicates on file systems that differ: found, set aside, and brought back when the disk is."""

import pytest

from tests.disks.command import DONE, FAILED
from tests.disks.kinds import FOLDING, PLUGGED, Plugged, replug, settled, unplugged
from tests.disks.mounts import Mounts, missing
from tests.disks.scene import Scene
from tests.disks.served import LACKING_DISKS
from tests.trees import File, make_tree

LACKING = [*missing("strace"), *LACKING_DISKS]
TWINS = {
    b"a/report.pdf": File(b"same" * 30_000, 1_600_000_000, 0o640),
    b"b/report (1).pdf": File(b"same" * 30_000, 1_500_000_000, 0o600),
    b"b/copy of report.pdf": File(b"same" * 30_000, 1_600_000_000),
    b"c/small": File(b"twin", 1_400_000_000),
    b"c/small (1)": File(b"twin", 1_400_000_000),
    b"c/other": File(b"twiN", 1_400_000_000),
}
REDUNDANT = {"report (1).pdf", "copy of report.pdf", "small (1)"}

pytestmark = [
    pytest.mark.root,
    pytest.mark.skipif(bool(LACKING), reason=f"not installed: {', '.join(LACKING)}"),
]


def twins_on(mounts: Mounts, kind: str) -> Scene[Plugged]:
    """Make a file system with duplicates on it, plugged in anew."""
    scene = unplugged(mounts, kind)
    make_tree(scene.desk.root, TWINS)
    return settled(scene)


def names(scene: Scene[Plugged]) -> set[str]:
    """Return the names of the files that are not set aside."""
    root = scene.desk.root
    found = (path for path in root.rglob("*") if path.is_file())
    return {path.name for path in found if ".fileorg" not in path.parts}


@pytest.mark.parametrize("kind", PLUGGED)
def test_what_was_set_aside_comes_back(mounts: Mounts, kind: str) -> None:
    """Duplicates are set aside, known again when the disk is back, and undone exactly."""
    scene = twins_on(mounts, kind)
    before = names(scene)
    assert scene.run("dedupe", scene.desk.root, "--action", "quarantine").code == DONE
    assert before - names(scene) == REDUNDANT
    scene.assert_whole()
    replug(scene.disk)

    assert scene.run("dedupe", scene.desk.root, "--action", "quarantine").code == DONE
    assert len(scene.desk.state.records()) == 1
    scene.assert_undone_exactly()


def test_a_symlink_is_known_by_where_it_leads(mounts: Mounts) -> None:
    """Where a link has no lasting number, undo removes it if it leads to the file that was kept."""
    scene = twins_on(mounts, "ntfs")
    assert scene.run("dedupe", scene.desk.root, "--action", "symlink").code == DONE
    assert (scene.desk.root / "b" / "report (1).pdf").is_symlink()
    replug(scene.disk)

    scene.assert_undone_exactly()


@pytest.mark.parametrize("kind", PLUGGED)
def test_a_run_sets_aside_and_sorts(mounts: Mounts, kind: str) -> None:
    """A run that sorts and sets aside is undone exactly when the disk is back."""
    scene = twins_on(mounts, kind)
    assert scene.run("organize", scene.desk.root, "-r", "--dedupe", "quarantine").code == DONE
    assert not REDUNDANT & names(scene)
    scene.assert_whole()
    replug(scene.disk)

    scene.assert_undone_exactly()


@pytest.mark.parametrize("kind", FOLDING)
def test_no_hard_link_where_it_could_not_be_told(mounts: Mounts, kind: str) -> None:
    """Where a link can't be told from another file none is made, and nothing is set aside."""
    scene = twins_on(mounts, kind)
    assert scene.run("dedupe", scene.desk.root, "--action", "hardlink").code == DONE
    assert scene.was == scene.desk.snapshot()


@pytest.mark.parametrize("kind", FOLDING)
def test_a_file_that_a_second_mount_shows_is_no_duplicate(mounts: Mounts, kind: str) -> None:
    """A file without a lasting number that is reached twice is looked at once."""
    scene = twins_on(mounts, kind)
    seen_twice = mounts.bind("again", scene.desk.root / "a")

    ended = scene.run("dedupe", scene.desk.root / "a", seen_twice, "--action", "quarantine")

    assert "No duplicates among 1 file" in ended.prints
    assert scene.was == scene.desk.snapshot()


def test_a_second_name_of_a_file_is_not_set_aside_beside_it(mounts: Mounts) -> None:
    """Where numbers do not last, an act finds out that two names are of one file."""
    scene = twins_on(mounts, "ntfs")
    (scene.desk.root / "c" / "other (1)").hardlink_to(scene.desk.root / "c" / "other")
    scene = settled(scene)

    ended = scene.run("dedupe", scene.desk.root / "c", "--action", "quarantine")

    assert ended.code == FAILED
    assert "is the very file that is kept" in ended.prints + ended.says
    assert {"other", "other (1)"} <= names(scene)
    scene.assert_undone_exactly()
