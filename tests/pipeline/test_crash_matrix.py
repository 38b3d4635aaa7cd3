"""Stopping dead at every step of a run, of its recovery and of its undo: nothing is ever lost."""

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fileorg.pipeline.undo import History
from tests.pipeline.faults import CRASHED, crash_at
from tests.pipeline.harness import Desk, Snapshot, contents, in_child
from tests.trees import File, Link, make_tree

TREE = {
    b"a.jpg": File(b"picture", 1_600_000_000.5, 0o640),
    b"deep/er/b.jpg": File(b"another picture", 1_500_000_000.25),
    b"deep/a.jpg": File(b"a third", 1_400_000_000),
    b"deep/er/c.pdf": File(b"text", 1_300_000_000, 0o600),
    b"other/new\nline.txt": File(b"odd", 1_200_000_000),
    b"other/link.txt": Link(b"/etc/hostname"),
    b"Images/a.jpg": File(b"was there before", 1_100_000_000),
    b"keep/empty/": None,
}
MODES: dict[str, dict[str, Any]] = {
    "rename": {"folders": "recurse"},
    "replace": {"folders": "recurse", "on_conflict": "replace"},
    "whole": {"folders": "whole"},
    "copy": {"folders": "recurse", "copy": True},
}


@pytest.fixture
def before(tmp_path: Path) -> Callable[[Path], tuple[Desk, Snapshot]]:
    """Make a fresh desk with the tree on it, as often as asked."""
    pristine = make_tree(tmp_path / "pristine", TREE)

    def fresh(base: Path) -> tuple[Desk, Snapshot]:
        shutil.rmtree(base, ignore_errors=True)
        base.mkdir()
        shutil.copytree(pristine, base / "root", symlinks=True)
        desk = Desk(base)
        return desk, desk.snapshot()

    return fresh


def crashed(work: Callable[[], object], number: int, *, after: bool) -> bool:
    """Run *work* and stop it at its *number*-th step; return whether it came that far."""

    def child() -> None:
        crash_at(number, after=after)
        work()

    code = in_child(child)
    assert code in {0, CRASHED}

    return code == CRASHED


def assert_nothing_lost(desk: Desk, before: Snapshot) -> None:
    """Every file is there, with its content, mode and time; a copy may be there twice."""
    expected = contents_of(before)
    assert not expected - contents(desk.root)


def contents_of(before: Snapshot) -> Counter[tuple[str, int, int, bytes]]:
    """Return the multiset of files of a snapshot."""
    return Counter(facts for facts in before.values() if facts[0] != "folder")


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("mode", MODES)
def test_a_run_that_stops_at_any_step_can_be_undone(
    before: Callable[[Path], tuple[Desk, Snapshot]], tmp_path: Path, mode: str, after: bool
) -> None:
    """Whatever step a run dies at, nothing is lost and undo brings back the very tree."""
    number = 1
    while True:
        desk, was = before(tmp_path / "desk")
        going_on = crashed(lambda: desk.organize(**MODES[mode]), number, after=after)
        assert_nothing_lost(desk, was)
        if desk.state.records() and desk.state.records()[0].state != "planning":
            desk.undo()

        assert was == desk.snapshot(), f"{mode}: step {number}"
        if not going_on:
            break
        number += 1
    assert number > 10


@pytest.mark.parametrize("mode", MODES)
def test_a_run_that_stops_at_any_step_can_be_finished(
    before: Callable[[Path], tuple[Desk, Snapshot]], tmp_path: Path, mode: str
) -> None:
    """Recover ends where the run would have ended, and undo still brings back the very tree."""
    desk, _ = before(tmp_path / "whole")
    desk.organize(**MODES[mode])
    organized = desk.snapshot(times=False)
    number = 1
    while True:
        desk, was = before(tmp_path / "desk")
        going_on = crashed(lambda: desk.organize(**MODES[mode]), number, after=True)
        desk.recover()
        desk.organize(**MODES[mode])

        assert {_without_run(path) for path in organized} == {
            _without_run(path) for path in desk.snapshot(times=False)
        }, f"{mode}: step {number}"
        while not desk_is_undone(desk):
            desk.undo()
        assert was == desk.snapshot(), f"{mode}: step {number}"
        if not going_on:
            break
        number += 1


def desk_is_undone(desk: Desk) -> bool:
    """Whether there is no run left to take back."""
    records = desk.state.records()
    history = History(records)
    return all(
        history.is_undone(record) or not record.done
        for record in records
        if record.kind == "organize"
    )


def _without_run(path: bytes) -> bytes:
    parts = path.split(b"/")
    return b"/".join(
        b"RUN" if part[:2] == b"20" and part.count(b"-") == 2 else part for part in parts
    )


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("mode", MODES)
def test_an_undo_that_stops_at_any_step_can_be_done_again(
    before: Callable[[Path], tuple[Desk, Snapshot]], tmp_path: Path, mode: str, after: bool
) -> None:
    """Whatever step an undo dies at, a second undo brings back the very tree."""
    number = 1
    while True:
        desk, was = before(tmp_path / "desk")
        run = desk.organize(**MODES[mode]).run
        going_on = crashed(lambda: desk.undo(run), number, after=after)
        assert_nothing_lost(desk, was)
        desk.recover()
        desk.undo(run)

        assert was == desk.snapshot(), f"{mode}: step {number}"
        if not going_on:
            break
        number += 1


@pytest.mark.parametrize("mode", ["rename", "replace"])
def test_crashes_may_follow_one_another(
    before: Callable[[Path], tuple[Desk, Snapshot]], tmp_path: Path, mode: str
) -> None:
    """A run dies, its recovery dies, its undo dies: nothing is lost and the last undo is exact."""
    for number in range(2, 40, 3):
        for second in range(1, 12, 2):
            desk, was = before(tmp_path / "desk")
            if not crashed(lambda: desk.organize(**MODES[mode]), number, after=True):
                return
            crashed(desk.recover, second, after=False)
            assert_nothing_lost(desk, was)
            if not desk.state.records() or desk.state.records()[0].state == "planning":
                continue
            crashed(desk.undo, second + 3, after=True)
            assert_nothing_lost(desk, was)
            desk.recover()
            run = next(r for r in desk.state.records() if r.kind == "organize").run
            desk.undo(run)

            assert was == desk.snapshot(), f"{mode}: steps {number}, {second}"
