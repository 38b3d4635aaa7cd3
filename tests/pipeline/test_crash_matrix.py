"""Stopping dead at every step of a run, of its recovery, undo and redo: nothing is ever lost."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fileorg.events import Silent
from fileorg.pipeline.recover import RecoverRequest, interrupted_runs, recover
from tests.pipeline.stages import MODES, Stage, crashed, stage

BEFORE, AFTER = "crash-before", "crash-after"


@pytest.fixture(params=MODES)
def scene(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Stage]:
    """Return a stage for each way to organize."""
    with stage(tmp_path, request.param) as made:
        yield made


def at_every_step(
    scene: Stage, how: str, first: Callable[[], object], work: Callable[[], object], start: int = 1
) -> Iterator[int]:
    """Do *first* on a fresh stage and let *work* die at its n-th step, for each n there is."""
    number = start
    while True:
        scene.reset()
        first()
        going_on = crashed(work, f"*:{number}:{how}")
        assert not scene.lost(), f"step {number}"
        yield number
        if not going_on:
            break
        number += 1
    assert number > 10


@pytest.mark.parametrize("how", [BEFORE, AFTER])
def test_a_run_that_stops_at_any_step_can_be_undone(scene: Stage, how: str) -> None:
    """Whatever step a run dies at, nothing is lost and undo brings back the very tree."""
    for number in at_every_step(scene, how, list, scene.organize):
        records = scene.desk.state.records()
        if records and records[0].state != "planning":
            scene.desk.undo()

        assert scene.before == scene.snapshot(), f"step {number}"


def test_a_run_that_stops_at_any_step_can_be_finished(scene: Stage) -> None:
    """Recover ends where the run would have ended, and undo still brings back the very tree."""
    scene.reset().organize()
    organized = {_without_run(path) for path in scene.snapshot()}
    for number in at_every_step(scene, AFTER, list, scene.organize):
        scene.desk.recover()
        scene.organize()
        found = {_without_run(path) for path in scene.snapshot()}
        assert organized == found, f"step {number}"

        scene.take_all_back()
        assert scene.before == scene.snapshot(), f"step {number}"


@pytest.mark.parametrize("how", [BEFORE, AFTER])
def test_an_undo_that_stops_at_any_step_can_be_done_again(scene: Stage, how: str) -> None:
    """Whatever step an undo dies at, a second undo brings back the very tree."""
    for number in at_every_step(scene, how, scene.organize, lambda: scene.desk.undo(scene.run())):
        scene.desk.recover()
        scene.desk.undo(scene.run())

        assert scene.before == scene.snapshot(), f"step {number}"


def test_a_redo_that_stops_at_any_step_can_be_taken_back(scene: Stage) -> None:
    """Whatever step a redo dies at, nothing is lost and undo brings back the very tree."""

    def undone() -> None:
        scene.organize()
        scene.desk.undo()

    for number in at_every_step(scene, AFTER, undone, lambda: scene.desk.redo(scene.run())):
        scene.take_all_back()

        assert scene.before == scene.snapshot(), f"step {number}"


@pytest.mark.parametrize("mode", ["units", "units across", "units copied"])
def test_a_unit_is_never_left_in_two_places(tmp_path: Path, mode: str) -> None:
    """Whatever step a run dies at, a look at it is enough to have each unit in one place again."""
    with stage(tmp_path, mode) as scene:
        for number in at_every_step(scene, AFTER, list, scene.organize):
            for run in interrupted_runs(scene.desk.state):
                recover(RecoverRequest(run, scene.desk.state, only_settle=True), Silent())
            paths = scene.snapshot()
            places = {
                content: {
                    path.rpartition(b"/")[0] for path, facts in paths.items() if content in facts
                }
                for content in (b"raw", b"developed", b"settings", b"page", b"style")
            }
            assert places[b"raw"] == places[b"developed"] == places[b"settings"], f"step {number}"
            below = {place.removesuffix(b"/page_files") for place in places[b"style"]}
            assert places[b"page"] == below, f"step {number}"
            scene.take_all_back()
            assert scene.before == scene.snapshot(), f"step {number}"


def test_crashes_may_follow_one_another(scene: Stage) -> None:
    """A run dies, its recovery dies, its undo dies: nothing is lost and the last undo is exact."""
    for number in range(2, 40, 3):
        for second in range(1, 12, 3):
            scene.reset()
            if not crashed(scene.organize, f"*:{number}:{AFTER}"):
                return
            crashed(scene.desk.recover, f"*:{second}:{BEFORE}")
            assert not scene.lost()
            records = scene.desk.state.records()
            if not records or records[0].state == "planning":
                continue
            crashed(scene.desk.undo, f"*:{second + 3}:{AFTER}")
            assert not scene.lost()
            scene.take_all_back()

            assert scene.before == scene.snapshot(), f"steps {number}, {second}"


def _without_run(path: bytes) -> bytes:
    parts = path.split(b"/")
    return b"/".join(
        b"RUN" if part[:2] == b"20" and part.count(b"-") == 2 else part for part in parts
    )
