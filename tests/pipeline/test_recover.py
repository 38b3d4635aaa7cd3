"""What is settled, what is left to take back, and what a half-made step leaves behind."""

from fileorg.pipeline.recover import interrupted_runs
from tests.pipeline.faults import Faults, at_work
from tests.pipeline.harness import Desk
from tests.pipeline.stages import crashed
from tests.trees import make_tree


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
    with at_work(Faults("rename_if:1+:EACCES")):
        summary = desk.organize()
    assert (summary.done, summary.failed) == (0, 1)
    assert (desk.root / "Images").is_dir()

    desk.undo()

    assert before == desk.snapshot()


def test_an_undo_that_never_began_hides_no_interrupted_run(desk: Desk) -> None:
    """A run is still to be recovered while its undo has not got beyond planning."""
    make_tree(desk.root, {b"a.jpg": b"a", b"b.pdf": b"b"})
    assert crashed(desk.organize, "rename_if:1:crash-after")
    assert crashed(desk.undo, "record:1:crash-after")

    assert len(interrupted_runs(desk.state)) == 2
    desk.recover()

    assert (desk.root / "Documents" / "b.pdf").read_bytes() == b"b"
    assert not interrupted_runs(desk.state)
