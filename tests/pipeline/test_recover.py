"""What is settled, what is left to take back, and what a half-made step leaves behind."""

import os
import shutil
from pathlib import Path

import msgspec
import pytest

from fileorg.errors import RefusedError, StorageUnavailableError, UnknownRunError
from fileorg.events import Silent
from fileorg.model.outcome import RunState
from fileorg.move import executor
from fileorg.pipeline import recover
from fileorg.pipeline.lineage import History
from fileorg.pipeline.recover import RecoverRequest, interrupted_runs
from tests.pipeline.faults import Faults, at_work
from tests.pipeline.harness import Desk
from tests.pipeline.stages import crashed
from tests.trees import File, make_tree


def test_a_redo_of_copies_that_was_killed_is_finished(desk: Desk) -> None:
    """Recovery of a redo knows a copy that is not made yet, whose inode can't be known."""
    make_tree(desk.root, {b"a.jpg": b"a", b"b.jpg": b"b"})
    desk.organize(copy=True)
    desk.undo()

    assert crashed(desk.redo, "advance:1:crash-after")
    (summary,) = desk.recover()

    assert summary is not None
    assert (summary.done, summary.failed) == (2, 0)
    assert (desk.root / "Images" / "a.jpg").read_bytes() == b"a"


def test_a_run_that_only_made_folders_is_undone_by_last(desk: Desk) -> None:
    """Where every file failed, the folders that were made for them are still taken back."""
    make_tree(desk.root, {b"a.jpg": b"a"})
    before = desk.snapshot()
    with at_work(Faults("rename_each:1+:EACCES")):
        summary = desk.organize()
    assert (summary.done, summary.failed) == (0, 1)
    assert (desk.root / "Images").is_dir()

    desk.undo()

    assert before == desk.snapshot()


def test_an_undo_that_never_began_hides_no_interrupted_run(desk: Desk) -> None:
    """A run is still to be recovered while its undo has not got beyond planning."""
    make_tree(desk.root, {b"a.jpg": b"a", b"b.pdf": b"b"})
    assert crashed(desk.organize, "rename_each:1:crash-after")
    assert crashed(desk.undo, "record:1:crash-after")

    assert len(interrupted_runs(desk.state)) == 2
    desk.recover()

    assert (desk.root / "Documents" / "b.pdf").read_bytes() == b"b"
    assert not interrupted_runs(desk.state)


def test_a_recovery_that_cannot_sync_goes_no_further(desk: Desk) -> None:
    """Where what a recovery saw can't be synced, the run stays in doubt and nothing more moves."""
    make_tree(desk.root, {b"a.jpg": b"a", b"b.pdf": b"b"})
    before = desk.snapshot()
    assert crashed(desk.organize, "rename_each:1:crash-after")

    with at_work(Faults("sync:1:EIO")), pytest.raises(StorageUnavailableError, match="recover"):
        desk.recover()
    assert [record.state for record in desk.state.records()] == [RunState.RUNNING]
    assert (desk.root / "b.pdf").exists()

    desk.recover()
    desk.undo()
    assert before == desk.snapshot()


