"""Every call of a run, its undo, redo and recovery fails once, in every way: nothing is lost.

Each test raises the number of the call until a run comes to its end untouched.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fileorg.errors import StorageUnavailableError
from fileorg.model.reason import Reason
from fileorg.model.summary import RunSummary
from tests.pipeline.failing import failing, told
from tests.pipeline.faults import Faults, at_work
from tests.pipeline.stages import MODES, Stage, crashed, stage

QUICK, LONG = (7, 12), tuple(step for step in range(4, 30) if step not in {7, 12})
"""The steps at which a run is killed whose recovery is tested."""


@pytest.fixture(params=MODES)
def scene(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Stage]:
    """Return a stage for each way to organize."""
    with stage(tmp_path, request.param) as made:
        yield made


def test_a_run_survives_any_one_fault(scene: Stage) -> None:
    """Whichever call of a run fails, nothing is lost, the sums add up, and undo is exact."""
    organized = organized_names(scene)
    for script, summary in failing(scene, list, scene.organize):
        if summary is not None:
            assert_adds_up(scene, script, summary, organized)
        assert_taken_back(scene, script)


def test_an_undo_survives_any_one_fault(scene: Stage) -> None:
    """Whichever call of an undo fails, nothing is lost and the next undo is exact."""
    for script, _ in failing(scene, scene.organize, lambda: scene.desk.undo(scene.run())):
        assert_taken_back(scene, script)


def test_a_redo_survives_any_one_fault(scene: Stage) -> None:
    """Whichever call of a redo fails, nothing is lost and undo is exact."""

    def undone() -> None:
        scene.organize()
        scene.desk.undo()

    for script, _ in failing(scene, undone, lambda: scene.desk.redo(scene.run())):
        assert_taken_back(scene, script)


@pytest.mark.parametrize(
    "step", [*QUICK, *(pytest.param(step, marks=pytest.mark.long) for step in LONG)]
)
def test_a_recovery_survives_any_one_fault(scene: Stage, step: int) -> None:
    """Whichever call of a recovery fails, nothing is lost and undo is exact."""

    def interrupted() -> None:
        crashed(scene.organize, f"*:{step}:crash-after")  # a short run has ended before

    def work() -> RunSummary | None:
        return (scene.desk.recover() or [None])[0]

    for script, _ in failing(scene, interrupted, work):
        assert_taken_back(scene, script)


@pytest.mark.parametrize("script", ["remove:2:lost", "copy:2:cut", "copy:2:lie", "sync:1:EIO"])
def test_a_file_on_its_way_to_another_device_has_always_a_home(tmp_path: Path, script: str) -> None:
    """No original goes before its copy is proven, and no copy whose original has gone."""
    with stage(tmp_path, "across") as scene, at_work(Faults(script)) as faults:
        told(scene.reset().organize, script)

        assert faults.struck
        assert not scene.lost()


@pytest.mark.parametrize("verb", ["rename_each", "advance", "sync"])
def test_a_run_on_a_dead_disk_can_be_killed_and_taken_back(tmp_path: Path, verb: str) -> None:
    """A call that never returns keeps others out, and once the run is killed all can be undone."""
    with stage(tmp_path, "rename") as scene:
        scene.reset()
        assert crashed(scene.organize, f"{verb}:1:hang")
        assert not scene.lost()
        assert_taken_back(scene, verb)


def test_a_commit_that_fails_is_the_last(tmp_path: Path) -> None:
    """After a failed write to the journal not one file is moved any more."""
    with stage(tmp_path, "rename") as scene:
        scene.reset()
        with at_work(Faults("advance:1:EIO")) as faults, pytest.raises(StorageUnavailableError):
            scene.organize()

        assert not faults.calls["rename_each"]
        assert scene.before == scene.snapshot()


def assert_taken_back(scene: Stage, script: str) -> None:
    """Nothing is lost by taking all back, and but for a disk that lied it is exact."""
    scene.take_all_back()
    assert not scene.lost(), script
    if not script.endswith(":lie"):
        assert scene.before == scene.snapshot(), script


def assert_adds_up(scene: Stage, script: str, summary: RunSummary, organized: set[bytes]) -> None:
    """What was planned was done, skipped or failed, each with its reason; 0 only if all is done."""
    stays = [left.count for left in summary.left_alone if left.reason == Reason.UNIT]
    ended = summary.done + summary.failed + summary.pending + sum(stays)
    assert summary.planned == ended, script
    assert len(summary.failures) == summary.failed, script
    assert all(failure.reason for failure in summary.failures), script
    if not summary.failed and not script.endswith(":lie"):
        assert organized == names(scene), script


def organized_names(scene: Stage) -> set[bytes]:
    """Return the names of all there is after a run that nothing disturbs."""
    scene.reset().organize()
    return names(scene)


def names(scene: Stage) -> set[bytes]:
    """Return the names of all there is, without the run's own."""
    return {path for path in scene.snapshot() if b"/quarantine/" not in path}
