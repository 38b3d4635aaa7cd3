"""Stopping dead at every step of an act on duplicates, of its undo and of its recovery."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pipeline.harness import Desk, Snapshot
from tests.pipeline.test_crash_matrix import assert_nothing_lost, crashed
from tests.trees import File, make_tree

TREE = {
    b"a.pdf": File(b"same", 1_600_000_000.5, 0o640),
    b"deep/a (1).pdf": File(b"same", 1_500_000_000.25),
    b"deep/er/copy of a.pdf": File(b"same", 1_400_000_000),
    b"other/b": File(b"twice", 1_300_000_000),
    b"other/b (2)": File(b"twice", 1_200_000_000),
    b"other/alone": File(b"alone", 1_100_000_000),
}
ACTIONS = ("quarantine", "hardlink", "symlink", "reflink")
Fresh = Callable[[Path], tuple[Desk, Snapshot]]


@pytest.fixture
def fresh(tmp_path: Path) -> Fresh:
    """Make a fresh desk with duplicates on it, as often as asked."""
    pristine = make_tree(tmp_path / "pristine", TREE)

    def make(base: Path) -> tuple[Desk, Snapshot]:
        shutil.rmtree(base, ignore_errors=True)
        base.mkdir()
        shutil.copytree(pristine, base / "root", symlinks=True)
        desk = Desk(base)
        return desk, desk.snapshot()

    return make


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("action", ACTIONS)
def test_an_act_that_stops_at_any_step_can_be_undone(
    fresh: Fresh, tmp_path: Path, action: str, after: bool
) -> None:
    """Whatever step an act dies at, nothing is lost and undo brings back the very tree."""
    number = 1
    while True:
        desk, was = fresh(tmp_path / "desk")
        going_on = crashed(lambda: desk.dedupe(action), number, after=after)
        assert_nothing_lost(desk, was)
        records = desk.state.records()
        if records and records[0].state != "planning" and action != "reflink":
            desk.undo()

        assert was == desk.snapshot(), f"{action}: step {number}"
        if not going_on:
            break
        number += 1
    assert number > 5


@pytest.mark.parametrize("action", ACTIONS)
def test_an_act_that_stops_at_any_step_can_be_finished(
    fresh: Fresh, tmp_path: Path, action: str
) -> None:
    """Recover and another run end where the first one would have, and undo is still exact."""
    desk, _ = fresh(tmp_path / "whole")
    desk.dedupe(action)
    wanted = _places(desk)
    number = 1
    while True:
        desk, was = fresh(tmp_path / "desk")
        going_on = crashed(lambda: desk.dedupe(action), number, after=True)
        desk.recover()
        desk.dedupe(action)

        assert _places(desk) == wanted, f"{action}: step {number}"
        for record in [r for r in desk.state.records() if r.kind == "dedupe" and r.done]:
            desk.undo(record.run)
        assert was == desk.snapshot(), f"{action}: step {number}"
        if not going_on:
            break
        number += 1


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("action", ACTIONS[:3])
def test_an_undo_that_stops_at_any_step_can_be_done_again(
    fresh: Fresh, tmp_path: Path, action: str, after: bool
) -> None:
    """Whatever step an undo dies at, a second undo brings back the very tree."""
    number = 1
    while True:
        desk, was = fresh(tmp_path / "desk")
        run = desk.dedupe(action).summary.run
        going_on = crashed(lambda: desk.undo(run), number, after=after)
        assert_nothing_lost(desk, was)
        desk.recover()
        desk.undo(run)

        assert was == desk.snapshot(), f"{action}: step {number}"
        if not going_on:
            break
        number += 1


def _places(desk: Desk) -> set[tuple[bytes, str]]:
    """Return what is where, quarantine aside."""
    found = desk.snapshot(times=False).items()
    return {(path, kind) for path, (kind, *_) in found if not path.startswith(b"/.fileorg")}
