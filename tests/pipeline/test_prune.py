"""Dropping old journals: all of a run's line or nothing, and never what something depends on."""

import os
import shutil
import time
from pathlib import Path

import pytest

from fileorg.errors import UnknownRunError
from fileorg.pipeline.choosing import Choice
from fileorg.pipeline.prune import PruneRequest, PruneSummary, prune
from fileorg.pipeline.purge import PurgeRequest, purge
from fileorg.storage.locks import Locks
from tests.pipeline.harness import Desk
from tests.pipeline.stages import crashed
from tests.trees import make_tree


def pruned(
    desk: Desk, *, keep: int = 0, before_ns: int | None = None, dry: bool = False
) -> PruneSummary:
    """Drop what is older than now, or than a moment."""
    moment = time.time_ns() if before_ns is None else before_ns
    return prune(PruneRequest(desk.state, moment, keep, dry))


def runs(desk: Desk) -> list[str]:
    """Return the runs that have journals, the newest first."""
    return [record.run for record in desk.state.records()]


def organized(desk: Desk, *names: bytes) -> str:
    """Organize some new files; return the run."""
    make_tree(desk.root, dict.fromkeys(names, b"x"))
    return desk.organize(on_conflict="skip").run


def test_a_run_goes_with_its_undos_and_redos(desk: Desk) -> None:
    """The journals of a run's line are dropped together, and then there is no such run."""
    run = organized(desk, b"a.jpg", b"b.pdf")
    desk.undo(choice=Choice(only=("*.jpg",)))
    desk.redo()
    room = sum(path.stat().st_size for path in (desk.state.path / "runs").glob("*.db"))
    preview = pruned(desk, dry=True)
    assert len(runs(desk)) == 3
    summary = pruned(desk)
    assert (summary.runs, summary.journals, summary.bytes, summary.kept) == (1, 3, room, ())
    assert (preview.runs, preview.journals, preview.bytes) == (1, 3, room)
    assert runs(desk) == []
    assert not list((desk.state.path / "runs").iterdir())
    with pytest.raises(UnknownRunError):
        desk.undo(run)


def test_the_newest_and_the_young_stay(desk: Desk) -> None:
    """Kept are the newest runs, however old, and all about which something was done since."""
    old, mid, new = (organized(desk, name) for name in (b"a.jpg", b"b.jpg", b"c.jpg"))
    assert pruned(desk, keep=2).runs == 1
    assert runs(desk) == [new, mid]
    moment = time.time_ns()
    desk.undo(mid)
    summary = pruned(desk, before_ns=moment)
    assert summary.runs == 1
    assert new not in runs(desk)
    assert mid in runs(desk)
    assert old not in runs(desk)


def test_the_age_counts_from_the_end_of_a_run(desk: Desk) -> None:
    """A run that began long ago is as old as its end."""
    make_tree(desk.root, {b"a.jpg": b"x"})
    summary = desk.organize()
    assert pruned(desk, before_ns=summary.ended_ns).runs == 0
    assert pruned(desk, before_ns=summary.ended_ns + 1).runs == 1


def test_what_is_in_quarantine_keeps_its_run(desk: Desk) -> None:
    """A run that set files aside stays until they are purged or brought back."""
    make_tree(desk.root, {b"a.txt": b"same", b"b.txt": b"same"})
    run = desk.dedupe("quarantine").summary.run
    summary = pruned(desk)
    assert (summary.runs, [kept.run for kept in summary.kept]) == (0, [run])
    assert "quarantine" in summary.kept[0].reason
    purge(PurgeRequest(run, desk.state))
    assert pruned(desk).runs == 1


def test_a_quarantine_that_can_not_be_seen_keeps_its_run(desk: Desk) -> None:
    """Where the folder is away, a run that set files aside stays, and one that did not goes."""
    make_tree(desk.root, {b"a.txt": b"same", b"b.txt": b"same"})
    aside = desk.dedupe("quarantine").summary.run
    organized(desk, b"c.jpg")
    desk.root.rename(desk.root.with_name("away"))
    assert pruned(desk).runs == 1
    assert runs(desk) == [aside]


def test_an_interrupted_run_that_was_undone_goes(desk: Desk) -> None:
    """Nothing depends on a run that died and was taken back: there is nothing to recover."""
    make_tree(desk.root, {b"a.jpg": b"a", b"b.pdf": b"b"})
    assert crashed(desk.organize, "rename_each:1:crash-after")
    desk.undo()
    done = prune(PruneRequest(desk.state, time.time_ns(), 0))
    assert (done.runs, done.journals, done.kept) == (1, 2, ())


def test_an_interrupted_run_stays(desk: Desk) -> None:
    """What recover still needs is not dropped."""
    make_tree(desk.root, {b"a.jpg": b"1", b"b.pdf": b"2"})
    assert crashed(desk.organize, "rename_each:1:crash-after")
    summary = pruned(desk)
    assert (summary.runs, len(runs(desk))) == (0, 1)
    assert "fileorg recover" in summary.kept[0].reason
    desk.recover()
    assert pruned(desk).runs == 1


def test_a_run_that_is_at_work_stays(desk: Desk) -> None:
    """Nothing is dropped while somebody holds the folders of a run, such as an undo of it."""
    run = organized(desk, b"a.jpg")
    locks = Locks(Path())
    locks.take([os.fsencode(desk.root)], 0)
    try:
        assert [kept.run for kept in pruned(desk).kept] == [run]
    finally:
        locks.close()
    assert pruned(desk).runs == 1


def test_a_damaged_journal_stays(desk: Desk, tmp_path: Path) -> None:
    """A journal that can't be read is kept: nobody knows what depends on it."""
    run = organized(desk, b"a.jpg")
    desk.state.journal_path(run).write_bytes(b"damaged")
    summary = pruned(desk)
    assert [kept.run for kept in summary.kept] == [run]


def test_what_a_killed_prune_left_goes_the_next_time(desk: Desk) -> None:
    """An undo whose run is gone is of no run, is not offered to redo, and is dropped."""
    run = organized(desk, b"a.jpg")
    desk.undo()
    desk.state.journal_path(run).unlink()
    with pytest.raises(UnknownRunError):
        desk.redo()
    assert pruned(desk).journals == 1
    assert runs(desk) == []


def test_a_folder_that_is_gone_needs_no_lock(desk: Desk) -> None:
    """The journals of a folder that was deleted are dropped."""
    organized(desk, b"a.jpg")
    shutil.rmtree(desk.root)
    assert pruned(desk).runs == 1
