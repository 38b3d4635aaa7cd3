"""Stopping dead at every step of an act on duplicates, of its undo and of its recovery."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.pipeline.stages import crashed
from tests.pipeline.twins import ACTIONS, Twins

BEFORE, AFTER = "crash-before", "crash-after"


@pytest.fixture(params=ACTIONS)
def scene(tmp_path: Path, request: pytest.FixtureRequest) -> Twins:
    """Return a scene for each action."""
    return Twins(tmp_path, request.param)


def at_every_step(
    scene: Twins, how: str, first: Callable[[], object], work: Callable[[], object]
) -> Iterator[int]:
    """Do *first* on a fresh scene and let *work* die at its n-th step, for each n there is."""
    number = 1
    while True:
        scene.reset()
        first()
        going_on = crashed(work, f"*:{number}:{how}")
        assert not scene.lost(), f"step {number}"
        yield number
        if not going_on:
            break
        number += 1
    assert number > 5


@pytest.mark.parametrize("how", [BEFORE, AFTER])
def test_an_act_that_stops_at_any_step_can_be_undone(scene: Twins, how: str) -> None:
    """Whatever step an act dies at, nothing is lost and undo brings back the very tree."""
    for number in at_every_step(scene, how, list, scene.act):
        scene.undo()

        assert scene.before == scene.desk.snapshot(), f"step {number}"


def test_an_act_that_stops_at_any_step_can_be_finished(scene: Twins) -> None:
    """Recover and another run end where the first one would have, and undo is still exact."""
    scene.reset()
    scene.act()
    wanted = scene.places()
    for number in at_every_step(scene, AFTER, list, scene.act):
        scene.desk.recover()
        scene.act()
        assert scene.places() == wanted, f"step {number}"

        for record in [r for r in scene.desk.state.records() if r.kind == "dedupe" and r.done]:
            scene.desk.undo(record.run)
        assert scene.before == scene.desk.snapshot(), f"step {number}"


@pytest.mark.parametrize("how", [BEFORE, AFTER])
@pytest.mark.parametrize("scene", ACTIONS[:3], indirect=True)
def test_an_undo_that_stops_at_any_step_can_be_done_again(scene: Twins, how: str) -> None:
    """Whatever step an undo dies at, a second undo brings back the very tree."""
    for number in at_every_step(scene, how, scene.act, lambda: scene.desk.undo(scene.run())):
        scene.desk.recover()
        scene.desk.undo(scene.run())

        assert scene.before == scene.desk.snapshot(), f"step {number}"


@pytest.mark.parametrize("scene", ACTIONS[:3], indirect=True)
def test_a_redo_that_stops_at_any_step_can_be_taken_back(scene: Twins) -> None:
    """Whatever step a redo dies at, nothing is lost and undo brings back the very tree."""

    def undone() -> None:
        scene.act()
        scene.desk.undo()

    for number in at_every_step(scene, AFTER, undone, lambda: scene.desk.redo(scene.run())):
        scene.desk.recover()
        for record in [r for r in scene.desk.state.records() if r.kind == "redo" and r.done]:
            scene.desk.undo(record.run)

        assert scene.before == scene.desk.snapshot(), f"step {number}"


@pytest.mark.parametrize("scene", ACTIONS[:3], indirect=True)
def test_crashes_may_follow_one_another(scene: Twins) -> None:
    """An act dies, its recovery dies, its undo dies: nothing is lost and the last undo is exact."""
    for number in range(2, 60, 3):
        for second in range(1, 12, 3):
            scene.reset()
            if not crashed(scene.act, f"*:{number}:{AFTER}"):
                return
            crashed(scene.desk.recover, f"*:{second}:{BEFORE}")
            assert not scene.lost()
            records = scene.desk.state.records()
            if not records or records[0].state == "planning":
                continue
            crashed(scene.undo, f"*:{second + 3}:{AFTER}")
            assert not scene.lost()
            scene.desk.recover()
            scene.desk.undo(scene.run())

            assert scene.before == scene.desk.snapshot(), f"steps {number}, {second}"
