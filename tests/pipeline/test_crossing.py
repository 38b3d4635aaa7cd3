"""From a folder into a bucket and back, and from bucket to bucket: nothing is lost on the way."""

from pathlib import Path

import pytest

from tests.pipeline.between import Crossing
from tests.pipeline.bucket import at_every_step
from tests.pipeline.failing import WAYS, failing
from tests.pipeline.test_bucket_faults import LEFT_OUT
from tests.trees import File, make_tree

AFTER = "crash-after"
PROVEN = WAYS | {"copy": ("EIO", "ENOSPC", "lost")}
"""What goes over is proven before it is told of."""


@pytest.fixture(params=[
    "up", "up copied", "down", "down copied", "across", "across copied", "beside", "beside copied",
])  # fmt: skip
def scene(tmp_path: Path, request: pytest.FixtureRequest) -> Crossing:
    """Return a stage for each way."""
    return Crossing(tmp_path, request.param)


def test_files_go_over_and_come_back(scene: Crossing) -> None:
    """A run takes each file over with its time, a second does nothing, and undo is exact."""
    with scene.at_work():
        run = scene.organize()
        assert run.done > 1
        assert not run.failures
        assert not scene.lost()
        organized = scene.all()
        assert not scene.organize().done
        assert organized == scene.all()

        undone = scene.desk.undo()
        assert not undone.failures
        assert scene.before == scene.all()
        scene.desk.redo()
        assert organized[1].keys() == scene.all()[1].keys()
        scene.desk.undo()
    assert scene.before == scene.all()


def test_a_run_that_stops_at_any_step_can_be_finished(scene: Crossing) -> None:
    """Recover ends where the run would have ended, and undo still is exact."""
    with scene.at_work():
        scene.organize()
    organized = scene.all()[1].keys()
    for number in at_every_step(scene, AFTER, list, scene.organize):
        with scene.at_work():
            scene.desk.recover()
            scene.organize()
        assert organized == scene.all()[1].keys(), f"step {number}"
        scene.take_all_back()
        assert scene.before == scene.all(), f"step {number}"


def test_an_undo_that_stops_at_any_step_can_be_done_again(scene: Crossing) -> None:
    """Whatever step an undo dies at, a second undo is exact."""
    for number in at_every_step(scene, AFTER, scene.organize, lambda: scene.desk.undo(scene.run())):
        with scene.at_work():
            scene.desk.recover()
            scene.desk.undo(scene.run())
        assert scene.before == scene.all(), f"step {number}"


def test_a_run_survives_any_one_fault(scene: Crossing) -> None:
    """Whichever call of a run fails, nothing is lost, and undo is exact."""
    for script, _ in failing(scene, list, scene.organize, but=LEFT_OUT, ways=PROVEN):
        scene.take_all_back()
        assert not scene.lost(), script
        if not script.endswith(":lie"):
            assert scene.before == scene.all(), script


def test_times_go_along(tmp_path: Path) -> None:
    """The time of a file is the `mtime` of its object, to the nanosecond, and the other way."""
    scene = Crossing(tmp_path, "up")
    with scene.at_work():
        scene.organize()
    stored = scene.desk.bucket.objects[b"shared/files/Images/b.jpg"]
    assert stored.metadata == {"mtime": "1500000000.25"}
    scene = Crossing(tmp_path, "down")
    with scene.at_work():
        scene.organize()
    assert (scene.desk.root / "Images" / "x.jpg").stat().st_mtime_ns == 1_600_000_000_500_000_000


def test_a_name_that_is_no_key_stays(tmp_path: Path) -> None:
    """Keys are UTF-8: a file of another name stays in its folder, and is told of."""
    scene = Crossing(tmp_path, "up")
    make_tree(scene.desk.root, {b"\xff.jpg": File(b"odd", 1e9)})
    with scene.at_work():
        summary = scene.organize()
    assert summary.failed == 1
    assert b"odd" not in scene.desk.contents()


def test_a_long_key_becomes_a_name(tmp_path: Path) -> None:
    """What a folder can't call so gets a shorter name, and its own again by undo."""
    scene = Crossing(tmp_path, "down")
    scene.desk.put(b"z" * 600 + b".jpg", b"long", mtime="1")
    before = scene.all()
    with scene.at_work():
        assert not scene.organize().failures
        (name,) = [path.name for path in (scene.desk.root / "Images").glob("z*")]
        assert len(name) == 255
        scene.desk.undo()
    assert before == scene.all()