@pytest.mark.parametrize("what", ["boot", "mount"])
def test_after_a_reboot_every_step_is_looked_at(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """A rename that is not there any more is not taken for done, though its batch was committed."""
    make_tree(desk.root, {b"%d.jpg" % number: b"%d" % number for number in range(6)})
    before = desk.snapshot()
    monkeypatch.setattr(executor, "BATCH", 2)
    assert crashed(desk.organize, "advance:4:crash-after")
    (desk.root / "Images" / "0.jpg").rename(desk.root / "0.jpg")

    known = {"boot": "boot_id", "mount": "mount_id"}[what]
    with monkeypatch.context() as rebooted:
        rebooted.setattr(recover, known, lambda *_: "another")
        (summary,) = desk.recover()

    assert summary is not None
    assert (summary.done, [Path(failure.path).name for failure in summary.failures]) == (
        5,
        ["0.jpg"],  # its change time is that of the test's own rename
    )
    desk.undo()
    assert before.keys() == desk.snapshot().keys()


def test_within_one_boot_only_the_window_is_looked_at(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a user puts back between a kill and the recovery is not moved again."""
    make_tree(desk.root, {b"%d.jpg" % number: b"%d" % number for number in range(6)})
    monkeypatch.setattr(executor, "BATCH", 2)
    assert crashed(desk.organize, "advance:4:crash-after")
    (desk.root / "Images" / "0.jpg").rename(desk.root / "0.jpg")

    (summary,) = desk.recover()

    assert summary is not None
    assert summary.done == 6
    assert (desk.root / "0.jpg").exists()
    assert (desk.root / "Images" / "5.jpg").exists()


def test_no_folder_is_listed_for_each_of_its_files(desk: Desk) -> None:
    """Where a file is at one of its two places only, settling need not read all names beside it."""
    make_tree(desk.root, {b"%d.jpg" % number: b"%d" % number for number in range(20)})
    assert crashed(desk.organize, "rename_each:1:crash-after")
    with at_work(Faults()) as counted:
        desk.recover()
    assert counted.calls["stat"] > 20
    assert counted.calls["names"] < 20
    assert len(list((desk.root / "Images").iterdir())) == 20


def test_a_second_undo_has_nothing_left_to_name(desk: Desk) -> None:
    """Where one folder's time was all an undo could not give back, the next one does only that."""
    make_tree(desk.root, {b"a.txt": b"new", b"Documents/a.txt": b"old"})
    before = desk.snapshot()
    run = desk.organize(on_conflict="replace").run
    with at_work(Faults("set_folder_mtime:1:EIO")):
        assert desk.undo(run).failed == 1

    assert not desk.undo(run).failed
    assert before == desk.snapshot()


def test_a_folder_that_was_half_made_gets_its_mode(desk: Desk) -> None:
    """A folder whose undo died between making it and giving it its mode is as it was in the end."""
    make_tree(desk.root, {b"in/a.jpg": b"a"})
    (desk.root / "in").chmod(0o751)
    before = desk.snapshot()
    run = desk.organize(folders="recurse").run
    assert crashed(desk.undo, "make_folder:1:crash-before")
    (desk.root / "in").mkdir(0o700)

    desk.undo(run)

    assert before == desk.snapshot()


def test_a_step_that_could_not_be_looked_at_is_still_taken_back(desk: Desk) -> None:
    """What a killed run moved is undone even if recovery could not see it, and had to try again."""
    make_tree(desk.root, {b"a.jpg": b"a", b"b.jpg": b"b"})
    before = desk.snapshot()
    assert crashed(desk.organize, "rename_each:2:crash-after")
    with at_work(Faults("stat:2:EACCES")) as faults:
        desk.recover()
    assert faults.struck

    desk.undo()

    assert before == desk.snapshot()


def test_a_journal_that_can_be_read_again_is_that_of_a_run(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a journal could not be read at first, its interrupted run is recovered all the same."""
    make_tree(desk.root, {b"a.jpg": b"a"})
    assert crashed(desk.organize, "rename_each:1:crash-after")
    (found,) = desk.state.records()
    first = iter([[msgspec.structs.replace(found, problem="unreadable")]])
    real = desk.state.records
    monkeypatch.setattr(type(desk.state), "records", lambda _: next(first, None) or real())

    assert interrupted_runs(desk.state) == [found.run]


def test_a_run_that_came_to_nothing_leaves_no_trace(desk: Desk) -> None:
    """Where each step failed, an undo gives a folder back the time that the attempt has changed."""
    make_tree(desk.root, {b"a.jpg": b"a", b"Images/b.jpg": b"b"})
    before = desk.snapshot()
    with at_work(Faults("copy:1:lost")) as faults:
        run = desk.organize(copy=True).run
    assert faults.struck
    assert before.keys() == desk.snapshot().keys()

    desk.undo(run)

    assert before == desk.snapshot()


def test_an_edited_file_goes_back_after_a_crash(desk: Desk) -> None:
    """Undo of a killed run puts back what was edited since as it is now, and says so."""
    make_tree(desk.root, {b"a.jpg": b"old", b"b.pdf": b"b"})
    assert crashed(desk.organize, "rename_each:1:crash-after")
    (desk.root / "Images" / "a.jpg").write_bytes(b"edited")

    summary = desk.undo()

    assert (desk.root / "a.jpg").read_bytes() == b"edited"
    assert [Path(path).name for path in summary.edited] == ["a.jpg"]


def test_a_run_that_another_has_overtaken_is_not_finished(desk: Desk) -> None:
    """What a killed run left undone is not done after a later one, whose files it would claim."""
    make_tree(desk.root, {b"d/%d.txt" % n: File(b"%d" % n, 1e9) for n in range(6)})
    before = desk.snapshot()
    assert crashed(lambda: desk.organize(folders="recurse", jobs=1), "rename_each:1:crash-after")
    (dead,) = desk.state.records()
    make_tree(desk.root, {b"late.jpg": File(b"j", 1e9)})
    desk.organize(folders="recurse")

    assert interrupted_runs(desk.state) == []
    with pytest.raises(RefusedError, match=f"{dead.run} can't be finished"):
        recover.recover(RecoverRequest(dead.run, desk.state), Silent())
    desk.undo()
    (desk.root / "late.jpg").unlink()
    desk.undo(dead.run)
    os.utime(desk.root, ns=(before[b""][2], before[b""][2]))
    assert before == desk.snapshot()


def test_a_run_that_found_nothing_to_do_overtakes_none(desk: Desk) -> None:
    """An interrupted run is finished although others came by, if they changed nothing."""
    make_tree(desk.root, {b"d/%d.txt" % n: b"%d" % n for n in range(6)})
    assert crashed(lambda: desk.organize(folders="recurse", jobs=1), "rename_each:1:crash-before")
    desk.organize(folders="leave")
    desk.recover()
    assert len(list((desk.root / "Documents").iterdir())) == 6


def test_undo_makes_every_folder_that_is_gone(desk: Desk) -> None:
    """A folder that the run removed comes back with those above it that somebody removed since."""
    make_tree(desk.root, {b"d/e/a.txt": b"a", b"d/.keep": b""})
    desk.organize(folders="recurse")
    shutil.rmtree(desk.root / "d")
    desk.undo()
    assert (desk.root / "d" / "e" / "a.txt").read_bytes() == b"a"


def test_a_run_that_did_nothing_is_not_the_last(desk: Desk) -> None:
    """`last` goes past a run that was killed before it did anything, once that is known."""
    make_tree(desk.root, {b"a.jpg": File(b"a", 1e9)})
    before = desk.snapshot()
    desk.organize()
    (desk.root / "b.pdf").write_bytes(b"b")
    assert crashed(desk.organize, "advance:1:crash-before")
    (desk.root / "b.pdf").unlink()
    desk.organize()

    desk.undo()

    os.utime(desk.root, ns=(before[b""][2], before[b""][2]))
    assert before == desk.snapshot()


def test_settling_that_dies_leaves_the_run_to_be_settled(desk: Desk) -> None:
    """`last` finds a run that was looked at, where whoever did so died before it said the sums."""
    make_tree(desk.root, {b"a.jpg": b"a", b"b.pdf": b"b"})
    before = desk.snapshot()
    assert crashed(desk.organize, "rename_each:1:crash-after")
    assert crashed(desk.undo, "settle:1:crash-after")

    desk.undo()

    assert before == desk.snapshot()


@pytest.mark.parametrize("script", ["rename:2:crash-after", "sync:1:crash-before"])
@pytest.mark.parametrize("action", ["hardlink", "symlink"])
def test_an_undo_that_died_has_undone_the_run(desk: Desk, action: str, script: str) -> None:
    """Once an undo has found nothing left, `last` is the run before, whatever else died."""
    make_tree(desk.root, {b"a.txt": b"same", b"b.txt": b"same"})
    before = desk.snapshot()
    desk.dedupe(action)
    (deduplicated,) = desk.state.records()
    assert crashed(desk.undo, script)

    assert desk.undo().done == 0

    assert before == desk.snapshot()
    assert History(desk.state.records()).is_undone(deduplicated)
    with pytest.raises(UnknownRunError):
        desk.undo()


def test_what_stands_where_a_link_was_is_not_taken_for_it(desk: Desk) -> None:
    """An undo that died when all was back has come to its end, as settling finds out."""
    make_tree(desk.root, {b"a.txt": b"same", b"b.txt": b"same"})
    desk.dedupe("hardlink")
    assert crashed(desk.undo, "sync:1:crash-before")
    assert desk.undo().done == 0
    assert [record.state for record in desk.state.records()] == [RunState.FINISHED] * 2
