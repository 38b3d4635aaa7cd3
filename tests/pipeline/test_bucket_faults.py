"""A run over a bucket fails or stops at every call there is: nothing is lost, and undo is exact.

There is no rename: a file that moves is copied, and then removed.
"""

from pathlib import Path

import pytest

from fileorg.model.reason import Reason
from fileorg.model.summary import RunSummary
from tests.pipeline.bucket import MODES, BucketStage, at_every_step
from tests.pipeline.failing import failing

LEFT_OUT = frozenset({"*", "capabilities", "refresh", "sync", "read"})
"""Verbs that ask no server; and a file that can't be read for its kind has another one."""

BEFORE, AFTER = "crash-before", "crash-after"


@pytest.fixture(
    params=[
        pytest.param(mode, marks=pytest.mark.long if mode in {"whole", "month"} else ())
        for mode in MODES
    ]
)
def scene(tmp_path: Path, request: pytest.FixtureRequest) -> BucketStage:
    """Return a stage for each way to organize."""
    return BucketStage(tmp_path, request.param)


@pytest.mark.parametrize("how", [BEFORE, AFTER])
def test_a_run_that_stops_at_any_step_can_be_undone(scene: BucketStage, how: str) -> None:
    """Whatever step a run dies at, nothing is lost and undo gives each object back as it was."""
    for number in at_every_step(scene, how, list, scene.organize):
        records = scene.desk.state.records()
        if records and records[0].state != "planning":
            with scene.at_work():
                scene.desk.undo()

        assert scene.before == scene.desk.objects(), f"step {number}"


def test_a_run_that_stops_at_any_step_can_be_finished(scene: BucketStage) -> None:
    """Recover ends where the run would have ended, and undo still is exact."""
    with scene.at_work():
        scene.organize()
    organized = names(scene)
    for number in at_every_step(scene, AFTER, list, scene.organize):
        with scene.at_work():
            scene.desk.recover()
            scene.organize()
        assert organized == names(scene), f"step {number}"

        scene.take_all_back()
        assert scene.before == scene.desk.objects(), f"step {number}"


@pytest.mark.parametrize("how", [BEFORE, AFTER])
def test_an_undo_that_stops_at_any_step_can_be_done_again(scene: BucketStage, how: str) -> None:
    """Whatever step an undo dies at, a second undo gives each object back as it was."""
    for number in at_every_step(scene, how, scene.organize, lambda: scene.desk.undo(scene.run())):
        with scene.at_work():
            scene.desk.recover()
            scene.desk.undo(scene.run())

        assert scene.before == scene.desk.objects(), f"step {number}"


@pytest.mark.parametrize("how", [BEFORE, AFTER])
def test_an_undo_of_left_copies_may_stop_at_any_step(scene: BucketStage, how: str) -> None:
    """Where nothing could be deleted, the undo that removes the copies may die at any step."""

    def first() -> None:
        with scene.at_work("remove_each:1+:EACCES remove:1+:EACCES"):
            scene.organize()

    for number in at_every_step(scene, how, first, lambda: scene.desk.undo(scene.run())):
        scene.take_all_back()

        assert scene.before == scene.desk.objects(), f"step {number}"


def test_a_redo_that_stops_at_any_step_can_be_taken_back(scene: BucketStage) -> None:
    """Whatever step a redo dies at, nothing is lost and undo is exact."""

    def undone() -> None:
        scene.organize()
        scene.desk.undo()

    for number in at_every_step(scene, AFTER, undone, lambda: scene.desk.redo(scene.run())):
        scene.take_all_back()

        assert scene.before == scene.desk.objects(), f"step {number}"


def test_a_run_survives_any_one_fault(scene: BucketStage) -> None:
    """Whichever call of a run fails, nothing is lost, the sums add up, and undo is exact."""
    with scene.at_work():
        scene.organize()
    organized = names(scene)
    for script, summary in failing(scene, list, scene.organize, but=LEFT_OUT):
        if summary is not None:
            assert_adds_up(scene, script, summary, organized)
        assert_taken_back(scene, script)


def test_an_undo_survives_any_one_fault(scene: BucketStage) -> None:
    """Whichever call of an undo fails, nothing is lost and the next undo is exact."""

    def first() -> None:
        with scene.at_work():
            scene.organize()

    for script, _ in failing(scene, first, lambda: scene.desk.undo(scene.run()), but=LEFT_OUT):
        assert_taken_back(scene, script)


@pytest.mark.parametrize("step", [7, 12, pytest.param(19, marks=pytest.mark.long)])
def test_a_recovery_survives_any_one_fault(scene: BucketStage, step: int) -> None:
    """Whichever call of a recovery fails, nothing is lost and undo is exact."""

    def interrupted() -> None:
        scene.crashed(scene.organize, f"*:{step}:{AFTER}")

    def work() -> RunSummary | None:
        return (scene.desk.recover() or [None])[0]

    for script, _ in failing(scene, interrupted, work, but=LEFT_OUT):
        assert_taken_back(scene, script)


def assert_taken_back(scene: BucketStage, script: str) -> None:
    """Nothing is lost by taking all back, and but for a server that lied it is exact."""
    scene.take_all_back()
    assert not scene.lost(), script
    if not script.endswith(":lie"):
        assert scene.before == scene.desk.objects(), script


def assert_adds_up(
    scene: BucketStage, script: str, summary: RunSummary, organized: set[bytes]
) -> None:
    """What was planned was done, skipped or failed, each with its reason; 0 only if all is done."""
    stays = [left.count for left in summary.left_alone if left.reason == Reason.UNIT]
    ended = summary.done + summary.failed + summary.pending + sum(stays)
    assert summary.planned == ended, script
    assert len(summary.failures) == summary.failed, script
    assert all(failure.reason for failure in summary.failures), script
    is_blind = script.startswith("stat") and scene.mode == "replace"  # what it replaces, it numbers
    if not summary.failed and not script.endswith(":lie") and not is_blind:
        assert organized == names(scene), script


def names(scene: BucketStage) -> set[bytes]:
    """Return the keys below the prefix, without the run's own."""
    return {key for key in scene.desk.paths() if b"/quarantine/" not in key}
