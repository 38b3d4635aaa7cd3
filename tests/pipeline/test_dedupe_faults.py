"""Every call of an act on duplicates, its undo and its redo fails once, in every way."""

from pathlib import Path

import pytest

from fileorg.model.summary import RunSummary
from tests.pipeline.failing import failing
from tests.pipeline.twins import ACTIONS, Twins


@pytest.fixture(params=ACTIONS)
def scene(tmp_path: Path, request: pytest.FixtureRequest) -> Twins:
    """Return a scene for each action."""
    return Twins(tmp_path, request.param)


def test_an_act_survives_any_one_fault(scene: Twins) -> None:
    """Whichever call of an act fails, nothing is lost, the sums add up, and undo is exact."""
    scene.reset()
    scene.act()
    wanted = scene.places()
    for script, summary in failing(scene, list, scene.act):
        if summary is not None:
            assert summary.planned == summary.done + summary.failed + summary.pending, script
            assert all(failure.reason for failure in summary.failures), script
            if not summary.failed and not script.endswith(":lie"):
                assert scene.places() == wanted, script
        assert_taken_back(scene, script)


@pytest.mark.parametrize("scene", ACTIONS[:3], indirect=True)
def test_an_undo_survives_any_one_fault(scene: Twins) -> None:
    """Whichever call of an undo fails, nothing is lost and the next undo is exact."""

    def work() -> RunSummary:
        return scene.desk.undo(scene.run())

    for script, _ in failing(scene, scene.act, work):
        assert_taken_back(scene, script)


@pytest.mark.parametrize("scene", ACTIONS[:3], indirect=True)
def test_a_redo_survives_any_one_fault(scene: Twins) -> None:
    """Whichever call of a redo fails, nothing is lost and undo is exact."""

    def undone() -> None:
        scene.act()
        scene.desk.undo()

    for script, _ in failing(scene, undone, lambda: scene.desk.redo(scene.run())):
        assert_taken_back(scene, script)


def assert_taken_back(scene: Twins, script: str) -> None:
    """Nothing is lost by taking all back, and but for a disk that lied it is exact."""
    scene.take_all_back()
    assert not scene.lost(), script
    if not script.endswith(":lie"):
        assert scene.before == scene.desk.snapshot(), script
